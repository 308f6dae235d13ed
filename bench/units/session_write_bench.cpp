// What it takes to read a PUT or PATCH and to decide what is stored.

#include "crud/object_key.hpp"
#include "modules/sessions/codec.hpp"
#include "modules/sessions/decision.hpp"
#include "ocpi/json/document.hpp"

#include <benchmark/benchmark.h>

#include <chrono>
#include <cstdint>
#include <string>

namespace ocpi::bench {
namespace {

using namespace sessions;

const crud::object_key key("BE", "BEC", "S1");
const date_time begin = parse_date_time("2026-01-01T10:00:00Z")->value;

std::string period_at(int index)
{
    return R"({"start_date_time":")" +
           to_string(date_time(begin.instant() + std::chrono::minutes(5 * index))) +
           R"(","dimensions":[{"type":"ENERGY","volume":1.250},{"type":"TIME","volume":0.083}]})";
}

/// A session under way with that many charging periods.
std::string session_with(int periods, const std::string& kwh, int minute)
{
    std::string list;
    for (int i = 0; i < periods; ++i) list += (i > 0 ? "," : "") + period_at(i);
    return R"({"country_code":"BE","party_id":"BEC","id":"S1","start_date_time":")" +
           to_string(begin) + R"(","kwh":)" + kwh +
           R"(,"cdr_token":{"country_code":"ES","party_id":"ABC","uid":"04A1B2C3",)"
           R"("type":"RFID","contract_id":"ES8ABC00000001"},"auth_method":"WHITELIST",)"
           R"("location_id":"LOC00417","evse_uid":"BE*BEC*E001251","connector_id":"1",)"
           R"("currency":"EUR","charging_periods":[)" +
           list + R"(],"status":"ACTIVE","last_updated":")" +
           to_string(date_time(begin.instant() + std::chrono::minutes(minute))) + R"("})";
}

std::string patch_at(int index, int minute)
{
    return R"({"kwh":25.750,"charging_periods":[)" + period_at(index) + R"(],"last_updated":")" +
           to_string(date_time(begin.instant() + std::chrono::minutes(minute))) + R"("})";
}

parsed_session read(const std::string& body, body_kind kind)
{
    return read_session(body, kind, strictness::strict, key).value();
}

date_time now()
{
    return date_time(begin.instant() + std::chrono::hours(24));
}

void count_bytes(benchmark::State& state, const std::string& body)
{
    state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(body.size()));
}

/// The codec: a PUT of a session with so many charging periods.
void read_put(benchmark::State& state)
{
    const auto body = session_with(static_cast<int>(state.range(0)), "25.250", 600);
    for (auto _ : state) benchmark::DoNotOptimize(read(body, body_kind::whole));
    count_bytes(state, body);
}
BENCHMARK(read_put)->Arg(1)->Arg(20)->Arg(500);

/// The decision: that PUT replaces a session with as many.
void decide_put_of_existing(benchmark::State& state)
{
    const auto periods = static_cast<int>(state.range(0));
    const auto stored = json::parse(session_with(periods, "25.250", 600)).value();
    const auto sent = read(session_with(periods, "25.500", 605), body_kind::whole);
    for (auto _ : state) {
        auto made = decide_put(&stored, sent, strictness::strict, now());
        if (made.has_error()) state.SkipWithError(made.error().text().c_str());
        benchmark::DoNotOptimize(made);
    }
}
BENCHMARK(decide_put_of_existing)->Arg(1)->Arg(20)->Arg(500);

/// The decision: a PATCH appends a charging period to a session with so many.
void decide_patch_append(benchmark::State& state)
{
    const auto periods = static_cast<int>(state.range(0));
    const auto stored = json::parse(session_with(periods, "25.250", 600)).value();
    const auto sent = read(patch_at(periods, 605), body_kind::fragment);
    for (auto _ : state) {
        auto made = decide_patch(stored, sent, now());
        if (made.has_error()) state.SkipWithError(made.error().text().c_str());
        benchmark::DoNotOptimize(made);
    }
}
BENCHMARK(decide_patch_append)->Arg(1)->Arg(20)->Arg(500);

}  // namespace
}  // namespace ocpi::bench
