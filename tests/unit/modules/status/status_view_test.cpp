#include "modules/status/status_view.hpp"

#include "tests/support/meter_text.hpp"
#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace status_view_test {

using namespace ocpi;
using namespace ocpi::sessions;
using namespace ocpi::status;
using test::list_of;
using test::member;
using test::registers;
using test::sampled;
using test::session_text;

namespace {

status_view view(const std::vector<member>& changes, const std::string& now = "10:45")
{
    auto members = session_text();
    for (const auto& [name, json] : changes) {
        const auto stored = *json::parse(members);
        std::vector<member> all;
        for (auto value : stored.root()) {
            if (value.name() != name) all.emplace_back(value.name(), value.text());
        }
        if (!json.empty()) all.emplace_back(name, json);
        members = test::write_object(all);
    }
    shown_ids ids;
    ids.id = "the-id";
    return make_status_view(parse_stored(*json::parse(members)),
                            parse_date_time("2024-01-01T" + now + ":00Z")->value, ids, {});
}

std::string show(const std::optional<decimal>& number)
{
    return number ? to_text(*number) : "null";
}

const member active{"status", R"("ACTIVE")"};
const member completed{"status", R"("COMPLETED")"};
const member ended{"end_date_time", test::at("11:00")};
const std::string periodic = R"("value":"1000","context":"Sample.Periodic")";
const std::string last = R"("value":"2000","context":"Transaction.End")";

}  // namespace

TEST_CASE("modules/status/status_view: what is shown follows from what is live and what is final")
{
    const member meter{"meter_value", list_of({sampled("10:15", periodic)})};
    const member final_meter{"meter_value",
                             list_of({sampled("10:15", periodic), sampled("11:00", last)})};
    struct row {
        std::vector<member> changes;
        shown_status shown;
        bool is_live;
        bool is_final;
    };
    const std::vector<row> rows{
        {{active, meter}, shown_status::in_progress, true, false},
        {{active, final_meter}, shown_status::in_progress, true, true},
        {{completed, ended, meter}, shown_status::in_progress, false, false},
        {{completed, ended, final_meter}, shown_status::completed, false, true},
        {{completed, final_meter}, shown_status::completed, false, true},
        {{completed, ended}, shown_status::completed, false, true},
        {{completed}, shown_status::in_progress, false, false},
        {{{"status", R"("PENDING")"}}, shown_status::pending, true, false},
        {{{"status", R"("RESERVATION")"}}, shown_status::pending, true, false},
        {{{"status", R"("INVALID")"}, final_meter}, shown_status::invalid, false, true},
    };
    for (std::size_t i = 0; i < rows.size(); ++i) {
        CAPTURE(i);
        const auto shown = view(rows[i].changes);
        CHECK(shown.status == rows[i].shown);
        CHECK(shown.is_live == rows[i].is_live);
        CHECK(shown.is_final == rows[i].is_final);
        const bool is_completed = rows[i].changes.front().second == R"("COMPLETED")";
        CHECK(shown.awaits_final_reading == (is_completed && !rows[i].is_final));
    }
}

TEST_CASE("modules/status/status_view: energy, time and power of a session under way")
{
    const auto shown = view({{"kwh", "6"}}, "10:45");
    CHECK(show(shown.kwh) == "6");
    CHECK(shown.duration_seconds == 2700);
    CHECK(show(shown.average_kw) == "8");
    CHECK(show(shown.live_kw) == "null");
    CHECK(view({}, "09:00").duration_seconds == 0);
    CHECK(show(view({}, "10:00").average_kw) == "null");
    CHECK(show(view({{"kwh", "-2"}}).kwh) == "0");
    CHECK(show(view({{"kwh", "1e999999"}}).kwh) == "null");
    CHECK(show(view({{"kwh", "1e999999"}}).average_kw) == "null");
}

TEST_CASE("modules/status/status_view: time stands still once the session is over")
{
    CHECK(view({completed, ended}, "18:00").duration_seconds == 3600);
    CHECK(view({completed, {"meter_value", list_of({sampled("10:50", last)})}}, "18:00")
              .duration_seconds == 3000);
    CHECK_FALSE(view({completed}, "18:00").duration_seconds);
}

TEST_CASE(
    "modules/status/status_view: live power is the latest sampled, else what the meter's steps "
    "make")
{
    const auto steps = registers({{"10:00", "0"}, {"10:15", "2"}, {"10:30", "5"}, {"10:30", "5"}});
    CHECK(show(view({{"meter_value", steps}}).live_kw) == "12");
    CHECK(show(view({{"meter_value", registers({{"10:00", "3"}, {"10:15", "2"}})}}).live_kw) ==
          "null");
    CHECK(show(view({{"meter_value", registers({{"10:00", "3"}})}}).live_kw) == "null");
    const auto power = list_of(
        {test::kwh_register("10:00", "0"), test::kwh_register("10:15", "2"),
         sampled("10:15", R"("value":"7200","measurand":"Power.Active.Import")"),
         sampled("10:20", R"("value":"7.4","measurand":"Power.Active.Import","unit":"kW")")});
    CHECK(show(view({{"meter_value", power}}).live_kw) == "7.4");
    CHECK(show(view({{"meter_value", power}, completed, ended}).live_kw) == "null");
}

TEST_CASE(
    "modules/status/status_view: a live session of which nothing was heard for 30 minutes is stale")
{
    CHECK_FALSE(view({}, "10:59").stale);
    CHECK(view({}, "11:00").stale);
    CHECK_FALSE(view({completed, ended}, "18:00").stale);
}

TEST_CASE("modules/status/status_view: one that awaits its final reading is stale as a live one is")
{
    const member meter{"meter_value", list_of({sampled("10:15", periodic)})};
    CHECK_FALSE(view({completed, ended, meter}, "10:59").stale);
    CHECK(view({completed, ended, meter}, "11:00").stale);
    CHECK(view({completed}, "11:00").stale);
    CHECK_FALSE(view({{"status", R"("INVALID")"}, meter}, "11:00").stale);
}

TEST_CASE(
    "modules/status/status_view: what the registers make counts where they are newer than the "
    "power")
{
    const auto power = sampled("10:15", R"("value":"7200","measurand":"Power.Active.Import")");
    const auto live_kw = [&](const std::string& last_register, const std::string& kwh) {
        const auto meter = list_of(
            {test::kwh_register("10:00", "0"), power, test::kwh_register(last_register, kwh)});
        return show(view({{"meter_value", meter}}).live_kw);
    };
    CHECK(live_kw("10:15", "1") == "7.2");
    CHECK(live_kw("10:30", "5") == "10");
    CHECK(live_kw("10:30", "-1") == "7.2");
}

TEST_CASE("modules/status/status_view: the view is written whole, what cannot be told as null")
{
    CHECK(
        write_json(view({{"kwh", "6.00"}})) ==
        R"({"id":"the-id","policyId":null,"status":"IN_PROGRESS","isLive":true,"isFinal":false,)"
        R"("awaitingFinalReading":false,"kwh":6,"durationSeconds":2700,"averageKw":8,"liveKw":null,"cost":null,)"
        R"("charger":{"locationId":"L1","evseUid":"E1","connectorId":"1"},"stale":false,)"
        R"("lastUpdated":"2024-01-01T10:30:00Z"})");
    shown_cost cost;
    cost.amount = decimal::parse("2.50");
    cost.currency = "EUR";
    cost.coverage = "billed";
    cost.estimated = true;
    shown_ids ids;
    ids.policy_id = "p";
    const auto bare = make_status_view(parse_stored(*json::parse("{}")), date_time(), ids, cost);
    CHECK(
        write_json(bare) ==
        R"({"id":"","policyId":"p","status":"IN_PROGRESS","isLive":true,"isFinal":false,)"
        R"("awaitingFinalReading":false,"kwh":null,"durationSeconds":null,"averageKw":null,"liveKw":null,)"
        R"("cost":{"amount":2.5,"currency":"EUR","coverage":"billed","estimated":true},)"
        R"("charger":null,"stale":false,"lastUpdated":null})");
}

}  // namespace status_view_test
