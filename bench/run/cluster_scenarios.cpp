// Several processes on one PostgreSQL, beside SQLite and beside bare upserts.

#include "bench/run/cluster_stage.hpp"
#include "bench/run/process_group.hpp"
#include "bench/run/push_partner.hpp"
#include "bench/run/scenarios.hpp"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <stdexcept>
#include <string>
#include <utility>

namespace ocpi::bench {
namespace {

namespace fs = std::filesystem;
using words = std::vector<std::string>;

constexpr int push_rate = 500;
constexpr const char* batch = "128";

measurement valued(double value)
{
    measurement made;
    made.value = value;
    return made;
}

/// The lag of the push of one partner, half of it and 99 %.
std::vector<measurement> measure_push(bench_context& context, const build& of, process_group& group,
                                      const words& addressed, std::uint32_t sessions)
{
    auto partners = context.start_tool("partner_server", {});
    ask_partners(partners, "/open");
    register_partner(context, of, group.url(), group.first().address, partners, 0);
    await_sessions(partners, sessions);
    await_silence(partners);
    ask_partners(partners, "/reset");
    group.load("patch_append", addressed, push_rate);
    const auto report = await_silence(partners);
    run_program({context.executable(of), "partner", "remove", "partner-0", "--force", "--config",
                 context.config_file(), "--database", group.url(), "--public-url",
                 "http://" + group.first().address});
    return {valued(number_in(report, "lag_p50_ms")), valued(number_in(report, "lag_p99_ms"))};
}

/// From a write at the first process to its event at the last one, and at the others.
std::vector<measurement> measure_events(bench_context& context, const process_group& group)
{
    words arguments{std::to_string(context.sizes().seconds)};
    const auto addresses = group.addresses();
    arguments.push_back(addresses.front());
    arguments.insert(arguments.end(), addresses.rbegin(), addresses.rend());
    const auto line = context.run_tool("event_lag", arguments);
    return {valued(number_in(line, "p50_ms")), valued(number_in(line, "p99_ms"))};
}

std::vector<measurement> measure_group(bench_context& context, const build& of,
                                       process_group& group, store_size size)
{
    const auto sessions = loaded_of(context, size);
    const words addressed{"--count", std::to_string(sessions), "--partners", "1"};
    std::vector<measurement> all;
    all.push_back(group.load("put_existing", addressed));
    all.push_back(group.load("get_one", addressed));
    for (auto& each : measure_push(context, of, group, addressed, sessions)) all.push_back(each);
    for (auto& each : measure_events(context, group)) all.push_back(each);
    return all;
}

void add_rows(scenario& to, const std::string& title, bool has_yardsticks)
{
    const goal none;
    const auto put = has_yardsticks ? goal{goal_kind::ratio_at_least, 0.5} : none;
    to.rows.push_back(
        {title + "PUT, existing session", "/s", put, has_yardsticks ? "libpq loop" : ""});
    to.rows.push_back({title + "GET, one session", "/s", none, has_yardsticks ? "SQLite" : ""});
    to.rows.push_back({title + "push lag at 500 PATCH/s, half", "ms", none, ""});
    to.rows.push_back({title + "push lag at 500 PATCH/s, 99 %", "ms", none, ""});
    to.rows.push_back({title + "event lag, half", "ms", none, ""});
    to.rows.push_back({title + "event lag, 99 %", "ms", {goal_kind::at_most, 300}, ""});
}

std::string title_of(const std::string& store, store_size size)
{
    return store + (size == store_size::few ? ", small store: " : ", large store: ");
}

scenario make_sqlite(const std::shared_ptr<cluster_stage>& on)
{
    scenario made;
    made.name = "cluster_sqlite";
    made.group = "cluster";
    made.about = "one process on SQLite, small and large store";
    made.max_rounds = 3;
    for (const auto size : {store_size::few, store_size::many}) {
        add_rows(made, title_of("SQLite", size), false);
    }
    made.measure = [on](bench_context& context, const build& of) {
        std::vector<measurement> all;
        for (const auto size : {store_size::few, store_size::many}) {
            const auto copy = context.work() / "cluster-run.db";
            const auto data = on->file(context, of, size);
            for (const char* end : {"-wal", "-shm"}) fs::remove(copy.string() + end);
            fs::copy_file(data, copy, fs::copy_options::overwrite_existing);
            process_group group(context, of, "sqlite:" + copy.string(), 1);
            for (auto& each : measure_group(context, of, group, size)) all.push_back(each);
        }
        return all;
    };
    return made;
}

/// As many rows a second as PostgreSQL's own benchmark writes by the same statement.
measurement measure_pgbench(bench_context& context, const postgres_cluster& postgres)
{
    const auto seconds = std::max(1, static_cast<int>(context.sizes().seconds));
    const auto output = run_program({"/usr/bin/pgbench", "--no-vacuum", "--protocol", "prepared",
                                     "--file", context.project() / "bench/yardsticks/upsert.sql",
                                     "--define", std::string("batch=") + batch, "--define",
                                     "bytes=558", "--time", std::to_string(seconds), "--host",
                                     postgres.host(), "--username", "postgres", "yardstick"});
    const std::string sign = "\ntps = ";
    const auto at = output.find(sign);
    if (at == std::string::npos) throw std::runtime_error("pgbench has said: " + output);
    return valued(std::strtod(output.c_str() + at + sign.size(), nullptr) *
                  std::strtod(batch, nullptr));
}

measurement measure_loop(bench_context& context, const postgres_cluster& postgres)
{
    if (!postgres.has_database("yardstick")) postgres.run("CREATE DATABASE yardstick");
    return rate_measured(context.run_tool(
        "yardstick_postgres",
        {postgres.url("yardstick"), "existing", std::to_string(context.sizes().seconds), batch}));
}

measurement measure_sqlite_get(bench_context& context, const build& of, cluster_stage& on,
                               store_size size)
{
    process_group group(context, of, "sqlite:" + on.file(context, of, size).string(), 1);
    return group.load("get_one", {"--count", std::to_string(loaded_of(context, size))});
}

scenario make_yardsticks(const std::shared_ptr<cluster_stage>& on)
{
    scenario made;
    made.name = "cluster_upserts";
    made.group = "cluster";
    made.about = "bare upserts of PostgreSQL, 128 rows in a commit";
    made.max_rounds = 3;
    made.rows = {{"bare upserts, one connection of libpq", "/s", {}, "pgbench"}};
    made.measure = [on](bench_context& context, const build&) {
        return std::vector{measure_loop(context, on->postgres(context))};
    };
    made.measure_yardstick = [on](bench_context& context, const std::vector<measurement>&) {
        return std::vector{std::optional(measure_pgbench(context, on->postgres(context)))};
    };
    return made;
}

scenario make_cluster(const std::shared_ptr<cluster_stage>& on, int processes)
{
    scenario made;
    const auto title =
        processes == 1 ? std::string("1 process") : std::to_string(processes) + " processes";
    made.name = "cluster_" + std::to_string(processes);
    made.group = "cluster";
    made.about = title + " on PostgreSQL, small and large store";
    made.max_rounds = 3;
    for (const auto size : {store_size::few, store_size::many}) {
        add_rows(made, title_of(title, size), true);
    }
    // The build that is measured, for the yardstick of a GET.
    const auto measured = std::make_shared<build>();
    made.measure = [=](bench_context& context, const build& of) {
        *measured = of;
        std::vector<measurement> all;
        for (const auto size : {store_size::few, store_size::many}) {
            process_group group(context, of, on->database(context, of, size), processes);
            for (auto& each : measure_group(context, of, group, size)) all.push_back(each);
        }
        return all;
    };
    made.measure_yardstick = [=](bench_context& context, const std::vector<measurement>&) {
        std::vector<std::optional<measurement>> all;
        for (const auto size : {store_size::few, store_size::many}) {
            all.emplace_back(measure_loop(context, on->postgres(context)));
            all.emplace_back(measure_sqlite_get(context, *measured, *on, size));
            all.resize(all.size() + 4);
        }
        return all;
    };
    return made;
}

}  // namespace

void add_cluster_scenarios(std::vector<scenario>& to)
{
    const auto on = std::make_shared<cluster_stage>();
    to.push_back(make_yardsticks(on));
    to.push_back(make_sqlite(on));
    for (const int processes : {1, 2, 4}) to.push_back(make_cluster(on, processes));
}

}  // namespace ocpi::bench
