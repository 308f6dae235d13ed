// How long a server takes from its start until it listens, and the memory it has then.

#include "bench/run/scenarios.hpp"

#include "bench/load/process_sample.hpp"

#include <chrono>
#include <thread>
#include <utility>

namespace ocpi::bench {
namespace {

std::vector<measurement> measure_start(bench_context& context, const build& of, data_set on)
{
    auto server = context.start(of, on);
    // What is done in background after listening has its memory, too.
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    const auto sample = sample_process(server.process.id());
    server.process.terminate();
    measurement time;
    time.value = server.start_seconds * 1000;
    measurement memory;
    memory.value = sample.resident_mib;
    return {time, memory};
}

scenario make_start(std::string name, const std::string& size, data_set on, goal memory)
{
    scenario made;
    made.name = std::move(name);
    made.about = "start and memory on the " + size + " store";
    made.rows = {{"start, " + size + " store", "ms", {}, ""},
                 {"memory when idle, " + size + " store", "MiB", memory, ""}};
    made.measure = [on](bench_context& context, const build& of) {
        return measure_start(context, of, on);
    };
    return made;
}

}  // namespace

void add_start_scenarios(std::vector<scenario>& to)
{
    to.push_back(make_start("start_few", "small", data_set::few, {goal_kind::at_most, 15}));
    to.push_back(make_start("start_many", "large", data_set::many, {}));
}

}  // namespace ocpi::bench
