// Processes that end, are killed or sleep while they are written to.
//
// OCPI_CLUSTER_ROUNDS=50 lets the random kills go on for so many rounds instead of three.

#include "tests/cluster/database.hpp"
#include "tests/cluster/world.hpp"

#include <doctest/doctest.h>

#include <csignal>
#include <cstdlib>
#include <random>

namespace processes_test {

using namespace cluster;

namespace {

int rounds()
{
    const char* const wanted = std::getenv("OCPI_CLUSTER_ROUNDS");
    return wanted ? std::atoi(wanted) : 3;
}

/// Waits for a holder other than that process; how long it took from `from` on, in milliseconds.
instant await_successor(const world& all, const std::string& lease, pid_t process, instant from)
{
    REQUIRE(ocpi::test::eventually(
        [&] { return find_succession(all.leases->samples(), lease, process, from) >= 0; }));
    return find_succession(all.leases->samples(), lease, process, from);
}

}  // namespace

TEST_CASE("cluster/processes: an owner that ends is succeeded within a second, a killed one in 15")
{
    const database store;
    world all(store.urls(), std::random_device()());
    const auto lease = all.push_lease(0);

    const auto orderly = all.await_owner(lease);
    auto process = all.processes.process(orderly);
    auto begun = now();
    CHECK(all.processes.terminate(orderly) == 0);
    const auto ended = now();
    auto took = await_successor(all, lease, process, begun);
    MESSAGE("an orderly end takes ", ended - begun, " ms, the succession ", took, " ms");
    CHECK(took <= std::max(instant{1'000}, ended - begun + 1'000));
    all.processes.start(orderly);
    CHECK(all.callers->await_writes(30));

    const auto killed = all.await_owner(lease);
    process = all.processes.process(killed);
    begun = now();
    all.processes.kill(killed);
    took = await_successor(all, lease, process, begun);
    MESSAGE("a killed owner is succeeded after ", took, " ms");
    CHECK(took <= 15'000);
    all.processes.start(killed);
    all.finish();
}

TEST_CASE("cluster/processes: kill -9 at random, again and again")
{
    const database store;
    const auto seed = std::random_device()();
    world all(store.urls(), seed);
    std::minstd_rand random(seed);
    for (int round = 0; round < rounds(); ++round) {
        const auto victim = random() % process_group::size;
        all.processes.kill(victim);
        // Sometimes a second one, so that one alone goes on.
        const auto other = (victim + 1) % process_group::size;
        const bool is_lonely = random() % 2 == 0;
        if (is_lonely) all.processes.kill(other);
        CHECK(all.callers->await_writes(20 + static_cast<int>(random() % 60)));
        if (is_lonely) all.processes.start(other);
        all.processes.start(victim);
        CHECK(all.callers->await_writes(20 + static_cast<int>(random() % 60)));
    }
    all.finish();
}

TEST_CASE("cluster/processes: an owner that slept beyond its lease does not act when it wakes")
{
    const database store;
    world all(store.urls(), std::random_device()());
    const auto lease = all.push_lease(0);
    const auto sleeper = all.await_owner(lease);
    const auto process = all.processes.process(sleeper);
    const auto begun = now();
    all.processes.signal(sleeper, SIGSTOP);
    const auto took = await_successor(all, lease, process, begun);
    MESSAGE("an owner that sleeps is succeeded after ", took, " ms");
    CHECK(took <= 15'000);
    // The successor has sent.
    CHECK(ocpi::test::eventually([&] {
        const auto sender = all.partner(0).last_sender();
        return sender != 0 && sender != process;
    }));
    CHECK(all.callers->await_writes(50));
    all.processes.signal(sleeper, SIGCONT);
    CHECK(all.callers->await_writes(150));
    all.finish();
}

}  // namespace processes_test
