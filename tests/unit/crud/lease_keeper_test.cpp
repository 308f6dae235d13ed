#include "crud/lease_keeper.hpp"

#include "crud/lease_group.hpp"
#include "tests/support/leased_crud.hpp"
#include "tests/support/recording_logger.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace lease_keeper_test {

using namespace ocpi;
using namespace ocpi::crud;
using namespace std::chrono_literals;
using boost::asio::awaitable;

namespace {

/// What several processes share.
struct cluster {
    test::manual_time time;
    std::shared_ptr<memory_crud> store = std::make_shared<memory_crud>();
    std::shared_ptr<test::memory_leases> leases = std::make_shared<test::memory_leases>(time);
};

/// A process with work of the name "a", which writes when the test says so.
struct process {
    boost::asio::io_context context;
    std::shared_ptr<test::recording_logger> log = std::make_shared<test::recording_logger>();
    std::shared_ptr<ocpi::readiness> ready = std::make_shared<ocpi::readiness>();
    std::unique_ptr<lease_keeper> keeper;
    /// While the work runs.
    std::optional<lease_tenure> tenure;
    int begun = 0;

    explicit process(cluster& of)
    {
        auto options = of.time.keeper_options();
        options.log = log;
        options.readiness = ready;
        keeper = std::make_unique<lease_keeper>(
            std::make_shared<test::leased_crud>(of.store, of.leases), std::move(options));
        keeper->start(context.get_executor());
        leased_work work;
        work.run = [this](lease_tenure given) { return run(std::move(given)); };
        keeper->assign("a", std::move(work));
        run_ready();
    }

    awaitable<void> run(lease_tenure given)
    {
        ++begun;
        tenure = given;
        co_await given.wait_for_end();
        tenure.reset();
    }

    void run_ready()
    {
        context.restart();
        while (context.poll() > 0) {
        }
    }

    void stop()
    {
        boost::asio::co_spawn(context, keeper->stop(), boost::asio::detached);
        run_ready();
    }

    /// Through the tenure; the code of its failure.
    std::optional<errc> write(const lease_tenure& through, const std::string& id)
    {
        std::optional<errc> failed;
        const auto create = [&]() -> awaitable<void> {
            document made(object_key(id), "{}", date_time(), {});
            const auto written =
                co_await through.crud()->create("notes", interface_side::sender, std::move(made));
            if (written.has_error()) failed = written.error().code();
        };
        boost::asio::co_spawn(context, create(), boost::asio::detached);
        run_ready();
        return failed;
    }

    bool works() const { return tenure.has_value(); }
};

/// Lets time pass in steps of a tenth of a second, in which these processes run.
std::chrono::milliseconds run_until(cluster& of, const std::vector<process*>& awake,
                                    const std::function<bool()>& is_so)
{
    const auto began = of.time.now();
    while (!is_so()) {
        REQUIRE(of.time.now() - began < 60s);
        of.time.advance(100ms);
        for (auto* each : awake) each->run_ready();
    }
    return std::chrono::duration_cast<std::chrono::milliseconds>(of.time.now() - began);
}

}  // namespace

TEST_CASE("crud/lease_keeper: of two processes one does the work, for as long as it runs")
{
    cluster shared;
    process one(shared);
    process two(shared);
    CHECK(one.works());
    CHECK_FALSE(two.works());
    run_until(shared, {&one, &two}, [&, end = shared.time.now() + 50s] {
        CHECK(one.works());
        CHECK_FALSE(two.works());
        return shared.time.now() > end;
    });
    CHECK(one.begun == 1);
    CHECK(one.keeper->report().front().is_held);
    CHECK_FALSE(two.keeper->report().front().is_held);
    CHECK_FALSE(one.write(*one.tenure, "N1"));
}

TEST_CASE("crud/lease_keeper: one that stops is succeeded within a second")
{
    cluster shared;
    process one(shared);
    process two(shared);
    one.stop();
    CHECK_FALSE(one.works());
    CHECK(shared.leases->holder_of("a").empty());
    CHECK(run_until(shared, {&two}, [&] { return two.works(); }) <= 1s);
}

TEST_CASE("crud/lease_keeper: one that is killed is succeeded within 15 seconds")
{
    cluster shared;
    process one(shared);
    process two(shared);
    const auto took = run_until(shared, {&two}, [&] { return two.works(); });
    CHECK(took > 11s);
    CHECK(took < 15s);
}

TEST_CASE("crud/lease_keeper: one that slept writes nothing over its successor")
{
    cluster shared;
    process one(shared);
    process two(shared);
    const auto slept = *one.tenure;
    run_until(shared, {&two}, [&] { return two.works(); });
    CHECK_FALSE(two.write(*two.tenure, "N1"));
    // Before anything else has run in it.
    CHECK_FALSE(slept.is_held());
    CHECK(one.write(slept, "N2") == errc::lease_lost);
    CHECK_FALSE(one.works());
    shared.time.advance(1s);
    one.run_ready();
    two.run_ready();
    CHECK(two.works());
    CHECK_FALSE(one.works());
    CHECK(one.log->text().find("lost the lease a") != std::string::npos);
}

TEST_CASE("crud/lease_keeper: a write that the fence refuses ends the work, with one line")
{
    cluster shared;
    process one(shared);
    const auto tenure = *one.tenure;
    // Somebody takes the lease away, as an operator could.
    const auto thief = shared.leases;
    const auto steal = [&]() -> awaitable<void> {
        std::vector<held_lease> held{tenure.lease()};
        (void)co_await thief->release(thief->holder_of("a"), held);
        std::vector<std::string> names{"a"};
        (void)co_await thief->claim("thief", names, 12s);
    };
    boost::asio::co_spawn(one.context, steal(), boost::asio::detached);
    one.run_ready();
    CHECK(tenure.is_held());
    CHECK(one.write(tenure, "N1") == errc::lease_lost);
    CHECK_FALSE(tenure.is_held());
    CHECK(one.write(tenure, "N2") == errc::lease_lost);
    CHECK_FALSE(one.works());
    const auto text = one.log->text();
    CHECK(text.find("lost the lease a") == text.rfind("lost the lease a"));
}

TEST_CASE("crud/lease_keeper: a store that does not answer is a reason not to be ready")
{
    cluster shared;
    process one(shared);
    shared.leases->is_unreachable = true;
    run_until(shared, {&one}, [&] { return !one.ready->reasons().empty(); });
    CHECK(one.ready->reasons() == std::vector<std::string>{"lease store unreachable"});
    CHECK(one.works());
    CHECK(run_until(shared, {&one}, [&] { return !one.works(); }) < 5s);
    shared.leases->is_unreachable = false;
    run_until(shared, {&one}, [&] { return one.works(); });
    CHECK(one.ready->reasons().empty());
}

TEST_CASE("crud/lease_keeper: work that throws is logged, and begins again")
{
    cluster shared;
    process one(shared);
    leased_work failing;
    int tries = 0;
    failing.run = [&tries](lease_tenure) -> awaitable<void> {
        ++tries;
        throw std::runtime_error("a bug");
        co_return;
    };
    one.keeper->assign("b", std::move(failing));
    one.run_ready();
    CHECK(tries == 1);
    run_until(shared, {&one}, [&] { return tries == 3; });
    CHECK(one.log->text().find("the work of the lease b failed: a bug") != std::string::npos);
}

TEST_CASE("crud/lease_keeper: where the store has no leases, all work is done here")
{
    boost::asio::io_context context;
    const auto store = std::make_shared<memory_crud>();
    lease_group group(store, nullptr);
    CHECK(group.is_sole());
    CHECK(group.is_held("a"));
    group.start(context.get_executor());
    bool runs = false;
    leased_work work;
    work.run = [&](lease_tenure tenure) -> awaitable<void> {
        runs = true;
        CHECK(tenure.is_held());
        CHECK(tenure.crud() == store);
        co_await tenure.wait_for_end();
        CHECK(tenure.is_held());
        runs = false;
    };
    group.assign("a", work);
    while (context.poll() > 0) {
    }
    CHECK(runs);
    boost::asio::co_spawn(context, group.stop(), boost::asio::detached);
    context.run();
    CHECK_FALSE(runs);
    // It may be started again.
    context.restart();
    group.start(context.get_executor());
    group.assign("a", work);
    while (context.poll() > 0) {
    }
    CHECK(runs);
    boost::asio::co_spawn(context, group.stop(), boost::asio::detached);
    context.run();
}

TEST_CASE("crud/lease_keeper: a context that ends first takes its work along")
{
    const auto store = std::make_shared<memory_crud>();
    lease_group group(store, nullptr);
    bool has_ended = false;
    {
        boost::asio::io_context context;
        group.start(context.get_executor());
        leased_work work;
        work.run = [&](lease_tenure tenure) -> awaitable<void> {
            const std::shared_ptr<void> watched(nullptr, [&](void*) { has_ended = true; });
            co_await tenure.wait_for_end();
        };
        group.assign("a", work);
        while (context.poll() > 0) {
        }
    }
    CHECK(has_ended);
    boost::asio::io_context another;
    boost::asio::co_spawn(another, group.stop(), boost::asio::detached);
    another.run();
}

TEST_CASE("crud/lease_keeper: each start of a process is a holder of its own")
{
    CHECK(make_lease_holder() != make_lease_holder());
}

}  // namespace lease_keeper_test
