#include "app/admin/loop_probe.hpp"

#include "auth/token_authenticator.hpp"
#include "auth/token_store.hpp"
#include "crud/memory/memory_crud.hpp"
#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <chrono>
#include <memory>
#include <thread>

namespace loop_probe_test {

using namespace ocpi;
using namespace std::chrono_literals;

TEST_CASE("app/admin/loop_probe: a loop turns when one of its threads takes what it is given")
{
    boost::asio::io_context loop;
    const auto store = std::make_shared<crud::memory_crud>();
    Application application(application_options(), store,
                            std::make_shared<auth::token_authenticator>(auth::token_store(store)));
    const auto sources = std::make_shared<app::admin_sources>();
    const auto probe = std::make_shared<app::loop_probe>(sources);
    // Neither an Application nor its loop is there yet.
    CHECK(test::run_awaitable(probe->wait_for_turn(1ms)));
    sources->attach(application, store);
    CHECK(test::run_awaitable(probe->wait_for_turn(1ms)));
    application.listen(loop.get_executor(), "127.0.0.1:0");
    CHECK_FALSE(test::run_awaitable(probe->wait_for_turn(1ms)));
    {
        const auto work = boost::asio::make_work_guard(loop);
        const std::jthread turning([&loop] { loop.run(); });
        CHECK(test::run_awaitable(probe->wait_for_turn(30s)));
        loop.stop();
    }
    CHECK(probe->longest_lag() == 0s);
}

}  // namespace loop_probe_test
