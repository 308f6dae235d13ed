#include "modules/managed/view.hpp"

#include "tests/support/managed_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace view_test {

using namespace ocpi;
using namespace ocpi::managed;
using namespace ocpi::managed_test;
using ocpi::test::registers;

namespace {

const std::string policy_id = "f47ac10b-58cc-4372-a567-0e02b2c3d479";

/// Each day by 07:00 UTC to 50 %.
policy nightly()
{
    auto rule = policy_for(policy_id);
    rule.schedule[0].ready_by = std::chrono::hours(7);
    return rule;
}

date_time instant(const std::string& text)
{
    return parse_date_time(text)->value;
}

/// The upcoming session that has this target.
std::string upcoming_with(const std::string& target)
{
    return R"({"policyId":")" + policy_id +
           R"(","state":"UPCOMING","pluggedInAt":null,"pluggedOutAt":null,"blocks":[],)"
           R"("statistics":{"aggregated":null,"timeseries":[]},"target":{"latest":)" +
           target + R"(},"outcome":{"latest":null},"error":{"latest":null}})";
}

const auto evening = instant("2025-06-10T20:00:00Z");

sessions::session_data charging()
{
    return seen({{"kwh", "5"},
                 {"soc_start", "30"},
                 {"meter_value", registers({{"10:00", "0"}, {"10:30", "5"}})}});
}

std::string view_at(managed_session& session, const sessions::session_data& of,
                    const std::string& now)
{
    replan(session, of, flat_prices(), moment(now));
    return write_managed("V", session, of, moment(now));
}

}  // namespace

TEST_CASE("modules/managed/view: an upcoming session waits with the policy's target")
{
    CHECK(write_upcoming({}, nightly(), {}, evening) ==
          upcoming_with(R"({"id":1,"type":"REGULAR","source":"POLICY","batteryReserve":20,)"
                        R"("minimumChargeTarget":50,"readyBy":"2025-06-11T07:00:00Z"})"));
}

TEST_CASE("modules/managed/view: an upcoming session with an immediate start")
{
    target_history log;
    begin_override(log, immediate_start("70"), evening);
    CHECK(write_upcoming({}, nightly(), log, evening) ==
          upcoming_with(R"({"id":2,"type":"IMMEDIATE_START","minimumChargeTarget":70})"));
}

TEST_CASE(
    "modules/managed/view: an upcoming session with a user's deadline keeps the policy's reserve")
{
    target wanted;
    wanted.source = target_source::user_override;
    wanted.minimum_charge_target = number("90");
    wanted.ready_by = instant("2025-06-11T08:00:00Z");
    target_history log;
    begin_override(log, wanted, evening);
    CHECK(write_upcoming({}, nightly(), log, evening) ==
          upcoming_with(R"({"id":2,"type":"REGULAR","source":"USER_OVERRIDE","batteryReserve":20,)"
                        R"("minimumChargeTarget":90,"readyBy":"2025-06-11T08:00:00Z"})"));
}

TEST_CASE("modules/managed/view: a policy without a schedule has no target to wait with")
{
    auto rule = nightly();
    rule.schedule.clear();
    CHECK(write_upcoming({}, rule, {}, evening) == upcoming_with("null"));
}

TEST_CASE("modules/managed/view: an active session shows what was and what is planned")
{
    auto session = begun();
    replan(session, charging(), flat_prices(), moment("10:00"));
    const auto view = view_at(session, charging(), "10:30");
    CHECK(part(view, "/id") == R"("V")");
    CHECK(part(view, "/policyId") == R"("P1")");
    CHECK(part(view, "/state") == R"("ACTIVE:REGULAR")");
    CHECK(part(view, "/pluggedInAt") == R"("2024-01-01T10:00:00Z")");
    CHECK(part(view, "/pluggedOutAt") == "null");
    CHECK(part(view, "/blocks") ==
          R"([{"type":"REGULAR","kwhSum":5,"startAt":"2024-01-01T10:00:00Z",)"
          R"("endAt":"2024-01-01T10:30:00Z"},{"type":"REGULAR","kwhSum":5,)"
          R"("startAt":"2024-01-01T10:30:00Z","endAt":"2024-01-01T11:00:00Z"}])");
    CHECK(part(view, "/statistics/aggregated") ==
          R"({"kwhSum":5,"batteryFrom":30,"batteryTo":40})");
    CHECK(part(view, "/target/latest/id") == "1");
    CHECK(part(view, "/outcome/latest") ==
          R"({"type":"REGULAR","targetId":1,"state":"ON_TARGET","batteryLevelAtReadyBy":null,)"
          R"("minimumChargeTargetReachedAt":null})");
    CHECK(part(view, "/error/latest") == "null");
    CHECK(part(view, "/notes") == "absent");
}

TEST_CASE("modules/managed/view: the state goes by the target, then by the reserve")
{
    const auto low = seen({{"kwh", "1"},
                           {"soc_start", "10"},
                           {"meter_value", registers({{"10:00", "0"}, {"10:06", "1"}})}});
    auto session = begun();
    CHECK(part(view_at(session, low, "10:06"), "/state") == R"("ACTIVE:BATTERY_RESERVE")");
    begin_override(session.targets, immediate_start("70"), moment("10:06"));
    CHECK(part(view_at(session, low, "10:06"), "/state") == R"("ACTIVE:IMMEDIATE_START")");
    auto reached = begun();
    begin_override(reached.targets, immediate_start("34"), moment("10:00"));
    CHECK(part(view_at(reached, charging(), "10:30"), "/state") == R"("ACTIVE:REGULAR")");
    auto unknown = begun();
    CHECK(part(view_at(unknown, seen({{"kwh", "0"}}), "10:05"), "/state") == R"("ACTIVE:REGULAR")");
}

TEST_CASE(
    "modules/managed/view: a target out of reach tells the level at its deadline, and when it is "
    "met")
{
    auto session = begun();
    begin_override(session.targets, by_user("90", "11:00"), moment("10:30"));
    CHECK(part(view_at(session, charging(), "10:30"), "/outcome/latest") ==
          R"({"type":"REGULAR","targetId":2,"state":"OFF_TARGET","batteryLevelAtReadyBy":50,)"
          R"("minimumChargeTargetReachedAt":"2024-01-01T13:00:00Z"})");
}

TEST_CASE("modules/managed/view: the outcome of an immediate start is when it is reached")
{
    auto session = begun();
    begin_override(session.targets, immediate_start("90"), moment("10:30"));
    const auto view = view_at(session, charging(), "10:30");
    CHECK(part(view, "/target/latest") ==
          R"({"id":2,"type":"IMMEDIATE_START","minimumChargeTarget":90})");
    CHECK(part(view, "/outcome/latest") ==
          R"({"type":"IMMEDIATE_START","targetId":2,)"
          R"("minimumChargeTargetReachedAt":"2024-01-01T13:00:00Z"})");
}

TEST_CASE(
    "modules/managed/view: while charging does not start the target is missed at the present level")
{
    const auto idle =
        seen({{"kwh", "0"}, {"soc_start", "35"}, {"meter_value", registers({{"10:00", "0"}})}});
    auto session = begun();
    replan(session, idle, flat_prices(), moment("10:00"));
    advance(session, idle, flat_prices(), moment("10:15"));
    const auto view = write_managed("V", session, idle, moment("10:20"));
    CHECK(part(view, "/error/latest") == R"({"type":"START_FAIL"})");
    CHECK(part(view, "/outcome/latest") ==
          R"({"type":"REGULAR","targetId":1,"state":"OFF_TARGET","batteryLevelAtReadyBy":35,)"
          R"("minimumChargeTargetReachedAt":null})");
    CHECK(part(view, "/blocks/0/startAt") == R"("2024-01-01T10:00:00Z")");
    CHECK(part(view, "/blocks/0/kwhSum") == "0");
    CHECK(part(view, "/blocks/1") == "absent");
}

TEST_CASE("modules/managed/view: missing capabilities are listed")
{
    auto session = begun();
    CHECK(part(view_at(session, seen({{"kwh", "0"}}), "10:10"), "/error/latest") ==
          R"({"type":"MISSING_CAPABILITIES",)"
          R"("missingCapabilities":["STATE_OF_CHARGE","METER_VALUES"]})");
}

TEST_CASE(
    "modules/managed/view: COMPLETED without a final reading stays active, with nothing planned")
{
    const auto over = seen({{"status", R"("COMPLETED")"},
                            {"end_date_time", test::at("10:30")},
                            {"kwh", "5"},
                            {"soc_start", "30"},
                            {"meter_value", registers({{"10:00", "0"}, {"10:30", "5"}})}});
    auto session = begun();
    replan(session, over, flat_prices(), moment("10:10"));
    const auto view = view_at(session, over, "12:00");
    CHECK(part(view, "/state") == R"("ACTIVE:REGULAR")");
    CHECK(part(view, "/pluggedOutAt") == "null");
    CHECK(part(view, "/blocks/0/endAt") == R"("2024-01-01T10:30:00Z")");
    CHECK(part(view, "/blocks/1") == "absent");
}

TEST_CASE("modules/managed/view: a settled session shows what it has come to")
{
    const auto over = seen({{"status", R"("COMPLETED")"},
                            {"end_date_time", test::at("10:30")},
                            {"kwh", "5"},
                            {"soc_start", "30"}});
    auto session = begun();
    begin_override(session.targets, immediate_start("50"), moment("10:00"));
    replan(session, over, flat_prices(), moment("10:30"));
    session.is_settled = true;
    const auto view = write_managed("V", session, over, moment("20:00"));
    CHECK(part(view, "/state") == R"("SETTLED")");
    CHECK(part(view, "/pluggedOutAt") == R"("2024-01-01T10:30:00Z")");
    CHECK(part(view, "/blocks/0/type") == R"("IMMEDIATE_START")");
    CHECK(part(view, "/target/latest/type") == R"("IMMEDIATE_START")");
    CHECK(part(view, "/outcome/latest/minimumChargeTargetReachedAt") ==
          R"("2024-01-01T11:00:00Z")");
    CHECK(part(view, "/error/latest") == "null");
}

TEST_CASE(
    "modules/managed/view: a settled session that no policy manages has statistics and no more")
{
    const auto over = seen({{"status", R"("COMPLETED")"},
                            {"end_date_time", test::at("11:00")},
                            {"kwh", "18.5"},
                            {"soc_start", "30"},
                            {"soc_end", "62"}});
    const auto view = write_unmanaged("V", over);
    CHECK(part(view, "/id") == R"("V")");
    CHECK(part(view, "/policyId") == "null");
    CHECK(part(view, "/state") == R"("SETTLED")");
    CHECK(part(view, "/pluggedInAt") == R"("2024-01-01T10:00:00Z")");
    CHECK(part(view, "/pluggedOutAt") == R"("2024-01-01T11:00:00Z")");
    CHECK(part(view, "/blocks") == "[]");
    CHECK(part(view, "/statistics/aggregated") ==
          R"({"kwhSum":18.5,"batteryFrom":30,"batteryTo":62})");
    CHECK(part(view, "/statistics/timeseries/3/startAt") == R"("2024-01-01T10:45:00Z")");
    CHECK(part(view, "/statistics/timeseries/4") == "absent");
    for (const char* none : {"/target/latest", "/outcome/latest", "/error/latest"}) {
        CHECK(part(view, none) == "null");
    }
}

TEST_CASE("modules/managed/view: what is odd is noted")
{
    auto session = begun();
    const auto odd = seen({{"kwh", "-1"}, {"soc_start", "130"}});
    const auto view = view_at(session, odd, "10:05");
    CHECK(part(view, "/notes/0") != "absent");
    CHECK(part(view, "/notes/1") != "absent");
    CHECK(part(view, "/statistics/aggregated/kwhSum") == "0");
    CHECK(part(view, "/statistics/aggregated/batteryFrom") == "null");
}

}  // namespace view_test
