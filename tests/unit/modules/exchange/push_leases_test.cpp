// Several processes that push from one store: to each partner one at a time.

#include "modules/exchange/push.hpp"
#include "tests/support/leased_crud.hpp"
#include "tests/unit/modules/exchange/push_fixture.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace push_leases_test {

using namespace ocpi;
using namespace ocpi::exchange;
using namespace std::chrono_literals;
using exchange::fixtures::push_fixture;
using lines = std::vector<std::string>;

namespace {

/// Tells the pushers of other processes of each write, as the change feed does.
class feed final : public sessions::change_listener {
public:
    std::vector<std::shared_ptr<pusher>> others;

    void on_change(const sessions::session_change& change) noexcept override
    {
        crud::record record;
        record.document.key = change.key;
        record.document.emsp = change.emsp;
        record.revision = change.revision;
        const sessions::foreign_change foreign(record);
        for (const auto& each : others) {
            if (each->wants_foreign_changes()) each->on_foreign_change(foreign);
        }
    }
};

struct process {
    boost::asio::io_context context;
    std::shared_ptr<ocpi::test::recording_logger> log =
        std::make_shared<ocpi::test::recording_logger>();
    std::shared_ptr<crud::lease_keeper> keeper;
    std::shared_ptr<pusher> push;
    std::shared_ptr<feed> to_others = std::make_shared<feed>();
    std::shared_ptr<sessions::session_writer> sessions;
    bool is_awake = true;
};

/// The fixture is what they share: the store, the partners and the network.
struct cluster {
    push_fixture shared;
    ocpi::test::manual_time time;
    std::shared_ptr<ocpi::test::memory_leases> leases =
        std::make_shared<ocpi::test::memory_leases>(time);
    process one;
    process two;

    cluster()
    {
        shared.add_partner("emp", "EMP");
        start(one);
        start(two);
        one.to_others->others = {two.push};
        two.to_others->others = {one.push};
        run_until([&] { return !leases->holder_of("push/emp").empty(); });
    }
    ~cluster()
    {
        for (auto* each : {&one, &two}) {
            if (each->push) stop(*each);
        }
    }

    void start(process& of)
    {
        const auto crud = std::make_shared<ocpi::test::leased_crud>(shared.crud, leases);
        auto options = time.keeper_options();
        options.log = of.log;
        of.keeper = std::make_shared<crud::lease_keeper>(crud, std::move(options));
        of.keeper->start(of.context.get_executor());
        push_dependencies parts;
        parts.crud = crud;
        parts.partners = shared.partners;
        parts.client = std::make_shared<partners::platform_client>(shared.network);
        parts.own_cpo_parties = {party("ES", "ABC")};
        parts.log = of.log;
        parts.options = shared.options;
        parts.leases = of.keeper;
        of.push = std::make_shared<pusher>(std::move(parts));
        of.sessions = std::make_shared<sessions::session_writer>(
            crud, sessions::change_listeners{of.push, of.to_others});
        of.push->start(of.context.get_executor());
        run_ready(of);
    }

    static void run_ready(process& of)
    {
        of.context.restart();
        while (of.context.poll() > 0) {
        }
    }

    /// In good order.
    void stop(process& stopping)
    {
        bool has_stopped = false;
        const auto all = [&]() -> boost::asio::awaitable<void> {
            co_await stopping.push->stop();
            co_await stopping.keeper->stop();
            has_stopped = true;
        };
        boost::asio::co_spawn(stopping.context, all(), boost::asio::detached);
        shared.run_until([&] {
            run_ready(stopping);
            return has_stopped;
        });
        stopping.push.reset();
        stopping.is_awake = false;
    }

    /// Runs those that are awake, and lets a tenth of a second pass each time.
    std::chrono::milliseconds run_until(const std::function<bool()>& is_so)
    {
        const auto began = time.now();
        shared.run_until([&] {
            for (auto* each : {&one, &two}) {
                if (each->is_awake) run_ready(*each);
            }
            if (is_so()) return true;
            time.advance(100ms);
            return false;
        });
        return std::chrono::duration_cast<std::chrono::milliseconds>(time.now() - began);
    }

    void put(process& at, const std::string& id, int minute)
    {
        shared.sessions = at.sessions;
        shared.put(id, minute, {{"kwh", std::to_string(minute)}});
        shared.sessions.reset();
    }

    process& owner() { return one.push->wants_foreign_changes() ? one : two; }
    process& other() { return one.push->wants_foreign_changes() ? two : one; }
};

}  // namespace

TEST_CASE("modules/exchange/push_leases: one of two processes pushes, whichever has written")
{
    cluster at;
    at.put(at.owner(), "S1", 1);
    at.put(at.other(), "S2", 1);
    at.run_until([&] { return at.shared.sent().size() == 2; });
    at.put(at.other(), "S1", 2);
    at.run_until([&] { return at.shared.sent().size() == 3; });
    at.run_until([&] { return at.shared.is_marked("emp", "S1"); });
    CHECK(at.shared.is_with("emp", "S1"));
    CHECK(at.shared.is_with("emp", "S2"));
    // What the partner has read elsewhere is not known.
    CHECK(at.shared.sent() == lines{"PUT S1", "PUT S2", "PUT S1"});
    CHECK(at.other().push->report().empty());
    CHECK(at.owner().push->report().size() == 1);
}

TEST_CASE("modules/exchange/push_leases: one that stops is succeeded within a second")
{
    cluster at;
    auto& leaving = at.owner();
    auto& staying = at.other();
    at.stop(leaving);
    CHECK(at.leases->holder_of("push/emp").empty());
    CHECK(at.run_until([&] { return staying.push->wants_foreign_changes(); }) <= 1s);
    at.put(staying, "S1", 1);
    at.run_until([&] { return at.shared.is_marked("emp", "S1"); });
    CHECK(at.shared.sent() == lines{"PUT S1"});
}

TEST_CASE("modules/exchange/push_leases: one that is killed is succeeded, and nothing is lost")
{
    cluster at;
    auto& killed = at.owner();
    auto& staying = at.other();
    killed.is_awake = false;
    at.put(staying, "S1", 1);
    CHECK(at.run_until([&] { return at.shared.is_marked("emp", "S1"); }) < 15s);
    CHECK(at.shared.sent() == lines{"PUT S1"});
    killed.is_awake = true;  // only to end
}

TEST_CASE("modules/exchange/push_leases: one that slept sends and writes nothing any more")
{
    cluster at;
    auto& sleeper = at.owner();
    auto& staying = at.other();
    // It falls asleep with a message on its way, whose answer it finds when it wakes.
    at.shared.network->hold("emp");
    at.put(sleeper, "S1", 1);
    at.run_until([&] { return at.shared.network->waiting("emp") == 1; });
    sleeper.is_awake = false;
    at.put(staying, "S1", 2);
    at.run_until([&] { return at.shared.network->waiting("emp") == 2; });
    at.shared.network->release("emp");
    at.run_until([&] { return at.shared.is_marked("emp", "S1"); });
    const auto sent = at.shared.sent();
    at.put(staying, "S2", 1);
    at.run_until([&] { return at.shared.is_marked("emp", "S2"); });
    sleeper.is_awake = true;
    at.run_until([&] { return !sleeper.push->wants_foreign_changes(); });
    CHECK(at.shared.is_marked("emp", "S1"));
    CHECK(at.shared.sent().size() == sent.size() + 1);
    const auto text = sleeper.log->text();
    CHECK(text.find("lost the lease push/emp") != std::string::npos);
    CHECK(text.find("lost the lease push/emp") == text.rfind("lost the lease push/emp"));
}

}  // namespace push_leases_test
