#include "app/service_link.hpp"

#include "tests/support/notify_receiver.hpp"
#include "tests/support/recording_logger.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <vector>

namespace service_link_test {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using ocpi::app::notify_socket;
using ocpi::app::service_link;
using ocpi::app::watchdog_period;

struct link_fixture {
    const ocpi::test::temporary_directory directory;
    ocpi::test::notify_receiver manager{directory.file("notify")};
    std::shared_ptr<ocpi::test::recording_logger> log =
        std::make_shared<ocpi::test::recording_logger>();
    asio::io_context loop;

    std::unique_ptr<service_link> link(std::optional<std::chrono::microseconds> period = {})
    {
        return std::make_unique<service_link>(std::make_shared<notify_socket>(manager.address()),
                                              period, log);
    }
};

}  // namespace

TEST_CASE_FIXTURE(link_fixture, "app/service_link: the manager is told of ready, reload and stop")
{
    const auto service = link();
    service->on_ready(loop.get_executor(), {"http://127.0.0.1:8000", "http://[::1]:8000"});
    CHECK(manager.receive() ==
          "READY=1\nSTATUS=listening on http://127.0.0.1:8000 http://[::1]:8000");
    service->on_reloading();
    const auto reloading = manager.receive().value_or("");
    CHECK(reloading.starts_with("RELOADING=1\nMONOTONIC_USEC="));
    CHECK(std::stoll(reloading.substr(reloading.rfind('=') + 1)) > 0);
    service->on_reloaded();
    CHECK(manager.receive() == "READY=1");
    service->on_stopping();
    CHECK(manager.receive().value_or("").starts_with("STOPPING=1\n"));
    loop.run();  // has nothing to do: there is no watchdog
    CHECK(!manager.receive_arrived());
    CHECK(log->entries().empty());
}

TEST_CASE_FIXTURE(link_fixture, "app/service_link: the watchdog hears of a loop that turns, only")
{
    const auto service = link(2ms);
    service->on_ready(loop.get_executor(), {"http://127.0.0.1:8000"});
    CHECK(manager.receive().value_or("").starts_with("READY=1"));
    for (int turn = 0; turn < 3; ++turn) {
        std::optional<std::string> heard;
        while (!heard) {
            loop.run_one();
            heard = manager.receive_arrived();
        }
        CHECK(heard == "WATCHDOG=1");
    }
    // A handler that does not return, for many periods.
    asio::post(loop, [this] {
        const auto end = std::chrono::steady_clock::now() + 20ms;
        while (std::chrono::steady_clock::now() < end) {
        }
        CHECK(!manager.receive_arrived());
    });
    while (loop.poll_one() != 0) {
    }
    while (manager.receive_arrived()) {
    }
    service->on_stopping();
    CHECK(manager.receive().value_or("").starts_with("STOPPING=1"));
    loop.run();  // returns: the watchdog keeps no loop running that stops
    CHECK(!manager.receive_arrived());
}

TEST_CASE_FIXTURE(link_fixture, "app/service_link: without a manager the calls have no effect")
{
    service_link service(nullptr, 1ms, log);
    service.on_ready(loop.get_executor(), {"http://127.0.0.1:8000"});
    service.on_reloading();
    service.on_reloaded();
    service.on_stopping();
    loop.run();
    CHECK(!manager.receive_arrived());
    CHECK(log->entries().empty());
}

TEST_CASE_FIXTURE(link_fixture, "app/service_link: a manager that is gone is a warning")
{
    service_link service(std::make_shared<notify_socket>(directory.file("nobody")), {}, log);
    service.on_ready(loop.get_executor(), {"http://127.0.0.1:8000"});
    CHECK(log->text() == "the service manager does not receive READY=1\n");
}

TEST_CASE("app/service_link: the watchdog's period is one for this process")
{
    CHECK(watchdog_period("30000000", "42", 42) == 30s);
    CHECK(watchdog_period("30000000", {}, 42) == 30s);
    CHECK(!watchdog_period("30000000", "41", 42));
    CHECK(!watchdog_period({}, {}, 42));
    CHECK(!watchdog_period("0", {}, 42));
    CHECK(!watchdog_period("-1", {}, 42));
    CHECK(!watchdog_period("1s", {}, 42));
}

}  // namespace service_link_test
