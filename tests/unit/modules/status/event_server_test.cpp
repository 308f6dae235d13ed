// Events over real sockets: connection, pipeline and hub together.

#include "http/pipeline.hpp"
#include "modules/status/event_routes.hpp"
#include "server/http_server.hpp"
#include "tests/support/socket_client.hpp"
#include "tests/unit/modules/status/event_fixture.hpp"

#include <doctest/doctest.h>

#include <boost/asio/executor_work_guard.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace event_server_test {

using namespace ocpi;
using namespace ocpi::status::fixtures;
using namespace std::chrono_literals;
using ocpi::test::socket_client;

namespace {

/// Everybody is an operator.
class open_authenticator final : public Authenticator {
public:
    boost::asio::awaitable<result<std::shared_ptr<const auth::principal>>> authenticate(
        std::string) override
    {
        auto caller = std::make_shared<auth::principal>();
        caller->kind = auth::caller_kind::platform_operator;
        co_return caller;
    }
};

struct running_server : event_fixture {
    running_server()
    {
        options.heartbeat = 16ms;
        begin();
        http::pipeline::dependencies parts;
        parts.authenticator = std::make_shared<open_authenticator>();
        parts.time = std::make_shared<adjustable_clock>();
        parts.log = log;
        status::add_event_routes(parts.router, hub, source);
        server::limits bounds;
        bounds.drain_timeout = 1h;
        server = std::make_unique<server::http_server>(
            context.get_executor(), std::make_shared<http::pipeline>(std::move(parts)), bounds,
            log);
        endpoint = server->listen("127.0.0.1:0");
        for (int i = 0; i < 2; ++i) threads.emplace_back([this] { context.run(); });
    }

    ~running_server()
    {
        await(server->stop());
        await(hub->stop());
        work.reset();
        for (auto& thread : threads) thread.join();
        hub.reset();
    }

    void await(boost::asio::awaitable<void> coroutine)
    {
        boost::asio::co_spawn(context, std::move(coroutine), boost::asio::use_future).get();
    }

    socket_client open(const std::string& target)
    {
        socket_client client(endpoint);
        const auto head = client.exchange("GET " + target + " HTTP/1.1\r\nHost: t\r\n\r\n");
        CHECK(head.status == 200);
        CHECK(head.header("Content-Type") == "text/event-stream");
        return client;
    }

    /// Waits until so many streams are open; false after ten seconds.
    bool await_subscribers(std::size_t count)
    {
        const auto limit = std::chrono::steady_clock::now() + 10s;
        while (hub->subscribers() != count && std::chrono::steady_clock::now() < limit) {
            std::this_thread::yield();
        }
        return hub->subscribers() == count;
    }

    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        context.get_executor()};
    std::unique_ptr<server::http_server> server;
    boost::asio::ip::tcp::endpoint endpoint;
    std::vector<std::thread> threads;
};

}  // namespace

TEST_CASE(
    "modules/status/event_server: readers on sockets are told, see signs of life, and are freed")
{
    running_server running;
    running.write("S1", "1");
    {
        auto all = running.open("/v1/events");
        auto one = running.open("/v1/sessions/S1/events");
        one.read_until("data: S1=1\n\n");
        all.read_until(":\n\n");
        CHECK(running.hub->subscribers() == 2);
        const auto changed = running.write("S1", "2");
        for (auto* each : {&all, &one}) {
            each->read_until("id: " + changed + "\nevent: status\ndata: S1=2\n\n");
        }
    }
    CHECK(running.await_subscribers(0));
}

TEST_CASE("modules/status/event_server: HEAD tells of a stream and leaves none behind")
{
    running_server running;
    running.write("S1", "1");
    socket_client client(running.endpoint);
    for (const char* target : {"/v1/events", "/v1/sessions/S1/events"}) {
        client.send("HEAD " + std::string(target) + " HTTP/1.1\r\nHost: t\r\n\r\n");
        const auto head = client.read_response(true);
        REQUIRE(head);
        CHECK(head->status == 200);
        CHECK(head->header("Content-Type") == "text/event-stream");
    }
    CHECK(running.await_subscribers(0));
}

TEST_CASE(
    "modules/status/event_server: a server that stops ends open streams at once, with their last "
    "chunk")
{
    running_server running;
    std::vector<socket_client> clients;
    for (int i = 0; i < 50; ++i) clients.push_back(running.open("/v1/events"));
    SUBCASE("the server first")
    {
        running.await(running.server->stop());
    }
    SUBCASE("the hub first")
    {
        running.await(running.hub->stop());
    }
    for (auto& client : clients) CHECK(client.read_to_end().ends_with("0\r\n\r\n"));
    CHECK(running.await_subscribers(0));
}

}  // namespace event_server_test
