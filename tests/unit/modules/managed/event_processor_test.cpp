#include "modules/managed/event_processor.hpp"

#include "crud/errors.hpp"
#include "tests/support/managed_world.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace event_processor_test {

using namespace ocpi;
using namespace ocpi::sessions;
using namespace ocpi::managed;
using namespace ocpi::managed_test;
using test::run_awaitable;

namespace {

/// A store with the policy P1 and its session S1, plugged in at 10:00.
struct fixture {
    std::shared_ptr<test::scripted_crud> crud = std::make_shared<test::scripted_crud>();
    snapshot_reader reader{crud, nullptr, nullptr, {}};
    policy_store policies{crud};
    managed_store records{crud};
    event_processor processor{policies, records, reader};
    /// The records written, such as `S1 P1`.
    std::string written;

    fixture()
    {
        stored_policy created;
        created.rule = policy_for();
        REQUIRE(run_awaitable(policies.save(created)).has_value());
        session_writer store(crud);
        const auto key = managed_world::key("S1");
        const auto text = managed_world::text_of("S1", {{"kwh", "0"}, {"soc_start", "30"}});
        const auto sent = read_session(text, body_kind::whole, strictness::tolerant, key);
        REQUIRE(sent.has_value());
        REQUIRE(run_awaitable(store.put(crud::interface_side::receiver, key, *sent,
                                        strictness::tolerant, moment("10:00")))
                    .has_value());
        const auto write_down = [this](const crud::document& document) -> std::optional<error> {
            written += (written.empty() ? "" : " ") + document.key.id.str();
            return std::nullopt;
        };
        crud->before_create = write_down;
        crud->before_update = write_down;
    }

    session_ptr session() { return run_awaitable(reader.find(managed_world::key("S1"))).value(); }
    result<managed_state> process(event what, const std::string& time_of_day,
                                  session_ptr about = nullptr)
    {
        policy_event of("P1", std::move(what), moment(time_of_day), std::move(about));
        return run_awaitable(processor.process(std::move(of)));
    }
    stored_policy policy() { return run_awaitable(policies.find("P1")).value(); }
    std::optional<stored_session> record()
    {
        return run_awaitable(records.find(managed_world::key("S1"))).value();
    }
};

target_set set_to(std::optional<target> wanted)
{
    target_set set;
    set.wanted = std::move(wanted);
    return set;
}

}  // namespace

TEST_CASE("modules/managed/event_processor: the record names a revision once the policy is saved")
{
    fixture world;
    world.crud->before_update = [&](const crud::document& document) -> std::optional<error> {
        world.written += ' ' + document.key.id.str();
        if (document.key.id != ci_string("P1")) return std::nullopt;
        return error(errc::storage, "the disk is full");
    };
    CHECK(world.process(session_changed(), "10:00", world.session()).has_error());
    CHECK(world.written == "S1 P1");
    REQUIRE(world.record());
    CHECK(world.record()->value.session_revision == 0);
    world.crud->before_update = nullptr;
    CHECK(world.process(session_changed(), "10:00", world.session()).has_value());
    CHECK(world.record()->value.session_revision == world.session()->revision);
    CHECK(world.policy().current);
}

TEST_CASE("modules/managed/event_processor: only what an event has changed is written")
{
    fixture world;
    REQUIRE(world.process(session_changed(), "10:00", world.session()).has_value());
    CHECK(world.written == "S1 P1 S1");
    world.written.clear();
    REQUIRE(world.process(session_changed(), "10:00", world.session()).has_value());
    REQUIRE(world.process(quarter_hour(), "10:10", world.session()).has_value());
    CHECK(world.written.empty());
    REQUIRE(world.process(set_to(immediate_start("80")), "10:10").has_value());
    CHECK(world.written == "S1");
    rule_replaced replaced;
    replaced.rule = policy_for();
    REQUIRE(world.process(replaced, "10:11").has_value());
    CHECK(world.written == "S1 S1 P1");
}

TEST_CASE("modules/managed/event_processor: an event is applied again after a write conflict")
{
    fixture world;
    REQUIRE(world.process(session_changed(), "10:00", world.session()).has_value());
    int conflicts = 2;
    world.crud->before_update = [&](const crud::document&) -> std::optional<error> {
        if (conflicts-- <= 0) return std::nullopt;
        return crud::revision_mismatch();
    };
    const auto state = world.process(set_to(immediate_start("80")), "10:05").value();
    CHECK(conflicts < 0);
    CHECK(state.session->targets.back().id == 2);
    CHECK(world.record()->value.targets.back().id == 2);
}

TEST_CASE("modules/managed/event_processor: a replaced policy that does not match releases")
{
    fixture world;
    REQUIRE(world.process(session_changed(), "10:00", world.session()).has_value());
    rule_replaced replaced;
    replaced.rule = policy_for();
    replaced.rule.location.location_id = ci_string("L2");
    REQUIRE(world.process(replaced, "10:05").has_value());
    CHECK_FALSE(world.record());
    CHECK_FALSE(world.policy().current);
    CHECK(world.policy().rule.location.location_id == ci_string("L2"));
}

TEST_CASE("modules/managed/event_processor: the session under way must be live and visible")
{
    fixture world;
    REQUIRE(world.process(session_changed(), "10:00", world.session()).has_value());
    policy_event of("P1", set_to(immediate_start("80")), moment("10:05"));
    of.visible = std::vector<ci_string>{ci_string("DE-EMP-C2")};
    const auto state = run_awaitable(world.processor.process(of)).value();
    CHECK_FALSE(state.session);
    CHECK(state.policy->upcoming.back().id == 2);
    CHECK(world.record()->value.targets.back().id == 1);
}

TEST_CASE("modules/managed/event_processor: the record of another policy is left alone")
{
    fixture world;
    REQUIRE(world.process(session_changed(), "10:00", world.session()).has_value());
    world.written.clear();
    const policy_event of("P2", session_changed(), moment("10:05"), world.session());
    const auto state = run_awaitable(world.processor.process(of)).value();
    CHECK(state.session->rule.id == "P1");
    CHECK(world.written.empty());
}

TEST_CASE("modules/managed/event_processor: without a policy there is no target")
{
    fixture world;
    REQUIRE(run_awaitable(world.policies.remove("P1")).has_value());
    const auto set = world.process(set_to(immediate_start("80")), "10:05");
    REQUIRE(set.has_error());
    CHECK(set.error().code() == errc::not_found);
}

}  // namespace event_processor_test
