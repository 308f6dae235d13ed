// Sessions on their way to partners, all of them played by one cheap server on loopback.

#include "bench/run/scenarios.hpp"

#include "bench/load/process_sample.hpp"
#include "bench/run/push_partner.hpp"

#include <string>
#include <utility>

namespace ocpi::bench {
namespace {

std::vector<measurement> measure_push(bench_context& context, const build& of, int partners)
{
    auto receiver = context.start_tool("partner_server", {});
    auto server = context.start(of, data_set::empty);
    const std::vector<std::string> addressed{"--count", std::to_string(context.sizes().few),
                                             "--partners", std::to_string(partners)};
    context.load(server, "fill", addressed);
    for (int i = 0; i < partners; ++i) {
        register_partner(context, of, "sqlite:" + server.database, server.address, receiver, i);
    }
    // The partners refuse until all have registered. The pauses that they have caused end with the
    // process.
    const auto database = server.database;
    server.process.terminate();
    ask_partners(receiver, "/open");
    server = context.start(of, database);
    const auto first = await_sessions(receiver, context.sizes().few);
    const auto after = sample_process(server.process.id());

    measurement sync;
    sync.value = number_in(first, "seconds_since_reset");
    measurement rate;
    const auto messages = number_in(first, "messages");
    rate.value = messages / number_in(first, "seconds");
    rate.cpu_us = after.cpu_seconds * 1e6 / messages;
    rate.faults = static_cast<double>(after.minor_faults) / messages;
    rate.resident_mib = after.resident_mib;

    await_silence(receiver);
    ask_partners(receiver, "/reset");
    auto paced = addressed;
    paced.insert(paced.end(), {"--rate", "500"});
    context.load(server, "patch_append", paced);
    const auto lags = await_silence(receiver);
    measurement half;
    half.value = number_in(lags, "lag_p50_ms");
    measurement lag;
    lag.value = number_in(lags, "lag_p99_ms");

    ask_partners(receiver, "/reset");
    measurement flood = rate_measured(context.load(server, "patch_append", addressed));
    const auto flooded = ask_partners(receiver, "/report");
    flood.value = number_in(flooded, "messages") / number_in(flooded, "seconds");
    flood.p99_ms = number_in(flooded, "lag_p99_ms");
    server.process.terminate();
    return {sync, rate, half, lag, flood};
}

scenario make_push(int partners)
{
    const auto to = partners == 1 ? std::string("push to a partner, ")
                                  : "push to " + std::to_string(partners) + " partners, ";
    scenario made;
    made.name = "push_" + std::to_string(partners);
    made.about = to + "of 10,000 sessions";
    made.max_rounds = 3;
    made.rows = {
        {to + "first sync of all sessions, start included", "s", {goal_kind::at_most, 5}, ""},
        {to + "messages in the first sync", "/s", {goal_kind::at_least, 5000}, ""},
        {to + "lag at 500 PATCH/s, half of them", "ms", {}, ""},
        {to + "lag at 500 PATCH/s, 99 %", "ms", {goal_kind::at_most, 100}, ""},
        {to + "messages while PATCHed at full speed", "/s", {}, ""},
    };
    made.measure = [partners](bench_context& context, const build& of) {
        return measure_push(context, of, partners);
    };
    return made;
}

}  // namespace

void add_push_scenarios(std::vector<scenario>& to)
{
    to.push_back(make_push(1));
    to.push_back(make_push(10));
}

}  // namespace ocpi::bench
