#include "modules/managed/transition.hpp"

#include "tests/support/managed_text.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <initializer_list>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace transition_test {

using namespace ocpi;
using namespace ocpi::sessions;
using namespace ocpi::managed;
using namespace ocpi::managed_test;
using ocpi::test::registers;

namespace {

/// S1 of session_text(), plugged in at 10:00 with 30 %, at that revision.
session_snapshot snapshot(crud::revision revision, std::initializer_list<member> changes = {})
{
    std::vector<member> members{
        {"kwh", "0"}, {"soc_start", "30"}, {"meter_value", registers({{"10:00", "0"}})}};
    for (const auto& change : changes) {
        std::erase_if(members, [&](const member& one) { return one.first == change.first; });
        members.push_back(change);
    }
    const auto base = *json::parse(test::session_text({}));
    for (const auto each : base.root()) {
        const auto is_same = [&](const member& one) { return one.first == each.name(); };
        if (std::none_of(members.begin(), members.end(), is_same)) {
            members.emplace_back(each.name(), each.text());
        }
    }
    crud::record record;
    record.document = crud::document(crud::object_key("ES", "ABC", "S1"),
                                     test::write_object(members), date_time(), {});
    record.revision = revision;
    return *read_snapshot(record);
}

session_snapshot completed(crud::revision revision)
{
    return snapshot(revision, {{"kwh", "5"},
                               {"status", R"("COMPLETED")"},
                               {"end_date_time", test::at("10:30")},
                               {"meter_value", "[]"}});
}

/// A policy and its session, to which a test applies events.
struct fixture {
    managed_state state;
    event_inputs inputs;

    fixture()
    {
        stored_policy under;
        under.rule = policy_for();
        under.revision = 1;
        state.policy = std::move(under);
    }

    void apply(const event& what, const std::string& time_of_day)
    {
        state = managed::apply(std::move(state), what, inputs, moment(time_of_day));
    }
    /// The session is reported.
    void report(session_snapshot session, const std::string& time_of_day)
    {
        inputs.session = std::make_shared<const session_snapshot>(std::move(session));
        apply(session_changed(), time_of_day);
    }
    void set_target(std::optional<target> wanted, const std::string& time_of_day)
    {
        target_set set;
        set.wanted = std::move(wanted);
        apply(set, time_of_day);
    }
    void replace(policy rule, const std::string& time_of_day)
    {
        rule_replaced replaced;
        replaced.rule = std::move(rule);
        apply(replaced, time_of_day);
    }

    bool changes_nothing() const { return !state.is_policy_changed && !state.is_session_changed; }
    bool is_current() const { return state.policy->current.has_value(); }
    const target_entry& latest_target() const { return state.session->targets.back(); }
};

/// The time at which the last planned block starts.
std::string start_of_plan(const managed_state& state)
{
    return to_string(state.session->planned.back().start).substr(11, 5);
}

}  // namespace

TEST_CASE("modules/managed/transition: a session that begins is planned and becomes current")
{
    fixture world;
    world.report(snapshot(7), "10:00");
    REQUIRE(world.state.session);
    CHECK(world.state.is_session_changed);
    CHECK(world.state.is_policy_changed);
    CHECK(world.state.session->session_revision == 7);
    CHECK(world.state.session->planned_at == moment("10:00"));
    CHECK(world.state.session->planned.size() == 1);
    CHECK(world.is_current());
    CHECK(world.state.policy->last_session_start == moment("10:00"));
}

TEST_CASE("modules/managed/transition: a change that is known has no effect")
{
    fixture world;
    world.report(snapshot(7), "10:00");
    world.report(snapshot(7), "10:05");
    CHECK(world.changes_nothing());
    world.report(snapshot(6), "10:05");
    CHECK(world.changes_nothing());
    world.report(snapshot(8), "10:05");
    CHECK(world.state.is_session_changed);
    CHECK_FALSE(world.state.is_policy_changed);
    CHECK(world.state.session->planned_at == moment("10:05"));
}

TEST_CASE("modules/managed/transition: a session that has not begun, or matches no policy, waits")
{
    fixture world;
    world.report(snapshot(7, {{"status", R"("PENDING")"}}), "10:00");
    CHECK(world.changes_nothing());
    world.inputs.is_matching = false;
    world.report(snapshot(8), "10:00");
    CHECK(world.changes_nothing());
    world.inputs.is_matching = true;
    world.state.policy.reset();
    world.report(snapshot(9), "10:00");
    CHECK(world.changes_nothing());
}

TEST_CASE("modules/managed/transition: a session that settled before the policy stays unmanaged")
{
    fixture world;
    world.state.policy->rule_revision = 9;
    world.report(completed(8), "10:40");
    CHECK(world.changes_nothing());
    world.report(completed(9), "10:40");
    CHECK(world.state.session->is_settled);
}

TEST_CASE("modules/managed/transition: a target for the next session is adopted by it")
{
    fixture world;
    world.set_target(immediate_start("80"), "09:30");
    CHECK(world.state.is_policy_changed);
    CHECK(world.state.policy->upcoming.back().id == 2);
    world.report(snapshot(7), "10:00");
    CHECK(world.state.policy->upcoming.empty());
    CHECK(world.latest_target().id == 2);
    CHECK(world.state.session->planned.front().type == block_type::immediate_start);
}

TEST_CASE("modules/managed/transition: a session that settles makes way for the next one")
{
    fixture world;
    world.report(snapshot(7), "10:00");
    world.report(completed(8), "10:40");
    CHECK(world.state.session->is_settled);
    CHECK_FALSE(world.is_current());
    CHECK(world.state.session->planned_at == moment("10:30"));
    // A late report still updates its result.
    world.inputs.is_matching = false;
    world.report(completed(9), "10:45");
    CHECK(world.state.is_session_changed);
    CHECK_FALSE(world.state.is_policy_changed);
    CHECK(world.state.session->session_revision == 9);
}

TEST_CASE("modules/managed/transition: a session does not replace one that began later")
{
    fixture world;
    world.state.policy->current.emplace("ES", "ABC", "S2");
    world.state.policy->last_session_start = moment("10:20");
    world.inputs.is_newest = false;
    world.report(snapshot(7), "10:30");
    CHECK(world.state.session);
    CHECK(world.state.policy->current->id == ci_string("S2"));
    CHECK(world.state.policy->last_session_start == moment("10:20"));
}

TEST_CASE("modules/managed/transition: the target of a released session is for the next one")
{
    for (const bool is_invalid : {false, true}) {
        fixture world;
        world.report(snapshot(7), "10:00");
        world.set_target(immediate_start("80"), "10:05");
        world.inputs.is_matching = is_invalid;
        world.report(snapshot(8, {{"status", is_invalid ? R"("INVALID")" : R"("ACTIVE")"}}),
                     "10:10");
        CHECK_FALSE(world.state.session);
        CHECK(world.state.is_session_changed);
        CHECK(world.state.is_policy_changed);
        CHECK_FALSE(world.is_current());
        REQUIRE(world.state.policy->upcoming.size() == 1);
        CHECK(world.state.policy->upcoming.back().id == 2);
    }
}

TEST_CASE("modules/managed/transition: a quarter-hour makes one plan for each that has passed")
{
    fixture world;
    world.report(snapshot(7), "10:00");
    world.apply(quarter_hour(), "10:14");
    CHECK(world.changes_nothing());
    world.apply(quarter_hour(), "10:31");
    CHECK(world.state.is_session_changed);
    CHECK(world.state.session->planned_at == moment("10:30"));
    // A newer state of the session, not applied yet, makes its own plan.
    world.inputs.session = std::make_shared<const session_snapshot>(snapshot(8));
    world.apply(quarter_hour(), "10:46");
    CHECK(world.changes_nothing());
}

TEST_CASE("modules/managed/transition: new prices change the plan once")
{
    fixture world;
    world.inputs.prices = cheap_from("12:00", "13:00");
    world.report(snapshot(7), "10:00");
    CHECK(start_of_plan(world.state) == "12:00");
    world.inputs.prices = cheap_from("14:00", "15:00");
    world.apply(prices_changed(), "10:05");
    CHECK(world.state.is_session_changed);
    CHECK(start_of_plan(world.state) == "14:00");
    CHECK(world.state.session->planned_at == moment("10:05"));
    world.apply(prices_changed(), "10:05");
    CHECK(world.changes_nothing());
}

TEST_CASE("modules/managed/transition: a target that is set is that of the session under way")
{
    fixture world;
    world.report(snapshot(7), "10:00");
    world.set_target(by_user("90", "18:00"), "10:05");
    CHECK(world.state.is_session_changed);
    CHECK_FALSE(world.state.is_policy_changed);
    CHECK(world.latest_target().id == 2);
    CHECK(world.state.session->planned_at == moment("10:05"));
    world.set_target(std::nullopt, "10:10");
    CHECK(world.latest_target().id == 3);
    CHECK_FALSE(world.latest_target().user_override);
}

TEST_CASE("modules/managed/transition: a replaced policy is followed, or releases the session")
{
    fixture world;
    world.report(snapshot(7), "10:00");
    auto rule = policy_for();
    rule.schedule[0].minimum_charge_target = number("80");
    world.replace(rule, "10:05");
    CHECK(world.state.policy->rule_revision == 1);
    CHECK(world.latest_target().id == 2);
    CHECK(world.state.session->rule.schedule[0].minimum_charge_target == number("80"));
    // The same again, as after a failed save of the policy.
    world.replace(rule, "10:05");
    CHECK(world.latest_target().id == 2);

    world.inputs.is_matching = false;
    world.replace(rule, "10:10");
    CHECK_FALSE(world.state.session);
    CHECK(world.state.is_session_changed);
    CHECK_FALSE(world.is_current());
}

TEST_CASE("modules/managed/transition: a replaced policy changes the target of the next session")
{
    fixture world;
    auto rule = policy_for();
    rule.schedule[0].minimum_charge_target = number("80");
    world.replace(rule, "09:30");
    CHECK(world.state.is_policy_changed);
    CHECK_FALSE(world.state.is_session_changed);
    REQUIRE(world.state.policy->upcoming.size() == 1);
    CHECK(world.state.policy->upcoming.back().id == 2);
}

TEST_CASE("modules/managed/transition: preferences that were sent are not a driver's wish")
{
    fixture world;
    world.report(snapshot(7), "10:00");
    preferences_sent sent;
    sent.request.target_id = 1;
    sent.request.preferences = R"({"profile_type":"FAST"})";
    world.apply(sent, "10:01");
    CHECK(world.state.session->requests.size() == 1);
    world.apply(sent, "10:02");
    CHECK(world.state.session->requests.size() == 1);
    world.report(snapshot(8, {{"charging_preferences", sent.request.preferences}}), "10:03");
    CHECK(world.latest_target().id == 1);
    world.report(
        snapshot(9, {{"charging_preferences", R"({"profile_type":"FAST","energy_need":5})"}}),
        "10:04");
    CHECK(world.latest_target().id == 2);
}

TEST_CASE("modules/managed/transition: the last few requests are remembered, and their answer")
{
    fixture world;
    world.report(snapshot(7), "10:00");
    preferences_answered refused;
    refused.is_refused = true;
    world.apply(refused, "10:01");
    CHECK(world.changes_nothing());
    for (int i = 1; i <= 6; ++i) {
        preferences_sent sent;
        sent.request.target_id = i;
        sent.request.preferences = std::to_string(i);
        world.apply(sent, "10:01");
    }
    CHECK(world.state.session->requests.size() == 4);
    world.apply(refused, "10:02");
    CHECK(world.state.session->requests.back().target_id == 6);
    CHECK(world.state.session->requests.back().is_answered);
    CHECK(world.state.session->preferences_unsupported);
    // Of an EVSE of our own it is known.
    world.inputs.preferences_unsupported = false;
    world.report(snapshot(8), "10:03");
    CHECK_FALSE(world.state.session->preferences_unsupported);
}

}  // namespace transition_test
