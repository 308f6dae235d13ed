#include "modules/managed/scheduler.hpp"

#include "tests/support/managed_world.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <algorithm>
#include <cstddef>
#include <memory>
#include <string>

namespace scheduler_test {

using namespace ocpi;
using namespace ocpi::sessions;
using namespace ocpi::managed;
using namespace ocpi::managed_test;
using ocpi::test::registers;
using test::run_awaitable;

namespace {

namespace asio = boost::asio;

/// A service whose scheduler runs on a context that a test polls: no test waits in real time.
struct working_world : managed_world {
    asio::io_context context;

    explicit working_world(std::vector<party> own_parties = {})
        : managed_world(std::move(own_parties))
    {
        create(policy_for());
        manager->start(context.get_executor());
    }
    ~working_world() { stop(); }
    working_world(const working_world&) = delete;
    working_world& operator=(const working_world&) = delete;

    /// All that can be done now.
    void run_ready()
    {
        while (context.poll() > 0) {
        }
    }
    /// The same after one second or more.
    void run_later()
    {
        manager->look_now();
        run_ready();
    }
    void stop()
    {
        asio::co_spawn(context, manager->stop(), [](std::exception_ptr) {});
        context.run();
    }

    std::optional<managed_session> record(const std::string& id)
    {
        managed_store records(crud);
        auto found = run_awaitable(records.find(key(id))).value();
        if (!found) return std::nullopt;
        return std::move(found->value);
    }
    /// What the CPO was asked for last on behalf of S1.
    std::optional<control_request> last_request()
    {
        const auto known = record("S1");
        if (!known || known->requests.empty()) return std::nullopt;
        return known->requests.back();
    }
    std::size_t times_asked() const { return cpo->asked.size(); }

    /// Plugged in at 10:00 with 30 %, reported at that time; perhaps with preferences.
    void report(const std::string& time_of_day, const std::string& preferences = "")
    {
        std::vector<member> changes{{"kwh", "0"},
                                    {"soc_start", "30"},
                                    {"meter_value", registers({{"10:00", "0"}})},
                                    {"last_updated", test::at(time_of_day)}};
        if (!preferences.empty()) changes.emplace_back("charging_preferences", preferences);
        REQUIRE(put(time_of_day, "S1", changes));
    }
};

const std::string cheap =
    R"({"profile_type":"CHEAP","departure_time":"2024-01-01T16:00:00Z","energy_need":10})";

}  // namespace

TEST_CASE("modules/managed/scheduler: changes are applied without a request")
{
    working_world world;
    world.run_ready();
    CHECK_FALSE(world.record("S1"));
    world.report("10:00");
    world.run_ready();
    CHECK(world.record("S1").has_value());
    CHECK(world.record("S1")->planned_at == moment("10:00"));
}

TEST_CASE("modules/managed/scheduler: changes posted before the start are applied")
{
    managed_world world;
    world.create(policy_for());
    REQUIRE(world.put("10:00", "S1", {{"kwh", "0"}}));
    asio::io_context context;
    world.manager->start(context.get_executor());
    managed_store records(world.crud);
    while (context.poll() > 0) {
    }
    CHECK(run_awaitable(records.find(world.key("S1"))).value());
    asio::co_spawn(context, world.manager->stop(), [](std::exception_ptr) {});
    context.run();
    CHECK(part(world.current("10:00"), "/state") == R"("ACTIVE:REGULAR")");
}

TEST_CASE("modules/managed/scheduler: after stopping, the service is not kept alive")
{
    managed_world world;
    asio::io_context context;
    const std::weak_ptr<managed_session_service> watched = world.manager;
    world.manager->start(context.get_executor());
    world.manager->start(context.get_executor());
    for (int i = 0; i < 5; ++i) context.poll();
    asio::co_spawn(context, world.manager->stop(), [](std::exception_ptr) {});
    context.run();
    CHECK(context.stopped());
    world.store.reset();
    world.manager.reset();
    CHECK(watched.expired());
}

TEST_CASE("modules/managed/scheduler: it can be stopped before its first step, and twice")
{
    managed_world world;
    asio::io_context context;
    asio::co_spawn(context, world.manager->stop(), [](std::exception_ptr) {});
    context.run();
    context.restart();
    world.manager->start(context.get_executor());
    asio::co_spawn(context, world.manager->stop(), [](std::exception_ptr) {});
    asio::co_spawn(context, world.manager->stop(), [](std::exception_ptr) {});
    context.run();
    CHECK(context.stopped());
    const std::weak_ptr<managed_session_service> watched = world.manager;
    world.store.reset();
    world.manager.reset();
    CHECK(watched.expired());
}

TEST_CASE("modules/managed/scheduler: on many threads it works, and stops")
{
    managed_world world;
    world.create(policy_for());
    for (int round = 0; round < 20; ++round) {
        asio::thread_pool threads(4);
        world.manager->start(threads.get_executor());
        for (int i = 0; i < 8; ++i) {
            REQUIRE(world.put("10:00", "S" + std::to_string(8 * round + i), {{"kwh", "0"}}));
        }
        auto stopped = asio::co_spawn(threads, world.manager->stop(), asio::use_future);
        stopped.get();
        threads.join();
    }
    CHECK(part(world.current("10:00"), "/state") == R"("ACTIVE:REGULAR")");
}

TEST_CASE(
    "modules/managed/scheduler: a record that cannot be read keeps no other from being worked on")
{
    working_world world;
    for (int i = 0; i < 40; ++i) {
        crud::document damaged(crud::object_key("ES", "ABC", "A" + std::to_string(i)), "{}",
                               date_time(), {});
        run_awaitable(world.crud->create("managed_sessions", crud::interface_side::sender, damaged))
            .value();
        REQUIRE(world.put("10:00", "A" + std::to_string(i), {{"kwh", "0"}}));
    }
    world.report("10:00");
    world.run_ready();
    CHECK(world.record("S1").has_value());
}

TEST_CASE("modules/managed/scheduler: it can be started again after it was stopped")
{
    working_world world;
    world.run_ready();
    world.stop();
    world.report("10:00");
    CHECK_FALSE(world.record("S1"));
    world.context.restart();
    world.manager->start(world.context.get_executor());
    world.run_ready();
    CHECK(world.record("S1").has_value());
    world.stop();
    world.context.restart();
}

TEST_CASE("modules/managed/scheduler: at each quarter-hour of the clock plans are made again")
{
    working_world world;
    world.report("10:00");
    world.run_ready();
    CHECK(world.record("S1").has_value());
    CHECK(world.record("S1"));
    world.time->set(moment("10:31"));
    world.run_later();
    CHECK(world.record("S1")->planned_at == moment("10:30"));
}

TEST_CASE("modules/managed/scheduler: a target is sent to the CPO once")
{
    working_world world;
    world.report("10:00");
    world.run_ready();
    CHECK(world.times_asked() > 0);
    CHECK(world.cpo->asked == std::vector<std::string>{cheap});
    REQUIRE(world.last_request());
    CHECK(world.last_request()->target_id == 1);
    CHECK(world.last_request()->is_answered);
    CHECK_FALSE(world.record("S1")->preferences_unsupported);

    world.report("10:02");
    world.run_ready();
    CHECK(world.times_asked() == 1);
    world.set_target("10:05", immediate_start("80"));
    world.run_ready();
    CHECK(world.times_asked() > 1);
    CHECK(world.cpo->asked.back() == R"({"profile_type":"FAST","energy_need":25})");
    CHECK(world.last_request()->target_id == 2);
}

TEST_CASE("modules/managed/scheduler: our own preferences, sent back by the CPO, are no override")
{
    working_world world;
    world.report("10:00");
    world.run_ready();
    CHECK(world.times_asked() > 0);
    world.report("10:02", cheap);
    world.run_ready();
    const auto shown = world.current("10:03");
    CHECK(part(shown, "/target/latest/id") == "1");
    CHECK(part(shown, "/target/latest/source") == R"("POLICY")");
    world.report("10:04", R"({"profile_type":"FAST"})");
    world.run_ready();
    CHECK(part(world.current("10:04"), "/target/latest/type") == R"("IMMEDIATE_START")");
}

TEST_CASE(
    "modules/managed/scheduler: what the CPO sends back before it answers is ours all the same")
{
    working_world world;
    world.cpo->failure = error(errc::partner_failure, "it does not answer in time");
    world.cpo->before_answer = [&] { world.report("10:01", cheap); };
    world.report("10:00");
    world.run_ready();
    CHECK(world.times_asked() > 0);
    const auto shown = world.current("10:02");
    CHECK(part(shown, "/target/latest/id") == "1");
    CHECK(part(shown, "/target/latest/source") == R"("POLICY")");
}

TEST_CASE(
    "modules/managed/scheduler: a CPO that is no partner is not asked, and no request is recorded")
{
    working_world world;
    world.cpo->is_there = false;
    world.report("10:00");
    world.run_ready();
    CHECK(world.record("S1").has_value());
    CHECK(world.times_asked() == 0);
    CHECK_FALSE(world.last_request());
}

TEST_CASE("modules/managed/scheduler: a CPO that refuses lacks a capability, until it accepts")
{
    working_world world;
    world.cpo->response = "NOT_POSSIBLE";
    world.report("10:00");
    world.run_ready();
    CHECK(world.times_asked() > 0);
    CHECK(world.record("S1")->preferences_unsupported);
    CHECK(part(world.current("10:10"), "/error/latest") ==
          R"({"type":"MISSING_CAPABILITIES",)"
          R"("missingCapabilities":["CHARGING_PREFERENCES_CAPABLE"]})");
    world.cpo->response = "ACCEPTED";
    world.set_target("10:12", immediate_start("80"));
    world.run_ready();
    CHECK(world.times_asked() > 1);
    CHECK_FALSE(world.record("S1")->preferences_unsupported);
    CHECK(part(world.current("10:12"), "/error/latest/type") != R"("MISSING_CAPABILITIES")");
}

TEST_CASE("modules/managed/scheduler: a CPO that takes no preferences lacks a capability")
{
    working_world world;
    world.cpo->failure = error(errc::not_found, "no such session");
    world.report("10:00");
    world.run_ready();
    CHECK(world.times_asked() > 0);
    CHECK(world.record("S1")->preferences_unsupported);
}

TEST_CASE(
    "modules/managed/scheduler: a CPO that does not answer is asked again at the quarter-hour")
{
    working_world world;
    world.cpo->failure = error(errc::partner_failure, "no partner is registered");
    world.report("10:00");
    world.run_ready();
    CHECK(world.times_asked() > 0);
    const auto asked = world.times_asked();
    REQUIRE(world.last_request());
    CHECK_FALSE(world.last_request()->is_answered);
    CHECK_FALSE(world.record("S1")->preferences_unsupported);
    world.cpo->failure.reset();
    world.time->set(moment("10:15"));
    world.run_later();
    CHECK(world.times_asked() > asked);
    CHECK(world.last_request()->is_answered);
    CHECK(part(world.current("10:16"), "/error/latest/type") == R"("START_FAIL")");
}

TEST_CASE("modules/managed/scheduler: what a CPO was asked for long ago is forgotten")
{
    working_world world;
    world.report("10:00");
    world.run_ready();
    CHECK(world.times_asked() == 1);
    for (int i = 1; i <= 6; ++i) {
        const auto asked = world.times_asked();
        world.set_target("10:0" + std::to_string(i), immediate_start(std::to_string(70 + i)));
        world.run_ready();
        CHECK(world.times_asked() > asked);
        world.run_ready();
    }
    CHECK(world.record("S1")->requests.size() == 4);
    CHECK(world.last_request()->target_id == 7);
}

TEST_CASE("modules/managed/scheduler: a CPO is asked for a few sessions at a time")
{
    working_world world;
    world.cpo->is_slow = true;
    constexpr std::size_t sessions = 16;
    for (std::size_t i = 0; i < sessions; ++i) {
        const auto number = std::to_string(i);
        auto rule = policy_for("Q" + number);
        rule.contract_ids = {ci_string("DE-EMP-Q" + number)};
        world.create(rule);
        const auto token = R"({"country_code":"DE","party_id":"EMP","uid":"U1","type":"RFID",)"
                           R"("contract_id":"DE-EMP-Q)" +
                           number + "\"}";
        REQUIRE(world.put("10:00", "T" + number, {{"kwh", "0"}, {"cdr_token", token}}));
    }
    world.run_ready();
    CHECK(world.cpo->waiting() > 0);
    std::size_t most = 0;
    for (std::size_t i = 0; i < sessions && world.times_asked() < sessions; ++i) {
        world.run_ready();
        most = std::max(most, world.cpo->waiting());
        world.cpo->answer_all();
    }
    CHECK(world.times_asked() == sessions);
    CHECK(most <= 4);
    CHECK(most > 1);
    world.cpo->is_slow = false;
    world.cpo->answer_all();
}

TEST_CASE("modules/managed/scheduler: no preferences are sent for a session of our own")
{
    working_world world({party("ES", "ABC")});
    world.report("10:00");
    world.run_ready();
    CHECK(world.record("S1").has_value());
    world.set_target("10:05", immediate_start("80"));
    world.run_ready();
    CHECK(world.times_asked() == 0);
}

TEST_CASE("modules/managed/scheduler: a store that fails is tried again")
{
    working_world world;
    world.run_ready();
    int failures = 0;
    world.crud->before_create = [&](const crud::document& document) -> std::optional<error> {
        if (document.json.find("\"isSettled\"") == std::string::npos) return std::nullopt;
        if (++failures > 1) return std::nullopt;
        return error(errc::storage, "the disk is full");
    };
    world.report("10:00");
    world.run_ready();
    CHECK(failures == 1);
    CHECK_FALSE(world.record("S1"));
    world.run_later();
    CHECK(failures == 2);
    CHECK(world.record("S1"));
}

TEST_CASE("modules/managed/scheduler: a quarter-hour that passes before the first step is not lost")
{
    managed_world world;
    world.create(policy_for());
    REQUIRE(world.put("10:00", "S1", {{"kwh", "0"}, {"soc_start", "30"}}));
    CHECK(part(world.current("10:00"), "/state") == R"("ACTIVE:REGULAR")");
    asio::io_context context;
    world.manager->start(context.get_executor());
    world.time->set(moment("10:20"));
    while (context.poll() > 0) {
    }
    managed_store records(world.crud);
    const auto record = run_awaitable(records.find(world.key("S1"))).value();
    REQUIRE(record);
    CHECK(record->value.planned_at == moment("10:15"));
    asio::co_spawn(context, world.manager->stop(), [](std::exception_ptr) {});
    context.run();
}

}  // namespace scheduler_test
