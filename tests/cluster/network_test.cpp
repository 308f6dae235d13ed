// A network between one of the processes and the database that swallows packets.

#include "tests/cluster/database.hpp"
#include "tests/cluster/world.hpp"
#include "tests/support/stalling_proxy.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>
#include <thread>

namespace network_test {

using namespace cluster;

namespace {

/// The longest time without an acknowledged write, in milliseconds, while `run` lasts.
template <class Run>
instant find_longest_gap(const traffic& callers, Run run)
{
    instant longest = 0;
    std::jthread observer([&](const std::stop_token& over) {
        int count = callers.acknowledged();
        for (auto since = now(); !over.stop_requested();) {
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
            longest = std::max(longest, now() - since);
            if (callers.acknowledged() == count) continue;
            count = callers.acknowledged();
            since = now();
        }
    });
    run();
    observer.request_stop();
    observer.join();
    return longest;
}

/// Waits until the process behind the proxy writes and reads again.
bool reaches_database(const world& all)
{
    return ocpi::test::eventually([&] {
        ocpi::test::ocpi_client client(all.processes.address(0), "your-token");
        const std::string session = "/ocpi/emsp/2.3.0/sessions/ES/ABC/none";
        const auto patched = client.request("PATCH", session, R"({"kwh":1})");
        const auto listed = client.request("GET", "/ocpi/cpo/2.3.0/sessions?limit=1");
        return patched && patched->status < 500 && ocpi::test::is_acknowledged(listed);
    });
}

/// A process that reaches the database through a proxy, which the others do not need.
struct network {
    database store{database::kind::on_tcp};
    ocpi::test::stalling_proxy proxy{static_cast<unsigned short>(store.server().port())};

    database_urls urls() const
    {
        auto all = store.urls();
        all.of_processes[0] = "postgresql://ocpi@127.0.0.1:" + std::to_string(proxy.port()) +
                              store.url().substr(store.url().rfind('/'));
        return all;
    }
};

}  // namespace

TEST_CASE("cluster/network: a process that does not reach the database any more holds up no other")
{
    network between;
    world all(between.urls(), std::random_device()());
    const auto cut_off = all.processes.process(0);
    const auto gap = find_longest_gap(*all.callers, [&] {
        between.proxy.stall();
        CHECK(all.callers->await_writes(50));
        // What it owned is others' after the life of a lease.
        CHECK(ocpi::test::eventually(
            [&] {
                return std::none_of(
                    all.partners.begin(), all.partners.end(), [&](const auto& partner) {
                        const auto holder = all.leases->holder("push/" + partner->name());
                        return holder == 0 || holder == cut_off;
                    });
            },
            std::chrono::seconds(15)));
        CHECK(all.callers->await_writes(50));
    });
    MESSAGE("the longest time without a write: ", gap, " ms");
    CHECK(gap <= 15'000);
    between.proxy.resume();
    CHECK(reaches_database(all));
    all.finish();
}

TEST_CASE("cluster/network: answers that are lost are found out, again and again")
{
    network between;
    world all(between.urls(), std::random_device()());
    for (int round = 0; round < 4; ++round) {
        CHECK(reaches_database(all));
        const auto sent = between.proxy.bytes_from_clients();
        between.proxy.stall(ocpi::test::stalling_proxy::direction::to_client);
        // Statements have reached the server, and their answers are held back.
        CHECK(between.proxy.await_bytes_from_clients(sent + 500));
        between.proxy.cut();
        between.proxy.resume();
        CHECK(all.callers->await_writes(30));
    }
    all.finish();
}

}  // namespace network_test
