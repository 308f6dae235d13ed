#include "server/http_server.hpp"

#include "tests/support/echo_server.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <filesystem>
#include <future>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace http_server_test {

namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using ocpi::test::echo_handler;
using ocpi::test::echo_server;
using ocpi::test::get;
using ocpi::test::last_words;
using ocpi::test::put;
using ocpi::test::recording_logger;
using ocpi::test::socket_client;

/// While it lives, this process can open one file more. Numbers that lie free below those in use
/// are taken up, so that the limit is above every file that is open already.
class scarce_descriptors {
public:
    scarce_descriptors()
    {
        ::getrlimit(RLIMIT_NOFILE, &usual_);
        const auto highest = highest_open();
        do fillers_.push_back(::dup(0));
        while (fillers_.back() <= highest);
        ::close(fillers_.back());
        auto scarce = usual_;
        scarce.rlim_cur = static_cast<rlim_t>(fillers_.back()) + 1;
        fillers_.pop_back();
        ::setrlimit(RLIMIT_NOFILE, &scarce);
    }
    scarce_descriptors(const scarce_descriptors&) = delete;
    scarce_descriptors& operator=(const scarce_descriptors&) = delete;
    ~scarce_descriptors()
    {
        ::setrlimit(RLIMIT_NOFILE, &usual_);
        for (const int filler : fillers_) ::close(filler);
    }

private:
    static int highest_open()
    {
        int highest = 0;
        for (const auto& open : std::filesystem::directory_iterator("/proc/self/fd")) {
            highest = std::max(highest, std::stoi(open.path().filename()));
        }
        return highest;
    }

    rlimit usual_{};
    std::vector<int> fillers_;
};

}  // namespace

TEST_CASE(
    "server/http_server: connections beyond the cap are refused, and those far beyond it closed")
{
    ocpi::server::limits bounds;
    bounds.max_connections = 2;
    echo_server running(bounds);
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

TEST_CASE("server/http_server: stop closes connections that wait for a request at once")
{
    ocpi::server::limits bounds;
    bounds.drain_timeout = 1h;
    echo_server running(bounds);
    auto used = running.connect();
    CHECK(used.exchange(get("/")).status == 200);
    running.stop().get();
    CHECK(used.is_closed_by_peer());
    CHECK(running.server.connections() == 0);
    CHECK_THROWS(socket_client(running.endpoint));
    CHECK_THROWS(running.server.listen("127.0.0.1:0"));
}

TEST_CASE("server/http_server: stop ends connections that send empty lines and never a request")
{
    ocpi::server::limits bounds;
    bounds.drain_timeout = 1h;
    std::vector<socket_client> clients;
    echo_server running(bounds);
    for (int i = 0; i < 8; ++i) clients.push_back(running.connect());
    std::atomic<bool> is_over = false;
    std::vector<std::thread> senders;
    for (auto& client : clients) {
        CHECK(client.exchange(get("/")).status == 200);
        senders.emplace_back([&client, &is_over] {
            while (!is_over && client.send("\r\n")) {
            }
        });
    }
    auto stopped = running.stop();
    const bool has_stopped = stopped.wait_for(20s) == std::future_status::ready;
    CHECK(has_stopped);
    is_over = true;
    for (auto& sender : senders) sender.join();
    if (!has_stopped) clients.clear();  // what the server waits for
}

TEST_CASE("server/http_server: stop finishes the requests under way")
{
    ocpi::server::limits bounds;
    bounds.drain_timeout = 1h;
    echo_server running(bounds);
    auto client = running.connect();
    client.send(get("/hang"));
    running.handler->await_hanging();
    auto idle = running.connect();
    CHECK(idle.exchange(get("/")).status == 200);  // so it has been accepted
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

TEST_CASE("server/http_server: stop closes the connection of a handler that hangs")
{
    ocpi::server::limits bounds;
    bounds.drain_timeout = 50ms;
    echo_server running(bounds);
    auto client = running.connect();
    client.send(get("/hang"));
    running.handler->await_hanging();
    running.stop().get();
    CHECK(running.server.connections() == 0);
    CHECK(client.is_closed_by_peer());
    running.handler->release();
}

TEST_CASE("server/http_server: a server that goes out of scope closes its connections")
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

TEST_CASE("server/http_server: an exception from a handler costs its connection and is logged")
{
    echo_server running;
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

TEST_CASE("server/http_server: without file descriptors clients are told, not left waiting" *
          doctest::skip(descriptors_are_needed))
{
    echo_server running;
    {
        const scarce_descriptors scarcity;
        auto client = running.connect();  // takes the last one
        const auto refused = client.exchange(get("/"));
        CHECK(refused.status == 503);
        CHECK(refused.header("Connection") == "close");
        CHECK(client.is_closed_by_peer());
        CHECK(running.log->await_text().find("cannot accept connections") != std::string::npos);
    }
    CHECK(running.connect().exchange(get("/")).status == 200);
}

TEST_CASE("server/http_server: many clients are served side by side")
{
    echo_server running;
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

TEST_CASE("server/http_server: it listens on IPv6 where there is any")
{
    try {
        echo_server running({}, "[::1]:0");
        CHECK(running.endpoint.address().is_v6());
        CHECK(running.connect().exchange(get("/")).status == 200);
    } catch (const std::runtime_error& e) {
        MESSAGE("no IPv6 here: ", std::string(e.what()));
    }
}

TEST_CASE("server/http_server: an address that cannot be had is explained")
{
    echo_server running;
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

}  // namespace http_server_test
