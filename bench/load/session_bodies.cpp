#include "bench/load/session_bodies.hpp"

#include "ocpi/base/date_time.hpp"

#include <chrono>

namespace ocpi::bench {
namespace {

const date_time first_period = parse_date_time("2026-01-01T10:00:00Z")->value;

std::string written_period(const std::string& start)
{
    return R"({"start_date_time":")" + start +
           R"(","dimensions":[{"type":"ENERGY","volume":1.250},{"type":"TIME","volume":0.083}]})";
}

std::string written_periods(int count)
{
    std::string list;
    for (int i = 0; i < count; ++i) {
        if (i > 0) list += ',';
        list += written_period(
            to_string(date_time(first_period.instant() + std::chrono::minutes(5 * i))));
    }
    return list;
}

std::string session(const std::string& prefix, int periods, const std::string& state)
{
    return R"({"country_code":"BE","party_id":"BEC","id":")" + prefix +
           R"(<number>","start_date_time":"2026-01-01T10:00:00Z","kwh":25.<sequence>,)"
           R"("cdr_token":{"country_code":"ES","party_id":"ABC","uid":"04A1B2C3<number>",)"
           R"("type":"RFID","contract_id":"ES8ABC<number>"},"auth_method":"WHITELIST",)"
           R"("location_id":"LOC00417","evse_uid":"BE*BEC*E001251","connector_id":"1",)"
           R"("currency":"EUR","charging_periods":[)" +
           written_periods(periods) + "]," + state + R"(,"last_updated":"<now>"})";
}

}  // namespace

std::string active_session(const std::string& prefix, int periods)
{
    return session(prefix, periods, R"("status":"ACTIVE")");
}

std::string settled_session(const std::string& prefix, int periods)
{
    return session(prefix, periods,
                   R"("end_date_time":"2026-01-01T11:40:00Z",)"
                   R"("total_cost":{"before_taxes":12.25},"status":"COMPLETED")");
}

std::string appended_period()
{
    return R"({"kwh":25.<sequence>,"charging_periods":[)" + written_period("<now>") +
           R"(],"last_updated":"<now>"})";
}

}  // namespace ocpi::bench
