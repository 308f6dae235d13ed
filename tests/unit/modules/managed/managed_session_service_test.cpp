#include "modules/managed/managed_session_service.hpp"

#include "modules/sessions/view_id.hpp"
#include "tests/support/managed_world.hpp"
#include "tests/support/written_at.hpp"

#include <doctest/doctest.h>

#include <string>

namespace managed_session_service_test {

using namespace ocpi;
using namespace ocpi::sessions;
using namespace ocpi::managed;
using namespace ocpi::managed_test;
using ocpi::test::registers;
using test::run_awaitable;

namespace {

/// Plugged in at 10:00 with 30 %, no energy charged yet.
const std::vector<member>& idle()
{
    static const std::vector<member> changes{{"kwh", "0"},
                                             {"soc_start", "30"},
                                             {"meter_value", registers({{"10:00", "0"}})},
                                             {"last_updated", test::at("10:00")}};
    return changes;
}

std::vector<member> with(std::vector<member> changes, const std::vector<member>& more)
{
    changes.insert(changes.end(), more.begin(), more.end());
    return changes;
}

/// Charged 5 kWh by 10:30, with the last reading or without.
std::vector<member> completed(bool is_final, const std::string& end = "10:30")
{
    const auto last = test::sampled(end, std::string(R"("value":"5","unit":"kWh")") +
                                             (is_final ? R"(,"context":"Transaction.End")" : ""));
    return {{"kwh", "5"},
            {"soc_start", "30"},
            {"status", R"("COMPLETED")"},
            {"end_date_time", test::at(end)},
            {"meter_value", '[' + test::kwh_register("10:00", "0") + ',' + last + ']'},
            {"last_updated", test::at(end)}};
}

std::string state(const std::string& view)
{
    return part(view, "/state");
}

/// A world with the policy P1.
struct policy_world : managed_world {
    policy_world() { create(policy_for()); }

    void replace(const policy& rule)
    {
        REQUIRE(run_awaitable(manager->replace_policy(rule)).has_value());
    }
    void remove() { REQUIRE(run_awaitable(manager->remove_policy("P1")).has_value()); }
};

/// The same, with its session S1 since 10:00.
struct active_world : policy_world {
    active_world() { REQUIRE(put("10:00", "S1", idle())); }
};

const std::string upcoming = R"("UPCOMING")";
const std::string no_session = "there is no such session";

}  // namespace

TEST_CASE(
    "modules/managed/managed_session_service: a policy has an upcoming, an active and a next "
    "session")
{
    policy_world world;
    CHECK(state(world.current("09:30")) == upcoming);
    CHECK(part(world.current("09:30"), "/id") == "absent");

    REQUIRE(world.put("10:00", "S1", idle()));
    const auto active = world.current("10:00");
    CHECK(state(active) == R"("ACTIVE:REGULAR")");
    CHECK(part(active, "/id") == '"' + view_id(world.key("S1")) + '"');
    CHECK(part(active, "/target/latest/id") == "1");
    CHECK(part(active, "/blocks/0/startAt") == R"("2024-01-01T10:00:00Z")");
    CHECK(world.view("S1") == active);

    CHECK(part(world.set_target("10:10", immediate_start("80")), "/id") == "2");
    CHECK(state(world.current("10:10")) == R"("ACTIVE:IMMEDIATE_START")");

    REQUIRE(world.put("10:35", "S1", completed(true)));
    const auto next = world.current("10:35");
    CHECK(state(next) == upcoming);
    CHECK(part(next, "/target/latest/id") == "1");
    CHECK(part(next, "/target/latest/source") == R"("POLICY")");
    const auto settled = world.view("S1");
    CHECK(state(settled) == R"("SETTLED")");
    CHECK(part(settled, "/policyId") == R"("P1")");
    CHECK(part(settled, "/pluggedOutAt") == R"("2024-01-01T10:30:00Z")");
    CHECK(part(settled, "/target/latest/type") == R"("IMMEDIATE_START")");
}

TEST_CASE(
    "modules/managed/managed_session_service: a target set before a session begins is its target, "
    "with its id")
{
    policy_world world;
    CHECK(part(world.set_target("09:10", immediate_start("80")), "/id") == "2");
    CHECK(part(world.current("09:20"), "/target/latest/type") == R"("IMMEDIATE_START")");
    REQUIRE(world.put("10:00", "S1", idle()));
    const auto active = world.current("10:00");
    CHECK(state(active) == R"("ACTIVE:IMMEDIATE_START")");
    CHECK(part(active, "/target/latest/id") == "2");
    CHECK(part(active, "/blocks/0/type") == R"("IMMEDIATE_START")");
}

TEST_CASE("modules/managed/managed_session_service: an override ends when it is taken back")
{
    active_world world;
    world.set_target("10:05", by_user("90", "18:00"));
    CHECK(part(world.current("10:06"), "/target/latest/source") == R"("USER_OVERRIDE")");
    const auto back = world.set_target("10:10", std::nullopt);
    CHECK(part(back, "/id") == "3");
    CHECK(part(back, "/source") == R"("POLICY")");
    CHECK(part(back, "/readyBy") == R"("2024-01-01T16:00:00Z")");
}

TEST_CASE("modules/managed/managed_session_service: an override ends when its level is reached")
{
    active_world world;
    world.set_target("10:00", immediate_start("34"));
    REQUIRE(world.put("10:15", "S1",
                      {{"kwh", "2.5"},
                       {"soc_start", "30"},
                       {"meter_value", registers({{"10:00", "0"}, {"10:15", "2.5"}})},
                       {"last_updated", test::at("10:15")}}));
    const auto shown = world.current("10:15");
    CHECK(part(shown, "/target/latest/id") == "3");
    CHECK(part(shown, "/target/latest/source") == R"("POLICY")");
    CHECK(state(shown) == R"("ACTIVE:REGULAR")");
    CHECK(part(shown, "/blocks/0/type") == R"("IMMEDIATE_START")");
    CHECK(part(shown, "/blocks/1/type") == R"("REGULAR")");
}

TEST_CASE("modules/managed/managed_session_service: a PENDING or reserved session is upcoming")
{
    policy_world world;
    REQUIRE(world.put("10:00", "S1", with(idle(), {{"status", R"("PENDING")"}})));
    CHECK(world.current("10:00") == world.view("S1"));
    REQUIRE(world.put(
        "10:05", "S2",
        with(idle(), {{"status", R"("RESERVATION")"}, {"start_date_time", test::at("11:00")}})));
    CHECK(world.current("10:05") == world.view("S2"));
    const std::vector<ci_string> others{ci_string("DE-EMP-C2")};
    CHECK(state(world.current("10:05", "P1", others)) == upcoming);
    CHECK(part(world.current("10:05", "P1", others), "/id") == "absent");
    const auto pending = world.view("S1");
    CHECK(state(pending) == upcoming);
    CHECK(part(pending, "/id") == '"' + view_id(world.key("S1")) + '"');
    CHECK(part(pending, "/policyId") == R"("P1")");
    CHECK(state(world.view("S2")) == upcoming);
    REQUIRE(
        world.put("10:10", "S1",
                  with(idle(), {{"status", R"("ACTIVE")"}, {"last_updated", test::at("10:10")}})));
    CHECK(state(world.current("10:10")) == R"("ACTIVE:REGULAR")");
}

TEST_CASE(
    "modules/managed/managed_session_service: an invalid session has no view; its override is for "
    "the next session")
{
    active_world world;
    world.set_target("10:05", immediate_start("80"));
    REQUIRE(
        world.put("10:10", "S1",
                  with(idle(), {{"status", R"("INVALID")"}, {"last_updated", test::at("10:10")}})));
    CHECK(world.view("S1") == no_session);
    const auto next = world.current("10:10");
    CHECK(state(next) == upcoming);
    CHECK(part(next, "/target/latest/type") == R"("IMMEDIATE_START")");
}

TEST_CASE(
    "modules/managed/managed_session_service: a COMPLETED session stays active until its final "
    "reading")
{
    active_world world;
    REQUIRE(world.put("10:31", "S1", completed(false)));
    CHECK(state(world.current("10:31")) == R"("ACTIVE:REGULAR")");
    REQUIRE(world.put("10:32", "S1", completed(true)));
    CHECK(state(world.current("10:32")) == upcoming);
    CHECK(state(world.view("S1")) == R"("SETTLED")");
}

TEST_CASE("modules/managed/managed_session_service: a policy created after its session manages it")
{
    managed_world world;
    REQUIRE(world.put("10:00", "S1", idle()));
    CHECK(world.view("S1") == no_session);
    world.time->set(moment("10:05"));
    world.create(policy_for());
    CHECK(state(world.current("10:05")) == R"("ACTIVE:REGULAR")");
    CHECK(part(world.view("S1"), "/policyId") == R"("P1")");
}

TEST_CASE(
    "modules/managed/managed_session_service: a session that settled before the policy was created "
    "is unmanaged")
{
    managed_world world;
    REQUIRE(world.put("10:35", "S1", completed(true)));
    world.create(policy_for());
    const auto next = world.current("10:40");
    CHECK(state(next) == upcoming);
    CHECK(part(next, "/target/latest/id") == "1");
    CHECK(state(world.view("S1")) == R"("SETTLED")");
    CHECK(part(world.view("S1"), "/policyId") == "null");
}

TEST_CASE(
    "modules/managed/managed_session_service: a session that settles in its first report is "
    "managed")
{
    policy_world world;
    REQUIRE(world.put("10:35", "S1", completed(true)));
    CHECK(part(world.view("S1"), "/policyId") == R"("P1")");
}

TEST_CASE(
    "modules/managed/managed_session_service: a late report may reopen a session without meter "
    "values")
{
    policy_world world;
    const std::vector<member> without_meter{{"kwh", "5"},
                                            {"soc_start", "30"},
                                            {"status", R"("COMPLETED")"},
                                            {"end_date_time", test::at("10:30")},
                                            {"last_updated", test::at("10:30")}};
    REQUIRE(world.put("10:31", "S1", without_meter));
    CHECK(state(world.view("S1")) == R"("SETTLED")");
    REQUIRE(world.put("10:32", "S1", completed(false)));
    CHECK(state(world.view("S1")) == R"("ACTIVE:REGULAR")");
    CHECK(part(world.view("S1"), "/pluggedOutAt") == "null");
    REQUIRE(world.put("10:33", "S1", completed(true)));
    CHECK(state(world.view("S1")) == R"("SETTLED")");
}

TEST_CASE(
    "modules/managed/managed_session_service: a target set after the end is for the next session")
{
    active_world world;
    REQUIRE(world.put("10:31", "S1", completed(false)));
    world.set_target("10:32", immediate_start("80"));
    const auto over = world.current("10:33");
    CHECK(part(over, "/target/latest/id") == "1");
    CHECK(part(over, "/outcome/latest/targetId") == "1");
    REQUIRE(world.put("10:34", "S1", completed(true)));
    const auto next = world.current("10:35");
    CHECK(state(next) == upcoming);
    CHECK(part(next, "/target/latest/type") == R"("IMMEDIATE_START")");
}

TEST_CASE("modules/managed/managed_session_service: a policy that cannot be saved is saved later")
{
    policy_world world;
    world.set_target("09:30", immediate_start("80"));
    int failures = 1;
    world.crud->before_update = [&](const crud::document& document) -> std::optional<error> {
        const bool is_policy = document.json.find("\"upcoming\"") != std::string::npos;
        if (!is_policy || failures-- <= 0) return std::nullopt;
        return error(errc::overloaded, "a queue is full");
    };
    REQUIRE(world.put("10:00", "S1", idle()));
    CHECK(world.current("10:00") == "a queue is full");
    const auto begun = world.current("10:01");
    CHECK(state(begun) == R"("ACTIVE:IMMEDIATE_START")");
    CHECK(part(begun, "/target/latest/id") == "2");
    REQUIRE(world.put("10:34", "S1", completed(true)));
    CHECK(part(world.current("10:35"), "/target/latest/source") == R"("POLICY")");
}

TEST_CASE("modules/managed/managed_session_service: a session in the future does not stay current")
{
    policy_world world;
    auto future = completed(false);
    future = with(future, {{"start_date_time", R"("2206-01-01T00:00:00Z")"}});
    std::erase_if(future, [](const member& one) { return one.first == "meter_value"; });
    for (auto& one : future) {
        if (one.first == "end_date_time") one.second = R"("2206-01-01T01:00:00Z")";
    }
    REQUIRE(world.put("09:00", "S1", future));
    world.set_target("09:30", immediate_start("80"));
    REQUIRE(world.put("10:00", "S2", idle()));
    CHECK(part(world.current("10:00"), "/target/latest/type") == R"("IMMEDIATE_START")");
}

TEST_CASE(
    "modules/managed/managed_session_service: a driver who may not see the session sees the next "
    "one")
{
    active_world world;
    const std::vector<ci_string> own{ci_string("de-emp-c1")};
    const std::vector<ci_string> others{ci_string("DE-EMP-C2")};
    CHECK(state(world.current("10:00", "P1", own)) == R"("ACTIVE:REGULAR")");
    CHECK(state(world.current("10:00", "P1", others)) == upcoming);
}

TEST_CASE(
    "modules/managed/managed_session_service: a driver who may not see the session sets the next "
    "one's target")
{
    active_world world;
    world.set_target("10:05", by_user("60", "12:00"));
    const std::vector<ci_string> others{ci_string("DE-EMP-C2")};
    const auto set = [&](std::optional<target> wanted) {
        return run_awaitable(world.manager->change_target("P1", std::move(wanted), others)).value();
    };
    CHECK(part(set(std::nullopt), "/source") == R"("POLICY")");
    CHECK(part(set(immediate_start("100")), "/type") == R"("IMMEDIATE_START")");
    const auto own = world.current("10:06");
    CHECK(part(own, "/target/latest/id") == "2");
    CHECK(part(own, "/target/latest/minimumChargeTarget") == "60");
    const auto next = world.current("10:06", "P1", others);
    CHECK(state(next) == upcoming);
    CHECK(part(next, "/target/latest/type") == R"("IMMEDIATE_START")");
}

TEST_CASE(
    "modules/managed/managed_session_service: a clock that is set back leaves no plans before the "
    "session")
{
    policy_world world;
    world.time->set(parse_date_time("2024-06-01T10:00:00Z")->value);
    world.manager->on_price_change(party("ES", "ABC"));
    REQUIRE(world.put("10:00", "S1", idle()));
    const auto planned = world.current("10:00");
    CHECK(part(planned, "/blocks/0/startAt") == R"("2024-01-01T10:00:00Z")");
    CHECK(part(planned, "/blocks/1") == "absent");

    REQUIRE(world.put("18:00", "S2", with(idle(), {{"start_date_time", test::at("10:30")}})));
    CHECK(part(world.current("10:30"), "/blocks/0/startAt") == R"("2024-01-01T10:30:00Z")");
}

TEST_CASE(
    "modules/managed/managed_session_service: sessions at other locations or of other contracts "
    "are not managed")
{
    managed_world world;
    auto rule = policy_for();
    rule.location.evse_uid = ci_string("E1");
    world.create(rule);
    REQUIRE(world.put("10:00", "S1", with(idle(), {{"location_id", R"("L2")"}})));
    REQUIRE(world.put("10:00", "S2", with(idle(), {{"evse_uid", R"("E2")"}})));
    const std::string other_token = R"({"country_code":"DE","party_id":"EMP","uid":"U1",)"
                                    R"("type":"RFID","contract_id":"DE-EMP-C2"})";
    REQUIRE(world.put("10:00", "S3", with(idle(), {{"cdr_token", other_token}})));
    CHECK(state(world.current("10:00")) == upcoming);
    for (const char* id : {"S1", "S2", "S3"}) CHECK(world.view(id) == no_session);
    REQUIRE(world.put("10:01", "S4", with(idle(), {{"evse_uid", R"("e1")"}})));
    CHECK(state(world.current("10:01")) == R"("ACTIVE:REGULAR")");
}

TEST_CASE(
    "modules/managed/managed_session_service: an unmanaged session has a view once it has settled")
{
    managed_world world;
    REQUIRE(world.put("10:00", "S1", idle()));
    CHECK(world.view("S1") == no_session);
    REQUIRE(world.put("10:31", "S1", completed(false)));
    CHECK(world.view("S1") == no_session);
    REQUIRE(world.put("10:32", "S1", completed(true)));
    const auto settled = world.view("S1");
    CHECK(state(settled) == R"("SETTLED")");
    CHECK(part(settled, "/policyId") == "null");
    CHECK(part(settled, "/target/latest") == "null");
}

TEST_CASE(
    "modules/managed/managed_session_service: the session in progress follows a replaced policy")
{
    active_world world;
    auto changed = policy_for();
    changed.schedule[0].minimum_charge_target = number("80");
    world.time->set(moment("10:05"));
    world.replace(changed);
    const auto shown = world.current("10:05");
    CHECK(part(shown, "/target/latest/id") == "2");
    CHECK(part(shown, "/target/latest/minimumChargeTarget") == "80");
}

TEST_CASE(
    "modules/managed/managed_session_service: past blocks keep their types when the reserve is "
    "replaced")
{
    policy_world world;
    REQUIRE(world.put("11:30", "S1",
                      {{"kwh", "6"},
                       {"soc_start", "15"},
                       {"meter_value", registers({{"10:00", "0"}, {"11:00", "6"}})},
                       {"last_updated", test::at("11:30")}}));
    const auto past = [&] {
        const auto shown = world.current("11:30");
        return part(shown, "/blocks/0/type") + ' ' + part(shown, "/blocks/0/kwhSum") + ' ' +
               part(shown, "/blocks/1/type") + ' ' + part(shown, "/blocks/1/kwhSum");
    };
    const std::string before = R"("BATTERY_RESERVE" 2.5 "REGULAR" 3.5)";
    CHECK(past() == before);
    for (const char* reserve : {"0", "40"}) {
        auto changed = policy_for();
        changed.battery_reserve = number(reserve);
        world.replace(changed);
        CHECK(past() == before);
    }
    CHECK(part(world.current("11:30"), "/target/latest/id") == "3");
    CHECK(part(world.current("11:30"), "/target/latest/batteryReserve") == "40");
}

TEST_CASE(
    "modules/managed/managed_session_service: a replaced policy does not change a session that is "
    "over")
{
    active_world world;
    REQUIRE(world.put("10:30", "S1", completed(false)));
    const auto before = world.current("10:35");
    auto changed = policy_for();
    changed.battery_reserve = number("40");
    changed.schedule[0].minimum_charge_target = number("80");
    world.replace(changed);
    CHECK(part(world.current("10:35"), "/target") == part(before, "/target"));
    REQUIRE(world.put("10:40", "S1", completed(true)));
    CHECK(part(world.view("S1"), "/target/latest/minimumChargeTarget") == "50");
    const auto next = world.current("10:41");
    CHECK(state(next) == upcoming);
    CHECK(part(next, "/target/latest/minimumChargeTarget") == "80");
    CHECK(part(next, "/target/latest/batteryReserve") == "40");
}

TEST_CASE("modules/managed/managed_session_service: a policy that is moved releases its session")
{
    active_world world;
    auto moved = policy_for();
    moved.location.location_id = ci_string("L2");
    world.replace(moved);
    CHECK(state(world.current("10:05")) == upcoming);
    CHECK(world.view("S1") == no_session);
    world.replace(policy_for());
    CHECK(state(world.current("10:06")) == R"("ACTIVE:REGULAR")");
}

TEST_CASE(
    "modules/managed/managed_session_service: a removed policy releases its session in progress")
{
    active_world world;
    CHECK(state(world.current("10:00")) == R"("ACTIVE:REGULAR")");
    world.remove();
    CHECK(world.view("S1") == no_session);
    CHECK(world.current("10:05") == "there is no such policy");
    REQUIRE(world.put("10:32", "S1", completed(true)));
    CHECK(part(world.view("S1"), "/policyId") == "null");
}

TEST_CASE("modules/managed/managed_session_service: a removed policy releases its older sessions")
{
    active_world world;
    REQUIRE(world.put("10:31", "S1", completed(false)));
    REQUIRE(world.put("11:00", "S2",
                      {{"kwh", "0"},
                       {"start_date_time", test::at("11:00")},
                       {"last_updated", test::at("11:00")}}));
    CHECK(part(world.view("S1"), "/policyId") == R"("P1")");
    world.remove();
    CHECK(world.view("S1") == no_session);
}

TEST_CASE(
    "modules/managed/managed_session_service: settled sessions stay managed when the policy is "
    "removed")
{
    active_world world;
    REQUIRE(world.put("10:32", "S1", completed(true)));
    const auto settled = world.view("S1");
    world.remove();
    CHECK(world.view("S1") == settled);
    CHECK(part(settled, "/policyId") == R"("P1")");
}

TEST_CASE("modules/managed/managed_session_service: the session that began last is current")
{
    active_world world;
    REQUIRE(world.put("10:31", "S1", completed(false)));
    REQUIRE(world.put("11:00", "S2",
                      {{"kwh", "0"},
                       {"soc_start", "40"},
                       {"start_date_time", test::at("11:00")},
                       {"meter_value", registers({{"11:00", "0"}})},
                       {"last_updated", test::at("11:00")}}));
    const auto second = '"' + view_id(world.key("S2")) + '"';
    CHECK(part(world.current("11:00"), "/id") == second);
    CHECK(state(world.view("S1")) == R"("ACTIVE:REGULAR")");
    // What still comes of the first one changes nothing about that.
    auto late = completed(false);
    late.back().second = test::at("11:05");
    late.emplace_back("soc_end", "41");
    REQUIRE(world.put("11:05", "S1", late));
    CHECK(part(world.current("11:05"), "/id") == second);
}

TEST_CASE(
    "modules/managed/managed_session_service: a session that was replaced does not become current "
    "again")
{
    active_world world;
    REQUIRE(world.put("10:31", "S1", completed(false)));
    const std::vector<member> next{
        {"kwh", "0"}, {"start_date_time", test::at("11:00")}, {"last_updated", test::at("11:00")}};
    REQUIRE(world.put("11:00", "S2", next));
    REQUIRE(world.put("11:30", "S2",
                      with(next, {{"status", R"("COMPLETED")"},
                                  {"end_date_time", test::at("11:30")},
                                  {"last_updated", test::at("11:30")}})));
    CHECK(state(world.current("11:31")) == upcoming);
    auto late = completed(false);
    late.back().second = test::at("11:40");
    late.emplace_back("soc_end", "41");
    REQUIRE(world.put("11:40", "S1", late));
    CHECK(state(world.current("11:40")) == upcoming);
    CHECK(state(world.view("S1")) == R"("ACTIVE:REGULAR")");
}

TEST_CASE(
    "modules/managed/managed_session_service: a late report of a session does not adopt a later "
    "override")
{
    policy_world world;
    world.set_target("12:00", immediate_start("80"));
    REQUIRE(world.put("12:05", "S1", completed(true)));
    CHECK(part(world.view("S1"), "/target/latest/source") == R"("POLICY")");
    const auto next = world.current("12:06");
    CHECK(state(next) == upcoming);
    CHECK(part(next, "/target/latest/id") == "2");
    CHECK(part(next, "/target/latest/type") == R"("IMMEDIATE_START")");
}

TEST_CASE(
    "modules/managed/managed_session_service: an override goes to the session that begins next, "
    "viewed or not")
{
    managed_world world;
    auto rule = policy_for();
    rule.contract_ids.emplace_back("DE-EMP-C0");
    world.create(rule);
    world.set_target("09:30", immediate_start("80"));
    const std::string other_token = R"({"country_code":"DE","party_id":"EMP","uid":"U1",)"
                                    R"("type":"RFID","contract_id":"DE-EMP-C0"})";
    // The first session, Z, is not viewed until a second one has begun: A, whose contract is first
    // by name.
    REQUIRE(world.put("10:00", "Z", idle()));
    REQUIRE(world.put("10:31", "Z", completed(true)));
    REQUIRE(world.put("11:00", "A",
                      {{"kwh", "0"},
                       {"soc_start", "40"},
                       {"cdr_token", other_token},
                       {"start_date_time", test::at("11:00")},
                       {"meter_value", registers({{"11:00", "0"}})},
                       {"last_updated", test::at("11:00")}}));
    CHECK(part(world.view("A"), "/target/latest/source") == R"("POLICY")");
    CHECK(part(world.view("A"), "/target/latest/id") == "1");
    CHECK(part(world.view("Z"), "/target/latest/type") == R"("IMMEDIATE_START")");
}

TEST_CASE(
    "modules/managed/managed_session_service: a session that settles in one report adopts an "
    "earlier override")
{
    policy_world world;
    world.set_target("09:30", immediate_start("80"));
    REQUIRE(world.put("12:05", "S1", completed(true)));
    CHECK(part(world.view("S1"), "/target/latest/type") == R"("IMMEDIATE_START")");
    CHECK(part(world.current("12:06"), "/target/latest/id") == "1");
}

TEST_CASE(
    "modules/managed/managed_session_service: a driver's charging preferences are an override")
{
    active_world world;
    REQUIRE(world.put(
        "10:05", "S1",
        with(idle(), {{"charging_preferences", R"({"profile_type":"FAST","energy_need":10})"},
                      {"last_updated", test::at("10:05")}})));
    const auto fast = world.current("10:05");
    CHECK(part(fast, "/target/latest") ==
          R"({"id":2,"type":"IMMEDIATE_START","minimumChargeTarget":50})");
    // Once more the same, with something else that is new, is no new wish.
    CHECK(part(world.set_target("10:06", std::nullopt), "/id") == "3");
    REQUIRE(world.put(
        "10:07", "S1",
        with(idle(), {{"charging_preferences", R"({"profile_type":"FAST","energy_need":10})"},
                      {"last_updated", test::at("10:07")}})));
    CHECK(part(world.current("10:07"), "/target/latest/id") == "3");
    REQUIRE(world.put(
        "10:08", "S1",
        with(idle(), {{"charging_preferences", R"({"profile_type":"CHEAP","energy_need":20,)"
                                               R"("departure_time":"2024-01-01T18:00:00Z"})"},
                      {"last_updated", test::at("10:08")}})));
    CHECK(part(world.current("10:08"), "/target/latest") ==
          R"({"id":4,"type":"REGULAR","source":"USER_OVERRIDE","batteryReserve":20,)"
          R"("minimumChargeTarget":70,"readyBy":"2024-01-01T18:00:00Z"})");
}

TEST_CASE("modules/managed/managed_session_service: invalid charging preferences are ignored")
{
    policy_world world;
    for (const char* odd : {"7", "{}", R"({"profile_type":5})", "null"}) {
        REQUIRE(world.put("10:00", "S1", with(idle(), {{"charging_preferences", odd}})));
        CHECK(part(world.current("10:00"), "/target/latest/id") == "1");
    }
}

TEST_CASE(
    "modules/managed/managed_session_service: the deadline in the night when clocks are set "
    "forward")
{
    managed_world world;
    auto rule = policy_for();
    rule.timezone = *time_zone::find("Europe/Madrid");
    rule.schedule[0].ready_by = std::chrono::minutes(150);
    world.create(rule);
    const auto ready_by = [&](const std::string& now) {
        world.time->set(parse_date_time(now)->value);
        const auto shown = run_awaitable(world.manager->current_session("P1"));
        return part(*shown, "/target/latest/readyBy");
    };
    CHECK(ready_by("2024-03-29T12:00:00Z") == R"("2024-03-30T01:30:00Z")");
    CHECK(ready_by("2024-03-30T12:00:00Z") == R"("2024-03-31T01:00:00Z")");
    REQUIRE(world.put("10:00", "S1",
                      {{"kwh", "0"},
                       {"soc_start", "30"},
                       {"start_date_time", R"("2024-03-30T22:00:00Z")"},
                       {"last_updated", R"("2024-03-30T22:00:00Z")"}}));
    CHECK(ready_by("2024-03-30T22:00:00Z") == R"("2024-03-31T01:00:00Z")");
    CHECK(ready_by("2024-03-31T01:00:00Z") == R"("2024-04-01T00:30:00Z")");
    const auto shown = run_awaitable(world.manager->current_session("P1"));
    CHECK(part(*shown, "/target/latest/id") == "1");
    CHECK(part(*shown, "/outcome/latest/state") == R"("ON_TARGET")");
}

TEST_CASE(
    "modules/managed/managed_session_service: a store failure is an error, and no change is lost")
{
    policy_world world;
    world.crud->before_create = [](const crud::document& document) -> std::optional<error> {
        if (document.json.find("\"isSettled\"") == std::string::npos) return std::nullopt;
        return error(errc::storage, "the disk is full");
    };
    REQUIRE(world.put("10:00", "S1", idle()));
    CHECK(world.current("10:00") == "the disk is full");
    world.crud->before_create = nullptr;
    CHECK(state(world.current("10:01")) == R"("ACTIVE:REGULAR")");
}

TEST_CASE(
    "modules/managed/managed_session_service: writes by other processes are included in views")
{
    active_world world;
    CHECK(state(world.current("10:00")) == R"("ACTIVE:REGULAR")");
    // No listener: what another process writes.
    session_writer elsewhere(world.crud);
    const auto text = managed_world::text_of("S1", completed(true));
    constexpr auto tolerant = strictness::tolerant;
    const auto sent = read_session(text, body_kind::whole, tolerant, world.key("S1"));
    REQUIRE(sent.has_value());
    constexpr auto side = crud::interface_side::receiver;
    REQUIRE(run_awaitable(elsewhere.put(side, world.key("S1"), *sent, tolerant, test::written_at))
                .has_value());
    CHECK(state(world.current("10:40")) == upcoming);
    CHECK(state(world.view("S1")) == R"("SETTLED")");
}

TEST_CASE(
    "modules/managed/managed_session_service: unknown policies have no session and take no "
    "override")
{
    managed_world world;
    CHECK(world.current("10:00") == "there is no such policy");
    CHECK(world.set_target("10:00", immediate_start("80")) == "there is no such policy");
    CHECK(run_awaitable(world.manager->remove_policy("P1")).error().code() == errc::not_found);
    CHECK(run_awaitable(world.manager->replace_policy(policy_for())).error().code() ==
          errc::not_found);
}

}  // namespace managed_session_service_test
