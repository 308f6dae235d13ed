// What it takes to tell a driver how a session stands.

#include "crud/crud.hpp"
#include "modules/managed/managed_session.hpp"
#include "modules/managed/progress.hpp"
#include "modules/managed/view.hpp"
#include "modules/sessions/session_snapshot.hpp"
#include "modules/status/status_view.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <string>

namespace ocpi::bench {
namespace {

using namespace managed;

const date_time plugged_in = parse_date_time("2026-03-02T18:00:00Z")->value;

/// Every half minute.
date_time sampled_at(int index)
{
    return date_time(plugged_in.instant() + std::chrono::seconds(30 * index));
}

/// A session with that many meter values, each with a register; every tenth has a level, too.
std::string metered_session(int samples)
{
    std::string list;
    for (int i = 0; i < samples; ++i) {
        if (i > 0) list += ',';
        list += R"({"timestamp":")" + to_string(sampled_at(i)) +
                R"(","sampled_value":[{"value":")" + std::to_string(100'000 + 15 * i) +
                R"(","context":"Sample.Periodic","measurand":"Energy.Active.Import.Register",)"
                R"("unit":"Wh"})";
        if (i % 10 == 0) {
            list += R"(,{"value":")" + std::to_string(20 + i / 50) +
                    R"(","measurand":"SoC","unit":"Percent"})";
        }
        list += "]}";
    }
    const auto kwh = std::to_string(0.015 * (samples - 1));
    return R"({"country_code":"ES","party_id":"ABC","id":"S","currency":"EUR",)"
           R"("start_date_time":")" +
           to_string(plugged_in) + R"(","kwh":)" + kwh +
           R"(,"status":"ACTIVE","location_id":"L","evse_uid":"E","connector_id":"1",)"
           R"("last_updated":")" +
           to_string(sampled_at(samples - 1)) + R"(","meter_value":[)" + list + "]}";
}

crud::record record_of(int samples)
{
    crud::record record;
    record.document = crud::document(crud::object_key("ES", "ABC", "S"), metered_session(samples),
                                     date_time(), {});
    record.revision = 1;
    return record;
}

managed_session managed_by_policy()
{
    managed_session session;
    session.rule.id = "f47ac10b-58cc-4372-a567-0e02b2c3d479";
    session.rule.vehicle.battery_capacity_kwh = *decimal::parse("74");
    session.rule.vehicle.max_power_kw = *decimal::parse("7.4");
    session.rule.battery_reserve = *decimal::parse("30");
    schedule_entry daily;
    daily.weekdays.fill(true);
    daily.ready_by = std::chrono::hours(17);
    daily.minimum_charge_target = *decimal::parse("90");
    session.rule.schedule.push_back(daily);
    session.targets.push_back({1, plugged_in, {}});
    return session;
}

/// Reading what is stored: JSON, fields, meter values.
void look_at_session(benchmark::State& state)
{
    const auto record = record_of(static_cast<int>(state.range(0)));
    for (auto _ : state) {
        auto looked = sessions::read_snapshot(record);
        benchmark::DoNotOptimize(looked);
    }
    state.SetBytesProcessed(state.iterations() *
                            static_cast<std::int64_t>(record.document.json.size()));
}
BENCHMARK(look_at_session)->Arg(20)->Arg(2000)->Unit(benchmark::kMicrosecond);

/// The managed view of what was read: energy, level, blocks, statistics, outcome, error.
void write_view(benchmark::State& state)
{
    const auto samples = static_cast<int>(state.range(0));
    const auto looked = sessions::read_snapshot(record_of(samples)).value();
    auto session = managed_by_policy();
    const auto now = sampled_at(samples);
    replan(session, looked.seen, flat_prices(), now);
    for (auto _ : state) {
        auto view = write_managed("id", session, looked.seen, now);
        benchmark::DoNotOptimize(view);
    }
}
BENCHMARK(write_view)->Arg(20)->Arg(2000)->Unit(benchmark::kMicrosecond);

/// A plan made anew, after a change of the session.
void replan_session(benchmark::State& state)
{
    const auto samples = static_cast<int>(state.range(0));
    const auto looked = sessions::read_snapshot(record_of(samples)).value();
    auto session = managed_by_policy();
    const auto now = sampled_at(samples);
    const price_curve by_hour = [](date_time slot) {
        return rational(slot.milliseconds() / 3'600'000 % 5);
    };
    for (auto _ : state) replan(session, looked.seen, by_hour, now);
}
BENCHMARK(replan_session)->Arg(20)->Arg(2000)->Unit(benchmark::kMicrosecond);

/// The status of what was read, without its cost.
void write_status(benchmark::State& state)
{
    const auto samples = static_cast<int>(state.range(0));
    const auto looked = sessions::read_snapshot(record_of(samples)).value();
    for (auto _ : state) {
        auto view =
            status::write_json(status::make_status_view(looked.seen, sampled_at(samples), {}, {}));
        benchmark::DoNotOptimize(view);
    }
}
BENCHMARK(write_status)->Arg(2000)->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace ocpi::bench
