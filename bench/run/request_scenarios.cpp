// Requests of one object, under as much load as 64 connections bring.

#include "bench/run/scenarios.hpp"

#include <algorithm>
#include <utility>

namespace ocpi::bench {
namespace {

/// What yardstick_beast's head takes.
constexpr double yardstick_head = 91;

using words = std::vector<std::string>;

std::vector<measurement> measure_load(bench_context& context, const build& of, data_set on,
                                      const std::string& workload, const words& arguments)
{
    auto server = context.start(of, on);
    const auto line = context.load(server, workload, arguments);
    server.process.terminate();
    return {rate_measured(line)};
}

/// The same requests to a bare server that answers as many bytes.
measurement measure_beast(bench_context& context, const std::string& workload,
                          const measurement& ours)
{
    const auto body = std::max(1.0, ours.bytes.value_or(0) - yardstick_head);
    auto server = context.start_tool("yardstick_beast", {std::to_string(static_cast<int>(body))});
    const auto line = context.load(server, workload);
    server.process.terminate();
    return rate_measured(line);
}

measurement measure_sqlite(bench_context& context, const std::string& kind, int periods)
{
    const auto file = context.work() / "yardstick.db";
    for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end);
    return rate_measured(context.run_tool(
        "yardstick_sqlite", {file.string(), kind, std::to_string(context.sizes().seconds), "128",
                             std::to_string(periods)}));
}

scenario make_write(std::string name, std::string title, data_set on, double least,
                    std::string kind, int periods)
{
    scenario made;
    made.name = std::move(name);
    made.about = title;
    made.rows = {{std::move(title), "/s", {goal_kind::ratio_at_least, least}, "SQLite loop"}};
    const auto workload = made.name;
    made.measure = [=](bench_context& context, const build& of) {
        return measure_load(context, of, on, workload, {});
    };
    made.measure_yardstick = [=](bench_context& context, const std::vector<measurement>&) {
        return std::vector{std::optional(measure_sqlite(context, kind, periods))};
    };
    return made;
}

scenario make_read(std::string name, std::string title, goal wanted, words arguments = {})
{
    scenario made;
    made.name = std::move(name);
    made.about = title;
    made.rows = {{std::move(title), "/s", wanted, "Beast"}};
    const auto workload = made.name;
    made.measure = [=](bench_context& context, const build& of) {
        return measure_load(context, of, data_set::loaded, workload, arguments);
    };
    made.measure_yardstick = [=](bench_context& context, const std::vector<measurement>& ours) {
        return std::vector{std::optional(measure_beast(context, workload, ours.front()))};
    };
    return made;
}

}  // namespace

void add_request_scenarios(std::vector<scenario>& to)
{
    to.push_back(make_write("put_new", "PUT, new session", data_set::loaded, 0.6, "new", 1));
    to.push_back(
        make_write("put_existing", "PUT, existing session", data_set::loaded, 0.6, "existing", 1));
    to.push_back(make_write("patch_append", "PATCH, one period more than 20", data_set::periods,
                            0.5, "existing", 20));
    to.push_back(make_read("get_one", "GET, one session", {goal_kind::ratio_at_least, 0.85}));
    to.push_back(
        make_read("status", "GET, status", {goal_kind::ratio_at_least, 0.6}, {"--prefix", "DONE"}));
    to.push_back(make_read("view", "GET, managed view", {goal_kind::ratio_at_least, 0.4},
                           {"--prefix", "DONE"}));
    to.push_back(make_read("list50", "list of 50, of all", {}));
    to.push_back(make_read("crud_mix", "75 GET, 15 PATCH, 5 PUT, 5 lists",
                           {goal_kind::ratio_at_least, 0.5}));
}

}  // namespace ocpi::bench
