// Several processes on one store: one of them has the care of all policies.

#include "modules/managed/managed_session_service.hpp"
#include "modules/sessions/session_record.hpp"
#include "modules/sessions/session_writer.hpp"
#include "tests/support/forwarding_crud.hpp"
#include "tests/support/leased_crud.hpp"
#include "tests/support/managed_world.hpp"
#include "tests/support/recording_logger.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace policy_leases_test {

using namespace ocpi;
using namespace ocpi::managed;
using namespace ocpi::managed_test;
using namespace std::chrono_literals;
using test::run_awaitable;

namespace {

namespace asio = boost::asio;

const std::vector<member> plugged_in{
    {"kwh", "0"}, {"soc_start", "30"}, {"meter_value", test::registers({{"10:00", "0"}})}};

/// Counts how often sessions are listed as a sender, in whatever order: its store has no
/// list_changes. What finds the latest revision lists as a receiver.
class list_counter final : public test::forwarding_crud {
public:
    using forwarding_crud::forwarding_crud;

    int lists_of_sessions = 0;

    asio::awaitable<result<crud::page>> list(std::string_view module, crud::interface_side side,
                                             crud::list_query query) override
    {
        const bool is_of_sessions = module == sessions::session_records;
        if (is_of_sessions && side == crud::interface_side::sender) ++lists_of_sessions;
        return forwarding_crud::list(module, side, std::move(query));
    }
};

struct process {
    asio::io_context context;
    std::shared_ptr<test::recording_logger> log = std::make_shared<test::recording_logger>();
    std::shared_ptr<scripted_forwarder> cpo = std::make_shared<scripted_forwarder>();
    std::shared_ptr<crud::lease_keeper> keeper;
    std::shared_ptr<managed_session_service> manager;
    std::shared_ptr<sessions::session_writer> sessions;
    bool is_awake = true;
};

struct cluster {
    std::shared_ptr<adjustable_clock> clock = std::make_shared<adjustable_clock>();
    test::manual_time time;
    std::shared_ptr<test::scripted_crud> store = std::make_shared<test::scripted_crud>();
    std::shared_ptr<list_counter> counter = std::make_shared<list_counter>(store);
    std::shared_ptr<test::memory_leases> leases = std::make_shared<test::memory_leases>(time);
    process one;
    process two;

    cluster()
    {
        clock->set(moment("09:00"));
        start(one);
        start(two);
    }
    ~cluster()
    {
        for (auto* each : {&one, &two}) {
            if (each->manager) stop(*each);
        }
    }

    void start(process& of)
    {
        const auto crud = std::make_shared<test::leased_crud>(counter, leases);
        auto options = time.keeper_options();
        options.log = of.log;
        of.keeper = std::make_shared<crud::lease_keeper>(crud, std::move(options));
        of.keeper->start(of.context.get_executor());
        service_dependencies parts;
        parts.crud = crud;
        parts.time = clock;
        parts.forwarder = of.cpo;
        parts.log = of.log;
        parts.leases = of.keeper;
        of.manager = std::make_shared<managed_session_service>(std::move(parts));
        of.sessions = std::make_shared<sessions::session_writer>(
            crud, sessions::change_listeners{of.manager});
        of.manager->start(of.context.get_executor());
        run_ready(of);
    }

    static void run_ready(process& of)
    {
        of.context.restart();
        while (of.context.poll() > 0) {
        }
    }

    void stop(process& of)
    {
        bool has_stopped = false;
        const auto all = [&]() -> asio::awaitable<void> {
            co_await of.manager->stop();
            co_await of.keeper->stop();
            has_stopped = true;
        };
        asio::co_spawn(of.context, all(), asio::detached);
        for (int i = 0; i < 100 && !has_stopped; ++i) run_ready(of);
        REQUIRE(has_stopped);
        of.manager.reset();
        of.is_awake = false;
    }

    /// All that those that are awake can do now, as if their watch had told them of changes and a
    /// second had passed.
    void run()
    {
        for (int i = 0; i < 3; ++i) {
            for (auto* each : {&one, &two}) {
                if (!each->is_awake) continue;
                each->manager->on_store_revision(0);
                each->manager->look_now();
                run_ready(*each);
            }
        }
    }

    void let_pass(std::chrono::milliseconds period)
    {
        for (auto passed = 0ms; passed < period; passed += 100ms) {
            time.advance(100ms);
            run();
        }
    }

    bool has_care(const process& of) const { return of.manager->is_waited_for(); }
    process& owner() { return has_care(one) ? one : two; }
    process& other() { return has_care(one) ? two : one; }

    static crud::object_key key(const std::string& id) { return managed_world::key(id); }

    void put(process& at, const std::string& time_of_day, const std::string& id,
             std::vector<member> changes)
    {
        clock->set(moment(time_of_day));
        changes.emplace_back("last_updated", test::at(time_of_day));
        const auto text = managed_world::text_of(id, std::move(changes));
        constexpr auto tolerant = sessions::strictness::tolerant;
        const auto sent =
            sessions::read_session(text, sessions::body_kind::whole, tolerant, key(id));
        REQUIRE(sent.has_value());
        REQUIRE(run_awaitable(at.sessions->put(crud::interface_side::receiver, key(id), *sent,
                                               tolerant, clock->now()))
                    .has_value());
    }

    std::optional<managed_session> record(const std::string& id)
    {
        managed_store records(store);
        auto found = run_awaitable(records.find(key(id))).value();
        if (!found) return std::nullopt;
        return std::move(found->value);
    }

    void create_policy(process& at)
    {
        run_awaitable(at.manager->create_policy(policy_for())).value();
    }

    /// A policy and its session S1, which was plugged in at 10:00, each written by another process.
    void plan_session()
    {
        create_policy(one);
        put(two, "10:00", "S1", plugged_in);
        run();
    }
};

}  // namespace

TEST_CASE("modules/managed/policy_leases: one process has the care of all policies")
{
    cluster at;
    CHECK(at.has_care(at.one));
    CHECK_FALSE(at.has_care(at.two));
}

TEST_CASE("modules/managed/policy_leases: a session is managed, whichever process has written it")
{
    cluster at;
    at.create_policy(at.other());
    at.put(at.other(), "10:00", "S1", plugged_in);
    at.let_pass(1s);
    REQUIRE(at.record("S1"));
    CHECK(at.record("S1")->planned_at == moment("10:00"));
}

TEST_CASE("modules/managed/policy_leases: without policies no session is read")
{
    cluster at;
    at.put(at.one, "09:00", "S1", plugged_in);
    at.run();
    CHECK(at.counter->lists_of_sessions == 0);
    at.create_policy(at.one);
    at.run();
    CHECK(at.counter->lists_of_sessions > 0);
}

TEST_CASE("modules/managed/policy_leases: at a quarter-hour plans are made once, by one process")
{
    cluster at;
    at.plan_session();
    at.clock->set(moment("10:16"));
    const auto before = at.store->updates;
    at.run();
    CHECK(at.record("S1")->planned_at == moment("10:15"));
    const auto written = at.store->updates - before;
    at.run();
    CHECK(at.store->updates - before == written);
    CHECK(written == 1);
}

TEST_CASE(
    "modules/managed/policy_leases: a successor makes the plans of a quarter-hour that passed")
{
    cluster at;
    at.plan_session();
    auto& killed = at.owner();
    auto& staying = at.other();
    killed.is_awake = false;
    at.clock->set(moment("10:16"));
    at.let_pass(15s);
    CHECK(at.has_care(staying));
    CHECK(at.record("S1")->planned_at == moment("10:15"));
}

TEST_CASE("modules/managed/policy_leases: a successor applies what was written in between")
{
    cluster at;
    at.plan_session();
    auto& killed = at.owner();
    auto& staying = at.other();
    killed.is_awake = false;
    auto changed = plugged_in;
    changed.emplace_back("total_cost", R"({"before_taxes":9})");
    at.put(staying, "10:10", "S1", changed);
    const auto stored = run_awaitable(
        at.store->get("sessions", crud::interface_side::receiver, cluster::key("S1")));
    CHECK(at.record("S1")->session_revision < stored->revision);
    at.let_pass(15s);
    CHECK(at.record("S1")->session_revision == stored->revision);
}

TEST_CASE("modules/managed/policy_leases: one that slept writes nothing, and says so once")
{
    cluster at;
    at.plan_session();
    auto& sleeper = at.owner();
    sleeper.is_awake = false;
    at.let_pass(15s);
    at.clock->set(moment("10:16"));
    at.run();
    const auto before = at.store->updates;
    at.clock->set(moment("10:31"));
    sleeper.manager->look_now();
    cluster::run_ready(sleeper);
    CHECK(at.store->updates == before);
    const auto text = sleeper.log->text();
    CHECK(text.find("lost the lease policies") != std::string::npos);
    CHECK(text.find("lost the lease policies") == text.rfind("lost the lease policies"));
    CHECK(text.find("cannot be kept up to date") == std::string::npos);
    sleeper.is_awake = true;
    at.run();
    CHECK(at.record("S1")->planned_at == moment("10:30"));
}

TEST_CASE("modules/managed/policy_leases: a target set at another process goes to the CPO once")
{
    cluster at;
    at.plan_session();
    auto& owner = at.owner();
    auto& other = at.other();
    const auto before = owner.cpo->asked.size();
    run_awaitable(other.manager->change_target("P1", by_user("80", "16:00"))).value();
    at.run();
    CHECK(owner.cpo->asked.size() == before + 1);
    CHECK(other.cpo->asked.empty());
    at.run();
    CHECK(owner.cpo->asked.size() == before + 1);
}

TEST_CASE("modules/managed/policy_leases: a request shows what another process has just written")
{
    cluster at;
    at.create_policy(at.one);
    at.run();
    at.put(at.owner(), "10:00", "S1", plugged_in);
    auto shown = run_awaitable(at.other().manager->current_session("P1"));
    REQUIRE(shown.has_value());
    CHECK(part(*shown, "/state") == R"("ACTIVE:REGULAR")");
}

}  // namespace policy_leases_test
