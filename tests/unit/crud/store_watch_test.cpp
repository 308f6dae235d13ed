#include "crud/store_watch.hpp"

#include "tests/support/recording_logger.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_crud.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace store_watch_test {

using namespace ocpi;
using namespace ocpi::crud;
using namespace std::chrono_literals;
using test::run_awaitable;

namespace {

class recording_listener final : public store_listener {
public:
    std::vector<revision> told;
    bool waits = false;

    void on_store_revision(revision at) noexcept override { told.push_back(at); }
    bool is_waited_for() const noexcept override { return waits; }
};

/// A watch whose pauses end when the test asks it to look.
struct fixture {
    boost::asio::io_context context;
    std::shared_ptr<test::scripted_crud> crud = std::make_shared<test::scripted_crud>();
    std::shared_ptr<test::recording_logger> log = std::make_shared<test::recording_logger>();
    std::vector<std::chrono::steady_clock::duration> pauses;
    std::shared_ptr<recording_listener> listener = std::make_shared<recording_listener>();
    store_watch watch{crud, log, options()};

    fixture()
    {
        watch.add(listener);
        watch.start(context.get_executor());
        settle();
    }
    ~fixture()
    {
        auto stopped = boost::asio::co_spawn(context, watch.stop(), boost::asio::use_future);
        settle();
        stopped.get();
    }

    watch_options options()
    {
        watch_options scripted;
        scripted.min_rest = scripted.min_rest_waited_for = 0;
        scripted.wait = [this](async_event& event, std::chrono::steady_clock::duration time,
                               std::stop_token stop) -> boost::asio::awaitable<void> {
            pauses.push_back(time);
            co_await event.wait(std::move(stop));
        };
        return scripted;
    }

    void settle()
    {
        context.restart();
        context.poll();
    }

    void look()
    {
        watch.look_now();
        settle();
    }

    /// What another process writes.
    revision write(const std::string& id)
    {
        document written(object_key("ES", "ABC", id), "{}", date_time(), {});
        return run_awaitable(crud->behind().create("tokens", interface_side::sender, written))
            .value();
    }
};

watch_state state(bool is_waited_for, std::optional<std::chrono::milliseconds> since_change)
{
    watch_state made;
    made.is_waited_for = is_waited_for;
    made.since_change = since_change;
    return made;
}

}  // namespace

TEST_CASE("crud/store_watch: the store is asked often while it changes, or while somebody waits")
{
    const watch_options options;
    CHECK(next_pause(state(false, std::nullopt), options) == 250ms);
    CHECK(next_pause(state(true, std::nullopt), options) == 50ms);
    CHECK(next_pause(state(false, 0ms), options) == 50ms);
    CHECK(next_pause(state(false, 1999ms), options) == 50ms);
    CHECK(next_pause(state(false, 2000ms), options) == 250ms);
    CHECK(next_pause(state(true, 2000ms), options) == 50ms);
}

TEST_CASE("crud/store_watch: a store that is slow or fails is asked less often")
{
    const watch_options options;
    auto slow = state(false, 0ms);
    slow.took = 10ms;
    CHECK(next_pause(slow, options) == 200ms);
    slow.is_waited_for = true;
    CHECK(next_pause(slow, options) == 50ms);
    slow.took = 20ms;
    CHECK(next_pause(slow, options) == 80ms);
    // A network that hung for seconds does not make it blind for minutes.
    slow.took = 10s;
    CHECK(next_pause(slow, options) == 1s);
    slow.is_waited_for = false;
    CHECK(next_pause(slow, options) == 1s);
    auto failing = state(true, 0ms);
    failing.has_failed = true;
    CHECK(next_pause(failing, options) == 1s);
}

TEST_CASE("crud/store_watch: each change of the store is told once, whatever has changed")
{
    fixture with;
    CHECK(with.listener->told.empty());
    const auto first = with.write("1");
    with.look();
    with.look();
    CHECK(with.listener->told == std::vector<revision>{first});
    with.write("2");
    const auto third = with.write("3");
    with.look();
    CHECK(with.listener->told == std::vector<revision>{first, third});
    CHECK(with.watch.latest() == third);
}

TEST_CASE("crud/store_watch: a write of this process is told at once, and not again")
{
    fixture with;
    const auto own = with.write("1");
    with.watch.written(own);
    CHECK(with.listener->told == std::vector<revision>{own});
    with.watch.written(own - 1);
    with.look();
    CHECK(with.listener->told == std::vector<revision>{own});
}

TEST_CASE("crud/store_watch: the pause follows what happens")
{
    fixture with;
    CHECK(with.pauses.back() == 250ms);
    with.listener->waits = true;
    with.look();
    CHECK(with.pauses.back() == 50ms);
    with.listener->waits = false;
    with.look();
    CHECK(with.pauses.back() == 250ms);
    with.watch.written(with.write("1"));
    with.look();
    CHECK(with.pauses.back() == 50ms);
}

TEST_CASE("crud/store_watch: a failure is logged once, and what was missed is told afterwards")
{
    fixture with;
    with.crud->before_list = [] { return error(errc::storage, "disk"); };
    const auto missed = with.write("1");
    with.look();
    with.look();
    CHECK(with.listener->told.empty());
    CHECK(with.pauses.back() == 1s);
    const auto text = with.log->text();
    CHECK(text.find("disk") != std::string::npos);
    CHECK(text.find("disk") == text.rfind("disk"));
    with.crud->before_list = nullptr;
    with.look();
    CHECK(with.listener->told == std::vector<revision>{missed});
}

TEST_CASE("crud/store_watch: a listener that is gone is not told")
{
    fixture with;
    auto second = std::make_shared<recording_listener>();
    with.watch.add(second);
    with.listener.reset();
    const auto changed = with.write("1");
    with.look();
    CHECK(second->told == std::vector<revision>{changed});
    with.listener = std::make_shared<recording_listener>();
}

TEST_CASE("crud/store_watch: it needs a store")
{
    CHECK_THROWS_AS(store_watch(nullptr), std::invalid_argument);
}

}  // namespace store_watch_test
