// Many connections that have little to do.

#include "bench/run/scenarios.hpp"

#include <sys/resource.h>

#include <algorithm>
#include <string>
#include <utility>

namespace ocpi::bench {
namespace {

/// As many as server and client may open here, each of them: a part of the files is for others.
int possible(int wanted)
{
    rlimit limit{};
    ::getrlimit(RLIMIT_NOFILE, &limit);
    const auto files = static_cast<int>(std::min<rlim_t>(limit.rlim_max, 1'000'000));
    return std::min(wanted, files - files / 20 - 256);
}

std::string run_crowd(bench_context& context, const build& of, const std::string& kind)
{
    auto server = context.start(of, data_set::empty);
    const auto line =
        context.run_tool("crowd_client", {kind, server.address, std::to_string(server.process.id()),
                                          std::to_string(possible(context.sizes().crowd))});
    server.process.terminate();
    return line;
}

measurement measured(const std::string& line, std::string_view name)
{
    measurement of;
    of.value = number_in(line, name);
    of.resident_mib = number_in(line, "server_resident_mib");
    return of;
}

}  // namespace

void add_crowd_scenarios(std::vector<scenario>& to)
{
    scenario streams;
    streams.name = "streams";
    streams.about = "20,000 event streams, or as many as this machine may open";
    streams.max_rounds = 3;
    streams.rows = {
        {"event streams, memory of each", "KiB", {goal_kind::at_most, 8}, ""},
        {"event streams, until all have a change", "ms", {goal_kind::at_most, 1000}, ""},
        {"event streams, how many", "", {}, ""},
    };
    streams.measure = [](bench_context& context, const build& of) {
        const auto line = run_crowd(context, of, "events");
        return std::vector{measured(line, "kib_each"), measured(line, "max_ms"),
                           measured(line, "connections")};
    };
    to.push_back(std::move(streams));

    scenario idle;
    idle.name = "idle";
    idle.about = "20,000 idle connections, or as many as this machine may open";
    idle.max_rounds = 3;
    idle.rows = {
        {"idle connections, memory of each", "KiB", {goal_kind::at_most, 8}, ""},
        {"idle connections, how many", "", {}, ""},
    };
    idle.measure = [](bench_context& context, const build& of) {
        const auto line = run_crowd(context, of, "idle");
        return std::vector{measured(line, "kib_each"), measured(line, "connections")};
    };
    to.push_back(std::move(idle));
}

}  // namespace ocpi::bench
