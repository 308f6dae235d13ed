#include "modules/managed/timeline.hpp"

#include "tests/support/meter_text.hpp"
#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace timeline_test {

using namespace ocpi;
using namespace ocpi::managed;
using ocpi::test::at;
using ocpi::test::list_of;
using ocpi::test::member;
using ocpi::test::sampled;

namespace {

date_time instant(const std::string& time_of_day)
{
    return parse_date_time("2024-01-01T" + time_of_day + ":00Z")->value;
}

json::document session_with(std::vector<member> changes)
{
    const auto stored = *json::parse(ocpi::test::session_text());
    for (const auto each : stored.root()) {
        bool is_changed = false;
        for (const auto& change : changes) is_changed = is_changed || change.first == each.name();
        if (!is_changed) changes.emplace_back(each.name(), each.text());
    }
    return std::move(*json::parse(ocpi::test::write_object(changes)));
}

/// Under a policy that wants 80 % by noon on Mondays, such as the first of January 2024.
managed_session under_policy()
{
    managed_session managed;
    auto& rule = managed.rule;
    rule.vehicle.battery_capacity_kwh = *decimal::parse("50");
    rule.vehicle.max_power_kw = *decimal::parse("11");
    return managed;
}

session_timeline timeline_of(std::vector<member> changes, const std::string& now,
                             const std::optional<managed_session>& managed = {})
{
    const auto document = session_with(std::move(changes));
    return make_timeline(sessions::parse_stored(document), sessions::read_contexts(document),
                         managed, instant(now));
}

}  // namespace

TEST_CASE("modules/managed/timeline: meter events are registers and powers with their context")
{
    const auto meter =
        list_of({sampled("10:00", R"("value":"1000","context":"Transaction.Begin")"),
                 sampled("10:10", R"("value":"7400","measurand":"Power.Active.Import")"),
                 sampled("10:20", R"("value":"50","measurand":"SoC")"),
                 sampled("10:30", R"("value":"3000","context":"Trigger")"),
                 sampled("10:30", R"("value":"3000","context":"Transaction.End")")});
    const auto made = timeline_of({{"meter_value", meter}, {"kwh", "2"}}, "10:45");
    const auto text = write_json(made);
    CAPTURE(text);
    REQUIRE(made.meter_events.size() == 3);
    CHECK(text.find(R"("meterEvents":[{"at":"2024-01-01T10:00:00Z","kwh":1,"kw":null,)"
                    R"("context":"Transaction.Begin"},{"at":"2024-01-01T10:10:00Z","kwh":null,)"
                    R"("kw":7.4,"context":"Sample.Periodic"},{"at":"2024-01-01T10:30:00Z",)"
                    R"("kwh":3,"kw":null,"context":"Transaction.End"}])") != std::string::npos);
}

TEST_CASE("modules/managed/timeline: battery levels name their source, the last may be estimated")
{
    const std::vector<member> changes{
        {"kwh", "5"},
        {"soc_start", "20"},
        {"meter_value", list_of({sampled("10:30", R"("value":"25","measurand":"SoC")")})}};
    auto made = timeline_of(changes, "11:00");
    REQUIRE(made.battery_levels.size() == 2);
    CHECK(made.battery_levels[0].source == "SOC_START");
    CHECK(made.battery_levels[1].source == "METER_VALUE");
    CHECK(made.blocks == "[]");
    CHECK(made.targets == "[]");
    made = timeline_of(changes, "11:00", under_policy());
    REQUIRE(made.battery_levels.size() == 3);
    CHECK(made.battery_levels[2].source == "ESTIMATED");
    CHECK(made.battery_levels[2].at == instant("11:00"));
    CHECK(made.levels.back() == made.battery_levels[2].percent);
}

TEST_CASE("modules/managed/timeline: targets are told from plug-in on, where they change")
{
    auto managed = under_policy();
    target wanted;
    wanted.type = target_type::immediate_start;
    wanted.minimum_charge_target = *decimal::parse("60");
    managed.targets.emplace_back(2, instant("09:00"), std::nullopt);
    managed.targets.emplace_back(3, instant("10:20"), wanted);
    managed.targets.emplace_back(4, instant("10:40"), std::nullopt);
    const auto made = timeline_of({{"kwh", "5"}}, "11:00", managed);
    CHECK(made.targets ==
          R"([{"from":"2024-01-01T10:00:00Z","target":null},)"
          R"({"from":"2024-01-01T10:20:00Z","target":{"id":3,"type":"IMMEDIATE_START",)"
          R"("minimumChargeTarget":60}},{"from":"2024-01-01T10:40:00Z","target":null}])");
}

TEST_CASE("modules/managed/timeline: the table has the intervals and their last level")
{
    const auto made = timeline_of({{"kwh", "6"}, {"soc_start", "20"}}, "10:30");
    const auto table = write_csv(made);
    CHECK(table.starts_with("startAt,kwh,kw,batteryPercent\r\n2024-01-01T10:00:00Z,"));
    CHECK(table.find(",20\r\n") != std::string::npos);
    CHECK(write_csv(make_unreadable_timeline("x")) == "startAt,kwh,kw,batteryPercent\r\n");
}

TEST_CASE("modules/managed/timeline: before a session has begun there are no intervals")
{
    const auto made = timeline_of({{"status", R"("RESERVATION")"}}, "10:30");
    CHECK(made.timeseries.empty());
    CHECK_FALSE(timeline_of({{"status", R"("INVALID")"}}, "10:30").timeseries.empty());
}

}  // namespace timeline_test
