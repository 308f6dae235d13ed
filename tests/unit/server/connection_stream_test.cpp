#include "server/http_server.hpp"

#include "tests/support/recording_logger.hpp"
#include "tests/support/scripted_stream.hpp"
#include "tests/support/socket_client.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace connection_stream_test {

namespace {

namespace asio = boost::asio;
namespace http = ocpi::http;
using namespace std::chrono_literals;
using ocpi::test::scripted_stream;
using ocpi::test::socket_client;

/// Answers `/stream` with the one stream it has, `/none` as well, but without a body; anything
/// else at once.
class streaming_handler final : public http::request_handler {
public:
    asio::awaitable<http::response> respond(http::request received, http::admission) override
    {
        http::response reply;
        if (received.target == "/stream" || received.target == "/none") reply.stream = stream;
        if (received.target == "/none") reply.status = 204;
        reply.headers.add("Content-Type", "text/event-stream");
        reply.body = "whole";
        co_return reply;
    }

    http::response refuse(const http::request&, const ocpi::error&) override { return {}; }

    std::shared_ptr<http::body_stream> stream;
};

struct running_server {
    explicit running_server(const ocpi::server::limits& bounds = quick())
        : server(context.get_executor(), handler, bounds, log),
          endpoint(server.listen("127.0.0.1:0"))
    {
        handler->stream = stream;
        for (int i = 0; i < 2; ++i) threads.emplace_back([this] { context.run(); });
    }

    ~running_server()
    {
        stop().get();
        work.reset();
        for (auto& thread : threads) thread.join();
    }

    /// Nothing but an idle connection times out.
    static ocpi::server::limits quick()
    {
        ocpi::server::limits bounds;
        bounds.idle_timeout = 20ms;
        bounds.write_timeout = 1h;
        bounds.drain_timeout = 1h;
        return bounds;
    }

    std::future<void> stop() { return asio::co_spawn(context, server.stop(), asio::use_future); }
    socket_client connect() const { return socket_client(endpoint); }

    asio::io_context context;
    asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
    std::shared_ptr<scripted_stream> stream = std::make_shared<scripted_stream>();
    std::shared_ptr<streaming_handler> handler = std::make_shared<streaming_handler>();
    std::shared_ptr<ocpi::test::recording_logger> log =
        std::make_shared<ocpi::test::recording_logger>();
    ocpi::server::http_server server;
    asio::ip::tcp::endpoint endpoint;
    std::vector<std::thread> threads;
};

std::string ask(const std::string& method, const std::string& target,
                const std::string& version = "1.1")
{
    return method + ' ' + target + " HTTP/" + version + "\r\nHost: t\r\n\r\n";
}

}  // namespace

TEST_CASE("server/connection_stream: pieces are sent in chunks as they come, until the end")
{
    running_server running;
    auto client = running.connect();
    const auto head = client.exchange(ask("GET", "/stream"));
    CHECK(head.status == 200);
    CHECK(head.header("Transfer-Encoding") == "chunked");
    CHECK(head.header("Content-Length").empty());
    CHECK(head.header("Connection") == "close");
    CHECK(head.header("Content-Type") == "text/event-stream");
    running.stream->give("first");
    CHECK(client.read_until("\n") == "5\r\n");
    CHECK(client.read_until("\n") == "first\r\n");
    running.stream->give("");
    running.stream->give(std::string(300, 'x'));
    CHECK(client.read_until("\n") == "12c\r\n");
    CHECK(client.read_until("\n") == std::string(300, 'x') + "\r\n");
    running.stream->end();
    CHECK(client.read_to_end() == "0\r\n\r\n");
    CHECK(running.stream->await_close());
}

TEST_CASE(
    "server/connection_stream: HTTP/1.0 gets the pieces as they are until the connection closes")
{
    running_server running;
    auto client = running.connect();
    const auto head = client.exchange("GET /stream HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    CHECK(head.header("Transfer-Encoding").empty());
    CHECK(head.header("Content-Length").empty());
    CHECK(head.header("Connection") == "close");
    running.stream->give("first");
    CHECK(client.read_until("first") == "first");
    running.stream->give(" second");
    running.stream->end();
    CHECK(client.read_to_end() == " second");
}

TEST_CASE("server/connection_stream: HEAD, and a status without a body, do not begin the stream")
{
    running_server running;
    auto client = running.connect();
    client.send(ask("HEAD", "/stream"));
    const auto head = client.read_response(true);
    REQUIRE(head);
    CHECK(head->header("Transfer-Encoding") == "chunked");
    CHECK(head->header("Connection").empty());
    CHECK(client.exchange(ask("GET", "/whole")).body == "whole");
    const auto none = client.exchange(ask("GET", "/none"));
    CHECK(none.status == 204);
    CHECK(none.header("Transfer-Encoding").empty());
    CHECK(client.exchange(ask("GET", "/whole")).body == "whole");
    CHECK(running.stream->asked() == 0);
    CHECK(running.stream->await_close());
}

TEST_CASE(
    "server/connection_stream: a reader that goes away is noticed while there is nothing to send")
{
    running_server running;
    {
        auto client = running.connect();
        client.exchange(ask("GET", "/stream"));
        CHECK(running.server.connections() == 1);
    }
    CHECK(running.stream->await_close());
}

TEST_CASE(
    "server/connection_stream: what a reader sends meanwhile is dropped, and too much ends the "
    "stream")
{
    running_server running;
    auto client = running.connect();
    client.exchange(ask("GET", "/stream"));
    client.send(ask("GET", "/whole"));
    running.stream->give("piece");
    CHECK(client.read_until("piece\r\n") == "5\r\npiece\r\n");
    while (client.send(std::string(64 * 1024, 'x'))) {
    }
    CHECK(running.stream->await_close());
}

TEST_CASE(
    "server/connection_stream: a reader that does not read is dropped after the write timeout")
{
    auto bounds = running_server::quick();
    bounds.write_timeout = 50ms;
    running_server running(bounds);
    auto client = running.connect();
    client.exchange(ask("GET", "/stream"));
    running.stream->give(std::string(64 * 1024 * 1024, 'x'));
    CHECK(running.stream->await_close());
    CHECK(client.read_to_end().size() < 64 * 1024 * 1024);
}

TEST_CASE("server/connection_stream: a stream without news outlives the idle and the write timeout")
{
    auto bounds = running_server::quick();
    bounds.write_timeout = bounds.idle_timeout / 2;
    running_server running(bounds);
    auto client = running.connect();
    client.exchange(ask("GET", "/stream"));
    auto idle = running.connect();
    CHECK(idle.is_closed_by_peer());  // so both have passed
    running.stream->give("late");
    CHECK(client.read_until("late\r\n") == "4\r\nlate\r\n");
}

TEST_CASE("server/connection_stream: stop ends streams at once, with their last chunk")
{
    running_server running;
    auto waiting = running.connect();
    waiting.exchange(ask("GET", "/stream"));
    running.stop().get();
    CHECK(waiting.read_to_end() == "0\r\n\r\n");
    CHECK(running.server.connections() == 0);
}

TEST_CASE("server/connection_stream: stop does not wait for a reader that does not read")
{
    running_server running;
    auto client = running.connect();
    client.exchange(ask("GET", "/stream"));
    running.stream->give(std::string(64 * 1024 * 1024, 'x'));
    CHECK(client.read_until("xxx").size() > 3);  // it is on its way
    running.stop().get();
    CHECK(client.read_to_end().size() < 64 * 1024 * 1024);
}

TEST_CASE("server/connection_stream: a stream that throws ends in the middle, and the log says why")
{
    class broken_stream final : public http::body_stream {
    public:
        asio::awaitable<std::optional<std::string>> next() override
        {
            throw std::runtime_error("a bug");
            co_return std::nullopt;
        }
        void close() noexcept override {}
    };
    running_server running;
    running.handler->stream = std::make_shared<broken_stream>();
    auto client = running.connect();
    client.exchange(ask("GET", "/stream"));
    CHECK(client.read_to_end().empty());
    running.stop().get();
    CHECK(running.log->text().find("std::runtime_error") != std::string::npos);
}

}  // namespace connection_stream_test
