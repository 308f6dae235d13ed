// Connections that end, or go slowly, at every byte.

#include "tests/support/echo_server.hpp"
#include "tests/support/ocpi_client.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/session_text.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace resets_test {

using namespace ocpi;
using namespace std::chrono_literals;

namespace {

std::string put_session(const std::string& id)
{
    const auto body = test::session_text({{"id", '"' + id + '"'}});
    return "PUT /ocpi/emsp/2.3.0/sessions/ES/ABC/" + id +
           " HTTP/1.1\r\nHost: t\r\nAuthorization: Token your-token\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// Sends a byte every few milliseconds until there is an answer.
test::wire_response trickle(const boost::asio::ip::tcp::endpoint& server, std::string_view bytes)
{
    test::socket_client client(server, 5ms);
    for (;;) {
        if (!bytes.empty()) {
            client.send(bytes.substr(0, 1));
            bytes.remove_prefix(1);
        }
        try {
            if (auto answer = client.read_response()) return *answer;
            throw std::logic_error("closed without an answer");
        } catch (const std::runtime_error&) {
            // No answer yet.
        }
    }
}

/// As many files as the system allows this process.
std::size_t raise_file_limit()
{
    rlimit files{};
    ::getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &files);
    ::getrlimit(RLIMIT_NOFILE, &files);
    return files.rlim_cur;
}

}  // namespace

TEST_CASE("faults/resets: a reset at any byte of a request leaves no connection and half a write")
{
    const test::temporary_directory directory;
    test::server_process server({"--dev", "--database", "sqlite:" + directory.file("store.db")});
    const auto size = put_session("R100").size();
    for (std::size_t sent = 0; sent <= size; ++sent) {
        test::socket_client client(server.endpoint());
        client.send(put_session("R" + std::to_string(100 + sent)).substr(0, sent));
        client.reset();
    }
    test::ocpi_client reader(server.endpoint(), "your-token");
    for (std::size_t sent = 0; sent <= size; ++sent) {
        CAPTURE(sent);
        const auto id = "R" + std::to_string(100 + sent);
        const auto answer = reader.request("GET", "/ocpi/emsp/2.3.0/sessions/ES/ABC/" + id);
        REQUIRE(answer);
        CHECK((answer->status == 404 || sent >= size));
        if (answer->status != 404) {
            CHECK(answer->body.find(test::session_text({{"id", '"' + id + '"'}})) !=
                  std::string::npos);
        }
    }
    CHECK(server.terminate() == 0);
}

TEST_CASE("faults/resets: a reset at any byte of an answer ends the connection, not the server")
{
    server::limits bounds;
    bounds.drain_timeout = 1h;
    test::echo_server running(bounds);
    const auto request = test::put("/x", std::string(200, 'b')) + test::get("/next");
    const auto size = [&] {
        auto client = running.connect();
        client.send(request + "GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
        return client.read_to_end().size();
    }();
    for (std::size_t wanted = 1; wanted < size; ++wanted) {
        auto client = running.connect();
        client.send(request);
        std::size_t read = 0;
        while (read < wanted) {
            const auto part = client.read_some(wanted - read);
            if (part.empty() || read + part.size() >= size / 2) break;
            read += part.size();
        }
        client.reset();
    }
    for (std::size_t sent = 0; sent < request.size(); ++sent) {
        auto client = running.connect();
        client.send(request.substr(0, sent));
        client.reset();
    }
    CHECK(running.connect().exchange(test::get("/alive")).body == "/alive|");
    running.stop().get();  // returns because no connection is left
    CHECK(running.server.connections() == 0);
}

TEST_CASE("faults/resets: who sends a byte now and then has until the deadline, and no longer")
{
    server::limits bounds;
    bounds.header_timeout = 100ms;
    bounds.body_timeout = 100ms;
    bounds.drain_timeout = 1h;
    test::echo_server running(bounds);
    const std::string endless_header = "GET / HTTP/1.1\r\nHost: t\r\nX: " + std::string(5000, 'x');
    CHECK(trickle(running.endpoint, endless_header).status == 408);
    const std::string start = "PUT / HTTP/1.1\r\nHost: t\r\n";
    const auto after_header = [&](const std::string& head, const std::string& body) {
        test::socket_client client(running.endpoint, 5ms);
        client.send(start + head + "\r\n");
        for (const char byte : body) {
            client.send(std::string_view(&byte, 1));
            try {
                if (auto answer = client.read_response()) return answer->status;
                return 0;
            } catch (const std::runtime_error&) {
                // No answer yet.
            }
        }
        return -1;
    };
    CHECK(after_header("Content-Length: 5000\r\n", std::string(5000, 'x')) == 408);
    CHECK(after_header("Transfer-Encoding: chunked\r\n", "1000\r\n" + std::string(5000, 'x')) ==
          408);
    CHECK(after_header("Transfer-Encoding: chunked\r\n", "1;" + std::string(5000, 'x')) == 408);
    running.stop().get();
}

TEST_CASE("faults/resets: who reads a little now and then has until the deadline, and no longer")
{
    server::limits bounds;
    bounds.write_timeout = 100ms;
    bounds.drain_timeout = 1h;
    test::echo_server running(bounds);
    auto client = running.connect();
    client.send(test::get("/large"));
    auto stopped = running.stop();
    std::size_t read = 0;
    while (stopped.wait_for(2ms) != std::future_status::ready) read += client.read_some(512).size();
    CHECK(read < 64 * 1024 * 1024);
    CHECK(running.server.connections() == 0);
}

TEST_CASE("faults/resets: many idle connections hold up neither each other nor a request")
{
    using clock = std::chrono::steady_clock;
    const auto seed = std::random_device()();
    MESSAGE("seed ", seed);
    std::minstd_rand random(seed);
    test::server_process server({"--dev", "--database", "memory:"});
    const std::size_t wanted = std::min<std::size_t>(19'000, raise_file_limit() - 300);
    const std::string request =
        "GET /ocpi/versions HTTP/1.1\r\nHost: t\r\nAuthorization: Token your-token\r\n\r\n";
    std::vector<test::socket_client> idle;
    const auto end = clock::now() + 10s;
    while (idle.size() < wanted && clock::now() < end) idle.emplace_back(server.endpoint());
    MESSAGE(idle.size(), " connections");
    CHECK(idle.size() >= std::min<std::size_t>(wanted, 500));
    // The last one is served, so all before it have been accepted.
    CHECK(idle.back().exchange(request).status == 200);
    for (int i = 0; i < 200; ++i) {
        CHECK(idle[random() % idle.size()].exchange(request).status == 200);
    }
    for (auto& each : idle) each.reset();
    CHECK(test::socket_client(server.endpoint()).exchange(request).status == 200);
    CHECK(server.terminate() == 0);
}

}  // namespace resets_test
