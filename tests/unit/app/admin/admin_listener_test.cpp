#include "app/admin/admin_listener.hpp"

#include "tests/support/socket_client.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <stdexcept>
#include <string>

namespace admin_listener_test {

using namespace ocpi;

namespace {

struct listener_fixture {
    const std::shared_ptr<app::admin_sources> sources = std::make_shared<app::admin_sources>();
    app::admin_listener listener{"127.0.0.1:0", sources, std::make_shared<silent_logger>()};

    test::wire_response ask(const std::string& line)
    {
        const auto port = std::stoi(listener.url().substr(listener.url().rfind(':') + 1));
        test::socket_client client(
            {boost::asio::ip::make_address("127.0.0.1"), static_cast<unsigned short>(port)});
        return client.exchange(line + " HTTP/1.1\r\nHost: localhost\r\n\r\n");
    }
};

}  // namespace

TEST_CASE_FIXTURE(listener_fixture,
                  "app/admin/admin_listener: it answers before there is a store and an Application")
{
    sources->readiness->report("start", "migrations under way");
    CHECK(ask("GET /healthz").status == 200);
    const auto unready = ask("GET /readyz");
    CHECK(unready.status == 503);
    CHECK(unready.header("Content-Type") == "application/json");
    CHECK(unready.body == "[\"migrations under way\"]\n");
    sources->readiness->clear("start");
    CHECK(ask("GET /readyz?verbose").body == "[]\n");
    const auto metrics = ask("GET /metrics");
    CHECK(metrics.status == 200);
    CHECK(metrics.header("Content-Type") == "text/plain; version=0.0.4; charset=utf-8");
    CHECK(metrics.body.find("\nocpi_ready 1\n") != std::string::npos);
    CHECK(metrics.body.find("process_resident_memory_bytes ") != std::string::npos);
}

TEST_CASE_FIXTURE(listener_fixture, "app/admin/admin_listener: it reads three paths, and no more")
{
    CHECK(ask("GET /").status == 404);
    CHECK(ask("GET /metrics/").status == 404);
    const auto refused = ask("DELETE /readyz");
    CHECK(refused.status == 405);
    CHECK(refused.header("Allow") == "GET, HEAD");
    CHECK(ask("nonsense").status == 400);
    const auto taken = listener.url().substr(7);
    CHECK_THROWS_WITH_AS(app::admin_listener(taken, sources, std::make_shared<silent_logger>()),
                         doctest::Contains(("admin.listen: cannot listen on " + taken).c_str()),
                         std::runtime_error);
}

}  // namespace admin_listener_test
