#pragma once

#include "http/request_handler.hpp"
#include "ocpi/base/completion.hpp"
#include "ocpi/base/error.hpp"
#include "server/http_server.hpp"
#include "tests/support/recording_logger.hpp"
#include "tests/support/socket_client.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

/// A server whose answers say what was received, for tests that talk to it over sockets.
namespace ocpi::test {

inline int http_status_of(errc code)
{
    switch (code) {
        case errc::malformed_http: return 400;
        case errc::unauthenticated: return 401;
        case errc::timed_out: return 408;
        case errc::body_too_large: return 413;
        case errc::header_too_large: return 431;
        case errc::too_many_requests: return 429;
        case errc::overloaded: return 503;
        default: return 500;
    }
}

/// Answers with what it was asked. Some targets ask for something else:
/// `/hang` is answered when release() is called, `/large` with 64 MiB, which is more than the
/// kernel holds for a connection. What has a field `X-Stranger` is not admitted.
class echo_handler : public http::request_handler {
public:
    boost::asio::awaitable<http::admission> admit(const http::request& head) override
    {
        http::admission judged;
        if (head.headers.find("X-Stranger")) {
            judged.answer = refuse(head, error(errc::unauthenticated, "a stranger"));
        }
        judged.authorization = head.target;
        co_return judged;
    }

    boost::asio::awaitable<http::response> respond(http::request received,
                                                   http::admission admitted) override
    {
        CHECK(admitted.authorization == received.target);
        if (received.target == "/hang") co_await hang();
        if (received.target == "/throw") throw std::runtime_error("a bug");
        http::response reply;
        reply.headers.add("X-Method", received.method);
        if (const auto* seen = received.headers.find("X-Seen")) reply.headers.add("X-Seen", *seen);
        if (received.target == "/close") reply.headers.add("Connection", "close");
        if (received.target == "/split") reply.headers.add("X-Split", "a\r\nInjected: b");
        if (received.target == "/empty") {
            reply.status = 204;
        } else if (received.target == "/large") {
            reply.body.assign(64 * 1024 * 1024, 'x');
        } else {
            reply.body = received.target + "|" + received.body;
        }
        co_return reply;
    }

    http::response refuse(const http::request& received, const error& reason) override
    {
        http::response reply;
        reply.status = http_status_of(reason.code());
        reply.body = received.method + " " + received.target + "|" + reason.text();
        return reply;
    }

    /// Returns when a request for `/hang` is being handled.
    void await_hanging() { hanging_.get_future().get(); }
    void release() { (*held_)(0); }

private:
    boost::asio::awaitable<int> hang()
    {
        const auto hold = [this](completion<int> held) {
            held_.emplace(std::move(held));
            hanging_.set_value();
        };
        co_return co_await await_completion<int>(hold);
    }

    std::promise<void> hanging_;
    std::optional<completion<int>> held_;
};

struct echo_server {
    explicit echo_server(const server::limits& bounds = {},
                         const std::string& where = "127.0.0.1:0", int thread_count = 2,
                         std::shared_ptr<http::request_observer> observer = nullptr)
        : server(context.get_executor(), handler, bounds, log, nullptr, std::move(observer)),
          endpoint(server.listen(where))
    {
        for (int i = 0; i < thread_count; ++i) threads.emplace_back([this] { context.run(); });
    }

    ~echo_server()
    {
        stop().get();
        work.reset();
        for (auto& thread : threads) thread.join();
    }

    std::future<void> stop()
    {
        return boost::asio::co_spawn(context, server.stop(), boost::asio::use_future);
    }

    socket_client connect() const { return socket_client(endpoint); }

    boost::asio::io_context context;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work{
        context.get_executor()};
    std::shared_ptr<echo_handler> handler = std::make_shared<echo_handler>();
    std::shared_ptr<recording_logger> log = std::make_shared<recording_logger>();
    server::http_server server;
    boost::asio::ip::tcp::endpoint endpoint;
    std::vector<std::thread> threads;
};

inline std::string get(const std::string& target)
{
    return "GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n";
}

inline std::string put(const std::string& target, const std::string& body)
{
    return "PUT " + target +
           " HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

/// What a server answers to bytes on a connection of their own; it must close afterwards.
inline wire_response last_words(const echo_server& running, const std::string& bytes)
{
    auto client = running.connect();
    const auto response = client.exchange(bytes);
    CHECK(response.header("Connection") == "close");
    CHECK(client.is_closed_by_peer());
    return response;
}

}  // namespace ocpi::test
