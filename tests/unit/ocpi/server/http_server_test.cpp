#include "ocpi/server/http_server.hpp"

#include "ocpi/base/completion.hpp"
#include "ocpi/base/error.hpp"
#include "tests/support/socket_client.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

namespace asio = boost::asio;
namespace http = ocpi::http;
using namespace std::chrono_literals;
using ocpi::test::socket_client;
using ocpi::test::wire_response;

int status_of(ocpi::errc code)
{
    switch (code) {
        case ocpi::errc::malformed_http: return 400;
        case ocpi::errc::timed_out: return 408;
        case ocpi::errc::body_too_large: return 413;
        case ocpi::errc::header_too_large: return 431;
        case ocpi::errc::overloaded: return 503;
        default: return 500;
    }
}

/// Answers with what it was asked. Some targets ask for something else:
/// `/hang` is answered when release() is called, `/large` with 64 MiB.
class echo_handler final : public http::request_handler {
public:
    asio::awaitable<http::response> handle(http::request received) override
    {
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

    http::response refuse(const http::request& received, const ocpi::error& reason) override
    {
        http::response reply;
        reply.status = status_of(reason.code());
        reply.body = received.method + " " + received.target + "|" + reason.text();
        return reply;
    }

    /// Returns when a request for `/hang` is being handled.
    void await_hanging() { hanging_.get_future().get(); }
    void release() { (*held_)(0); }

private:
    asio::awaitable<int> hang()
    {
        const auto hold = [this](ocpi::completion<int> held) {
            held_.emplace(std::move(held));
            hanging_.set_value();
        };
        co_return co_await ocpi::await_completion<int>(hold);
    }

    std::promise<void> hanging_;
    std::optional<ocpi::completion<int>> held_;
};

class recording_logger final : public ocpi::logger {
public:
    void write(ocpi::log_level, std::string_view text) noexcept override
    {
        const std::lock_guard lock(mutex_);
        text_ += text;
        text_ += '\n';
        written_.notify_all();
    }
    /// Everything that was logged, once there is something; empty after ten seconds of nothing.
    std::string await_text()
    {
        std::unique_lock lock(mutex_);
        written_.wait_for(lock, 10s, [this] { return !text_.empty(); });
        return text_;
    }

private:
    std::mutex mutex_;
    std::condition_variable written_;
    std::string text_;
};

struct running_server {
    explicit running_server(const ocpi::server::limits& bounds = {},
                            const std::string& where = "127.0.0.1:0", int thread_count = 2)
        : server(context.get_executor(), handler, bounds, log), endpoint(server.listen(where))
    {
        for (int i = 0; i < thread_count; ++i) threads.emplace_back([this] { context.run(); });
    }

    ~running_server()
    {
        stop().get();
        work.reset();
        for (auto& thread : threads) thread.join();
    }

    std::future<void> stop() { return asio::co_spawn(context, server.stop(), asio::use_future); }

    socket_client connect() const { return socket_client(endpoint); }

    asio::io_context context;
    asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
    std::shared_ptr<echo_handler> handler = std::make_shared<echo_handler>();
    std::shared_ptr<recording_logger> log = std::make_shared<recording_logger>();
    ocpi::server::http_server server;
    asio::ip::tcp::endpoint endpoint;
    std::vector<std::thread> threads;
};

std::string get(const std::string& target)
{
    return "GET " + target + " HTTP/1.1\r\nHost: test\r\n\r\n";
}

std::string put(const std::string& target, const std::string& body)
{
    return "PUT " + target +
           " HTTP/1.1\r\nHost: test\r\nContent-Length: " + std::to_string(body.size()) +
           "\r\n\r\n" + body;
}

/// What a server answers to bytes on a connection of their own; it must close afterwards.
wire_response last_words(const running_server& running, const std::string& bytes)
{
    auto client = running.connect();
    const auto response = client.exchange(bytes);
    CHECK(response.header("Connection") == "close");
    CHECK(client.is_closed_by_peer());
    return response;
}

}  // namespace

TEST_CASE("server: a request is answered and the connection kept")
{
    running_server running;
    auto client = running.connect();
    for (const char* target : {"/a", "/b?c=%20d"}) {
        const auto response = client.exchange(get(target));
        CHECK(response.status == 200);
        CHECK(response.reason == "OK");
        CHECK(response.header("Server") == "ocpi-sessions");
        CHECK(response.header("Connection").empty());
        CHECK(response.header("X-Method") == "GET");
        CHECK(response.body == std::string(target) + "|");
    }
    CHECK(running.server.connections() == 1);
    CHECK(client.exchange(put("/c", "body")).body == "/c|body");
}

TEST_CASE("server: a client that asks to close is answered and closed")
{
    running_server running;
    const auto response =
        last_words(running, "GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
    CHECK(response.status == 200);
}

TEST_CASE("server: a handler may ask to close")
{
    running_server running;
    CHECK(last_words(running, get("/close")).status == 200);
}

TEST_CASE("server: HTTP/1.0 closes unless it asks to be kept")
{
    running_server running;
    CHECK(last_words(running, "GET / HTTP/1.0\r\n\r\n").status == 200);
    auto client = running.connect();
    const std::string kept = "GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n";
    CHECK(client.exchange(kept).header("Connection") == "keep-alive");
    CHECK(client.exchange(kept).status == 200);
}

TEST_CASE("server: a hundred pipelined requests are answered in order")
{
    running_server running;
    auto client = running.connect();
    std::string requests;
    for (int i = 0; i < 100; ++i) requests += put("/" + std::to_string(i), std::string(300, 'x'));
    CHECK(client.send(requests));
    for (int i = 0; i < 100; ++i) {
        const auto response = client.read_response();
        REQUIRE(response);
        CHECK(response->body == "/" + std::to_string(i) + "|" + std::string(300, 'x'));
    }
}

TEST_CASE("server: requests are understood wherever the network cuts them")
{
    running_server running;
    auto client = running.connect();
    const std::string chunked = "POST /2 HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";
    const auto requests = put("/1", "one") + chunked + "3;a=b\r\ntwo\r\n0\r\nX-Late: 1\r\n\r\n" +
                          chunked + "0\r\n\r\n\r\n" + get("/3");
    for (std::size_t cut = 1; cut < requests.size(); ++cut) {
        CAPTURE(cut);
        client.send(std::string_view(requests).substr(0, cut));
        client.send(std::string_view(requests).substr(cut));
        for (const char* body : {"/1|one", "/2|two", "/2|", "/3|"}) {
            const auto response = client.read_response();
            REQUIRE(response);
            CHECK(response->body == body);
        }
    }
    for (const char byte : requests) client.send(std::string_view(&byte, 1));
    for (const char* body : {"/1|one", "/2|two", "/2|", "/3|"})
        CHECK(client.read_response()->body == body);
}

TEST_CASE("server: HEAD is answered with the length of a body and without the body")
{
    running_server running;
    auto client = running.connect();
    client.send("HEAD /some HTTP/1.1\r\nHost: t\r\n\r\n");
    const auto response = client.read_response(true);
    REQUIRE(response);
    CHECK(response->header("Content-Length") == "6");
    CHECK(client.exchange(get("/next")).body == "/next|");
}

TEST_CASE("server: 204 has neither body nor length")
{
    running_server running;
    auto client = running.connect();
    const auto response = client.exchange(get("/empty"));
    CHECK(response.status == 204);
    CHECK(response.header("Content-Length").empty());
    CHECK(client.exchange(get("/next")).body == "/next|");
}

TEST_CASE("server: methods and targets of any form reach the handler")
{
    running_server running;
    auto client = running.connect();
    CHECK(client.exchange("BREW /pot HTTP/1.1\r\nHost: t\r\n\r\n").header("X-Method") == "BREW");
    CHECK(client.exchange(get("http://host:80/path?q=1")).body == "/path?q=1|");
    CHECK(client.exchange(get("HTTPS://host")).body == "/|");
    CHECK(client.exchange(get("http://host?q=http://x")).body == "/?q=http://x|");
    CHECK(client.exchange(get("/redirect?to=http://x/")).body == "/redirect?to=http://x/|");
    CHECK(client.exchange("OPTIONS * HTTP/1.1\r\nHost: t\r\n\r\n").body == "*|");
    CHECK(client.exchange("CONNECT a:1 HTTP/1.1\r\nHost: t\r\n\r\n").body == "a:1|");
    CHECK(client
              .exchange("GET /up HTTP/1.1\r\nHost: t\r\nConnection: Upgrade\r\n"
                        "Upgrade: websocket\r\n\r\n")
              .status == 200);
}

TEST_CASE("server: a client that expects 100 Continue gets it before it sends its body")
{
    running_server running;
    auto client = running.connect();
    const auto interim = client.exchange(
        "PUT /x HTTP/1.1\r\nHost: t\r\nContent-Length: 4\r\nExpect: 100-continue\r\n\r\n");
    CHECK(interim.status == 100);
    CHECK(interim.headers.empty());
    CHECK(client.exchange("body").body == "/x|body");
    CHECK(client
              .exchange("PUT /y HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n"
                        "Expect: 100-continue\r\n\r\n")
              .status == 100);
    CHECK(client.exchange("4\r\nbody\r\n0\r\n\r\n").body == "/y|body");
}

TEST_CASE("server: a client that expects 100 Continue for too large a body is refused at once")
{
    running_server running;
    const auto response = last_words(running,
                                     "PUT / HTTP/1.1\r\nHost: t\r\nContent-Length: 9999999\r\n"
                                     "Expect: 100-continue\r\n\r\n");
    CHECK(response.status == 413);
}

TEST_CASE("server: a client that sends too large a body can read why it is refused")
{
    running_server running;
    const auto response = last_words(running, put("/big", std::string(3 * 1024 * 1024, 'x')));
    CHECK(response.status == 413);
    CHECK(response.body.starts_with("PUT /big|"));
}

TEST_CASE("server: a chunked body is measured as it comes")
{
    running_server running;
    std::string request = "PUT / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (int i = 0; i < 48; ++i) request += "10000\r\n" + std::string(65536, 'x') + "\r\n";
    CHECK(last_words(running, request + "0\r\n\r\n").status == 413);
}

TEST_CASE("server: a body of just the permitted size is received")
{
    ocpi::server::limits bounds;
    bounds.body_bytes = 100'000;
    running_server running(bounds);
    auto client = running.connect();
    const std::string body(100'000, 'x');
    CHECK(client.exchange(put("/", body)).body == "/|" + body);
    CHECK(client
              .exchange("PUT / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n"
                        "186A0\r\n" +
                        body + "\r\n0\r\n\r\n")
              .body == "/|" + body);
    CHECK(last_words(running, put("/", body + "x")).status == 413);
}

TEST_CASE("server: too large a header is refused, in one field, in many, or in the target")
{
    running_server running;
    CHECK(last_words(running,
                     "GET / HTTP/1.1\r\nHost: t\r\nX: " + std::string(20'000, 'x') + "\r\n\r\n")
              .status == 431);
    CHECK(last_words(running, get("/" + std::string(20'000, 'x'))).status == 431);
    std::string many = "GET / HTTP/1.1\r\nHost: t\r\n";
    for (int i = 0; i < 3000; ++i) many += "X: y\r\n";
    CHECK(last_words(running, many + "\r\n").status == 431);
    auto client = running.connect();
    CHECK(client
              .exchange("GET / HTTP/1.1\r\nHost: t\r\nX-Seen: " + std::string(15'000, 'x') +
                        "\r\n\r\n")
              .header("X-Seen")
              .size() == 15'000);
}

TEST_CASE("server: what two readers might understand in two ways is malformed")
{
    running_server running;
    const std::string start = "POST / HTTP/1.1\r\nHost: t\r\n";
    const std::string malformed[] = {
        "nonsense\r\n\r\n",
        "\x16\x03\x01 a TLS hello",
        "GET / HTTP/2.0\r\nHost: t\r\n\r\n",
        "GET /\r\n\r\n",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\nHost: t\n\n",
        "GET /a b HTTP/1.1\r\nHost: t\r\n\r\n",
        std::string("GET /\0 HTTP/1.1\r\nHost: t\r\n\r\n", 29),
        "GET /\x01 HTTP/1.1\r\nHost: t\r\n\r\n",
        "GET /\x7f HTTP/1.1\r\nHost: t\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: t\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: t\r\nX: a\r\n b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: t\r\nX:\r\n\tb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: t\r\nX: a\r\n \r\n\r\n",
        "GET / HTTP/1.1\r\nHost : t\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: t\r\n: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: t\r\nX: a\rb\r\n\r\n",
        std::string("GET / HTTP/1.1\r\nHost: t\r\nX: a\0b\r\n\r\n", 36),
        start + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        start + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        start + "Content-Length: +3\r\n\r\nabc",
        start + "Content-Length: -3\r\n\r\nabc",
        start + "Content-Length: 0x3\r\n\r\nabc",
        start + "Content-Length: 3, 4\r\n\r\nabc",
        start + "Content-Length: 99999999999999999999\r\n\r\nabc",
        start + "Content-Length:\r\n\r\nabc",
        start + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        start + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        start + "Content-Length: 3\r\nTransfer-Encoding: identity\r\n\r\nabc",
        start + "Transfer-Encoding: gzip\r\n\r\n",
        start + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        start + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        start + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        start + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        start + "Transfer-Encoding: chunked\r\n\r\nxyz\r\n\r\n",
        start + "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n",
        start + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
        start + "Transfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n",
        start + "Transfer-Encoding: chunked\r\n\r\n3;" + std::string(20'000, 'x') + "\r\nabc",
        start + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + std::string(20'000, 'x'),
    };
    for (const auto& request : malformed) {
        CAPTURE(request.substr(0, 120));
        CHECK(last_words(running, request).status == 400);
    }
}

TEST_CASE("server: header values pass in both directions as they are")
{
    running_server running;
    auto client = running.connect();
    const auto response =
        client.exchange("GET / HTTP/1.1\r\nHost: t\r\nX-Seen: caf\xc3\xa9\tok\r\n\r\n");
    CHECK(response.header("X-Seen") == "caf\xc3\xa9\tok");
}

TEST_CASE("server: a header value of a handler cannot begin a field of its own")
{
    running_server running;
    auto client = running.connect();
    const auto response = client.exchange(get("/split"));
    CHECK(response.header("X-Split") == "a  Injected: b");
    CHECK(response.header("Injected").empty());
}

TEST_CASE("server: a client that stops in the middle of a header is answered 408")
{
    ocpi::server::limits bounds;
    bounds.header_timeout = 50ms;
    running_server running(bounds);
    const auto response = last_words(running, "GET /slow HTTP/1.1\r\nHost: t\r\n");
    CHECK(response.status == 408);
    CHECK(response.body.starts_with("GET /slow|"));
    CHECK(last_words(running, "G").status == 408);
}

TEST_CASE("server: a client that stops in the middle of a body is answered 408")
{
    ocpi::server::limits bounds;
    bounds.body_timeout = 50ms;
    running_server running(bounds);
    CHECK(last_words(running, "PUT /slow HTTP/1.1\r\nHost: t\r\nContent-Length: 9\r\n\r\nabc")
              .status == 408);
    CHECK(last_words(running,
                     "PUT /slow HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n"
                     "\r\n9\r\nabc")
              .status == 408);
}

TEST_CASE("server: an idle connection is closed without a word")
{
    ocpi::server::limits bounds;
    bounds.idle_timeout = 50ms;
    running_server running(bounds);
    auto fresh = running.connect();
    CHECK(fresh.is_closed_by_peer());
    auto used = running.connect();
    CHECK(used.exchange(get("/")).status == 200);
    CHECK(used.is_closed_by_peer());
}

TEST_CASE("server: a client that vanishes in the middle of a request is forgotten")
{
    running_server running;
    for (const auto& part : {std::string("GET / HT"), put("/", "body").substr(0, 50)}) {
        auto client = running.connect();
        client.send(part);
        client.shutdown_send();
        CHECK(client.is_closed_by_peer());
    }
}

TEST_CASE("server: a client that sends all and no more still gets its answer")
{
    running_server running;
    auto client = running.connect();
    client.send(put("/", "body"));
    client.shutdown_send();
    CHECK(client.read_response()->body == "/|body");
    CHECK(client.is_closed_by_peer());
}

TEST_CASE("server: a client that does not read its answer is closed")
{
    ocpi::server::limits bounds;
    bounds.write_timeout = 100ms;
    bounds.drain_timeout = 1h;
    running_server running(bounds);
    auto client = running.connect();
    client.send(get("/large"));
    client.read_response(true);  // the answer has begun
    running.stop().get();        // returns because the write timeout ends the connection
    CHECK(client.read_to_end().size() < 64 * 1024 * 1024);
}

TEST_CASE("server: connections beyond the cap are refused, and those far beyond it closed")
{
    ocpi::server::limits bounds;
    bounds.max_connections = 2;
    running_server running(bounds);
    auto first = running.connect();
    auto second = running.connect();
    CHECK(first.exchange(get("/")).status == 200);
    CHECK(second.exchange(get("/")).status == 200);
    CHECK(last_words(running, put("/", "body")).status == 503);

    std::vector<socket_client> surplus;
    for (int i = 0; i < 128; ++i) surplus.push_back(running.connect());
    auto last = running.connect();
    CHECK(last.is_closed_by_peer());
    CHECK(surplus.back().exchange(get("/")).status == 503);
    CHECK(first.exchange(get("/")).status == 200);
}

TEST_CASE("server: stop closes connections that wait for a request at once")
{
    ocpi::server::limits bounds;
    bounds.drain_timeout = 1h;
    running_server running(bounds);
    auto used = running.connect();
    CHECK(used.exchange(get("/")).status == 200);
    running.stop().get();
    CHECK(used.is_closed_by_peer());
    CHECK(running.server.connections() == 0);
    CHECK_THROWS(socket_client(running.endpoint));
    CHECK_THROWS(running.server.listen("127.0.0.1:0"));
}

TEST_CASE("server: stop finishes the requests under way")
{
    ocpi::server::limits bounds;
    bounds.drain_timeout = 1h;
    running_server running(bounds);
    auto client = running.connect();
    client.send(get("/hang"));
    running.handler->await_hanging();
    auto idle = running.connect();
    auto stopped = running.stop();
    auto stopped_again = running.stop();
    CHECK(idle.is_closed_by_peer());  // so the first phase has begun
    running.handler->release();
    const auto response = client.read_response();
    REQUIRE(response);
    CHECK(response->body == "/hang|");
    CHECK(response->header("Connection") == "close");
    client.shutdown_send();
    CHECK(client.is_closed_by_peer());
    stopped.get();
    stopped_again.get();
}

TEST_CASE("server: stop closes the connection of a handler that hangs")
{
    ocpi::server::limits bounds;
    bounds.drain_timeout = 50ms;
    running_server running(bounds);
    auto client = running.connect();
    client.send(get("/hang"));
    running.handler->await_hanging();
    running.stop().get();
    CHECK(running.server.connections() == 0);
    CHECK(client.is_closed_by_peer());
    running.handler->release();
}

TEST_CASE("server: a server that goes out of scope closes its connections")
{
    asio::io_context context;
    auto work = asio::make_work_guard(context);
    std::optional<ocpi::server::http_server> server;
    server.emplace(context.get_executor(), std::make_shared<echo_handler>(), ocpi::server::limits(),
                   std::make_shared<recording_logger>());
    socket_client client(server->listen("127.0.0.1:0"));
    std::thread thread([&context] { context.run(); });
    CHECK(client.exchange(get("/")).status == 200);
    server.reset();
    CHECK(client.is_closed_by_peer());
    work.reset();
    thread.join();
}

TEST_CASE("server: an exception from a handler costs its connection and is logged")
{
    running_server running;
    auto client = running.connect();
    client.send(get("/throw"));
    CHECK(client.is_closed_by_peer());
    CHECK(running.log->await_text().find("std::runtime_error") != std::string::npos);
    CHECK(running.connect().exchange(get("/")).status == 200);
}

// The undefined behaviour sanitizer opens pipes itself and takes their want for a bad object.
#ifdef __SANITIZE_ADDRESS__
constexpr bool descriptors_are_needed = true;
#else
constexpr bool descriptors_are_needed = false;
#endif

TEST_CASE("server: running out of file descriptors is survived" *
          doctest::skip(descriptors_are_needed))
{
    running_server running;
    rlimit usual{};
    ::getrlimit(RLIMIT_NOFILE, &usual);
    const int next = ::dup(0);
    ::close(next);
    rlimit scarce = usual;
    scarce.rlim_cur = static_cast<rlim_t>(next) + 1;
    ::setrlimit(RLIMIT_NOFILE, &scarce);
    auto client = running.connect();  // takes the last one
    const auto logged = running.log->await_text();
    ::setrlimit(RLIMIT_NOFILE, &usual);
    CHECK(logged.find("cannot accept connections") != std::string::npos);
    CHECK(client.exchange(get("/")).status == 200);
}

TEST_CASE("server: many clients are served side by side")
{
    running_server running;
    std::vector<std::thread> clients;
    std::atomic<int> answered = 0;
    for (int i = 0; i < 64; ++i) {
        clients.emplace_back([&running, &answered, i] {
            auto client = running.connect();
            for (int j = 0; j < 50; ++j) {
                const auto body = std::to_string(i * 1000 + j);
                if (client.exchange(put("/", body)).body == "/|" + body) ++answered;
            }
        });
    }
    for (auto& client : clients) client.join();
    CHECK(answered == 64 * 50);
}

TEST_CASE("server: it listens on IPv6 where there is any")
{
    try {
        running_server running({}, "[::1]:0");
        CHECK(running.endpoint.address().is_v6());
        CHECK(running.connect().exchange(get("/")).status == 200);
    } catch (const std::runtime_error& e) {
        MESSAGE("no IPv6 here: ", std::string(e.what()));
    }
}

TEST_CASE("server: an address that cannot be had is explained")
{
    running_server running;
    const auto complaint = [&running](const std::string& where) -> std::string {
        try {
            running.server.listen(where);
        } catch (const std::runtime_error& e) {
            return e.what();
        }
        return "none";
    };
    const auto taken = "127.0.0.1:" + std::to_string(running.endpoint.port());
    CHECK(complaint(taken).find(taken + ": the address is in use; stop") != std::string::npos);
    CHECK(complaint("8000").find("port is missing") != std::string::npos);
    CHECK(complaint("127.0.0.1:http").find("0 to 65535") != std::string::npos);
    CHECK(complaint("127.0.0.1:65536").find("0 to 65535") != std::string::npos);
    CHECK(complaint("example.com:80").find("IP address") != std::string::npos);
    CHECK(complaint("::1:80").find("[::1]:8000") != std::string::npos);
    CHECK(complaint("192.0.2.1:80").find("no such address") != std::string::npos);
    CHECK(complaint("localhost:0") == "none");
}
