#include "server/connection.hpp"

#include "tests/support/echo_server.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <future>
#include <string>
#include <thread>
#include <vector>

namespace deaf_clients_test {

namespace {

using namespace std::chrono_literals;
using ocpi::test::echo_server;
using ocpi::test::get;
using ocpi::test::socket_client;

/// Reads an answer in small steps until `end`, and no more from then on.
void read_until(socket_client& client, std::chrono::steady_clock::time_point end)
{
    while (std::chrono::steady_clock::now() < end) client.read_some(4096);
}

}  // namespace

TEST_CASE(
    "server/deaf_clients: a client that reads up to the deadline and then stops is closed as well")
{
    ocpi::server::limits bounds;
    bounds.write_timeout = 30ms;
    bounds.drain_timeout = 1h;
    std::vector<socket_client> clients;
    echo_server running(bounds);
    for (int i = 0; i < 4; ++i) clients.push_back(running.connect());
    const auto end = std::chrono::steady_clock::now() + 3 * bounds.write_timeout;
    std::vector<std::thread> readers;
    for (auto& client : clients) {
        client.send(get("/large"));
        readers.emplace_back([&client, end] { read_until(client, end); });
    }
    for (auto& reader : readers) reader.join();
    auto stopped = running.stop();
    const bool has_stopped = stopped.wait_for(20s) == std::future_status::ready;
    CHECK(has_stopped);
    if (!has_stopped) clients.clear();  // what the server waits for
}

}  // namespace deaf_clients_test
