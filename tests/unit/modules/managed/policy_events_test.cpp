#include "modules/managed/policy_events.hpp"

#include "tests/support/managed_world.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace policy_events_test {

using namespace ocpi;
using namespace ocpi::sessions;
using namespace ocpi::managed;
using namespace ocpi::managed_test;
using test::run_awaitable;

namespace {

/// One cheap hour, which a test can move.
class movable_prices final : public energy_prices {
public:
    std::string cheap_from = "12:00";

    boost::asio::awaitable<result<price_curve>> prices_for(sessions::session, profile_type,
                                                           time_zone) override
    {
        const auto from = moment(cheap_from);
        const date_time until(from.instant() + std::chrono::hours(1));
        price_curve curve = [from, until](date_time slot) {
            return rational(slot >= from && slot < until ? 1 : 2);
        };
        co_return curve;
    }
};

/// The events of the policies of a store, with the sessions that it is told of.
struct fixture final : change_listener, std::enable_shared_from_this<fixture> {
    std::shared_ptr<adjustable_clock> time = std::make_shared<adjustable_clock>();
    std::shared_ptr<test::scripted_crud> crud = std::make_shared<test::scripted_crud>();
    std::shared_ptr<movable_prices> prices = std::make_shared<movable_prices>();
    snapshot_reader reader{crud, prices, nullptr, {}};
    std::vector<std::string> updated;
    policy_events events{crud, time, reader,
                         [this](const crud::object_key& key) { updated.push_back(key.id.str()); }};

    void on_change(const session_change& change) noexcept override { events.post(change); }

    void create(const std::string& id, std::vector<ci_string> contracts)
    {
        stored_policy created;
        created.rule = policy_for(id);
        created.rule.contract_ids = std::move(contracts);
        REQUIRE(run_awaitable(events.policies().save(created)).has_value());
    }
    /// The CPO reports a session of that contract, plugged in at 10:00 with 30 %.
    void report(const std::string& id, const std::string& contract, const std::string& time_of_day)
    {
        time->set(moment(time_of_day));
        const auto token = R"({"country_code":"DE","party_id":"EMP","uid":"U1","type":"RFID",)"
                           R"("contract_id":")" +
                           contract + "\"}";
        const auto text = managed_world::text_of(id, {{"kwh", "0"},
                                                      {"soc_start", "30"},
                                                      {"cdr_token", token},
                                                      {"last_updated", test::at(time_of_day)}});
        const auto key = managed_world::key(id);
        const auto sent = read_session(text, body_kind::whole, strictness::tolerant, key);
        REQUIRE(sent.has_value());
        session_writer store(crud, change_listeners{shared_from_this()});
        REQUIRE(run_awaitable(store.put(crud::interface_side::receiver, key, *sent,
                                        strictness::tolerant, time->now()))
                    .has_value());
    }
    result<void> drain(const std::string& policy_id)
    {
        return run_awaitable(events.drain(policy_id));
    }
    std::optional<managed_session> record(const std::string& id)
    {
        auto found = run_awaitable(events.records().find(managed_world::key(id))).value();
        if (!found) return std::nullopt;
        return std::move(found->value);
    }
    std::optional<managed_session> up_to_date_record(const std::string& id)
    {
        const auto session = run_awaitable(reader.find(managed_world::key(id))).value();
        return run_awaitable(events.record_of(session)).value();
    }
    std::string owner(const std::string& id)
    {
        const auto known = record(id);
        return known ? known->rule.id : "none";
    }
    std::string plan_start(const std::string& id)
    {
        return to_string(up_to_date_record(id)->planned.back().start).substr(11, 5);
    }
};

const ci_string a("DE-EMP-A");
const ci_string b("DE-EMP-B");
const ci_string c("DE-EMP-C");

}  // namespace

TEST_CASE("modules/managed/policy_events: each policy has a mailbox, also if contracts overlap")
{
    const auto world = std::make_shared<fixture>();
    world->create("P1", {a, b});
    world->create("P2", {b, c});
    world->report("S1", "DE-EMP-A", "10:00");
    world->report("S2", "DE-EMP-B", "10:01");
    world->report("S3", "DE-EMP-C", "10:02");
    CHECK(world->events.changes().waiting("", 10) == std::vector<std::string>{"P1", "P2"});
    REQUIRE(world->drain("P2").has_value());
    CHECK(world->owner("S2") == "none");
    CHECK(world->owner("S3") == "P2");
    REQUIRE(world->drain("P1").has_value());
    CHECK(world->owner("S1") == "P1");
    CHECK(world->owner("S2") == "P1");
    CHECK(world->record("S2")->planned_at == moment("10:01"));
    CHECK(world->events.changes().waiting("", 10).empty());
}

TEST_CASE("modules/managed/policy_events: a change is in force since it was posted")
{
    const auto world = std::make_shared<fixture>();
    world->create("P1", {a});
    world->report("S1", "DE-EMP-A", "10:03");
    world->time->set(moment("10:20"));
    REQUIRE(world->drain("P1").has_value());
    CHECK(world->record("S1")->planned_at == moment("10:03"));
    CHECK(world->updated == std::vector<std::string>{"S1"});
}

TEST_CASE("modules/managed/policy_events: sessions without a policy are not posted")
{
    const auto world = std::make_shared<fixture>();
    world->create("P1", {a});
    world->report("S1", "DE-EMP-B", "10:00");
    CHECK(world->events.changes().waiting("", 10).empty());
}

TEST_CASE("modules/managed/policy_events: a session that changes its contract changes its policy")
{
    const auto world = std::make_shared<fixture>();
    world->create("P1", {a});
    world->create("P2", {b});
    world->report("S1", "DE-EMP-A", "10:00");
    REQUIRE(world->drain("P1").has_value());
    CHECK(world->owner("S1") == "P1");
    world->report("S1", "DE-EMP-B", "10:05");
    REQUIRE(world->drain("P2").has_value());
    CHECK(world->owner("S1") == "P2");
    CHECK_FALSE(run_awaitable(world->events.policies().find("P1")).value().current);
    CHECK(run_awaitable(world->events.policies().find("P2")).value().current);
}

TEST_CASE("modules/managed/policy_events: a failed change waits, and no other session for it")
{
    const auto world = std::make_shared<fixture>();
    world->create("P1", {a, b});
    world->report("S1", "DE-EMP-A", "10:00");
    world->report("S2", "DE-EMP-B", "10:01");
    world->report("S1", "DE-EMP-A", "10:02");
    world->crud->before_create = [](const crud::document& document) -> std::optional<error> {
        if (document.key.id != ci_string("S1")) return std::nullopt;
        return error(errc::storage, "the disk is full");
    };
    CHECK(world->drain("P1").error().text() == "the disk is full");
    CHECK(world->owner("S1") == "none");
    CHECK(world->owner("S2") == "P1");
    world->crud->before_create = nullptr;
    REQUIRE(world->drain("P1").has_value());
    CHECK(world->record("S1")->planned_at == moment("10:02"));
}

TEST_CASE("modules/managed/policy_events: plans include the prices that have changed")
{
    const auto world = std::make_shared<fixture>();
    world->create("P1", {a});
    world->report("S1", "DE-EMP-A", "10:00");
    CHECK(world->plan_start("S1") == "12:00");
    world->prices->cheap_from = "14:00";
    world->events.post_prices(party("ES", "XYZ"));
    CHECK(world->plan_start("S1") == "12:00");
    world->events.post_prices(party("es", "abc"));
    CHECK(world->plan_start("S1") == "14:00");
    const auto updates = world->crud->updates;
    CHECK(world->plan_start("S1") == "14:00");
    CHECK(world->crud->updates == updates);
}

}  // namespace policy_events_test
