// kill -9 at full load, again and again, with a ledger of what was acknowledged.

#include "tests/support/recorded_client.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace kill_loop_test {

using namespace ocpi;

namespace {

constexpr int connections = 6;
constexpr int sessions_of_a_round = 4;

std::string name_of(int round, std::uint32_t number)
{
    return "R" + std::to_string(round) + "-" + std::to_string(number);
}

struct world {
    const test::temporary_directory directory;
    const std::vector<std::string> arguments{"--dev", "--database",
                                             "sqlite:" + directory.file("sessions.db")};
    test::history recorded;
    test::write_numbers numbers;
    std::atomic<int> answers{0};

    /// Appends to the sessions of the round, reads them, and creates some of its own, until the
    /// server has gone.
    void work(const test::server_process& server, int round, int connection, unsigned seed)
    {
        std::minstd_rand random(seed);
        test::recorded_client client(server.endpoint(), recorded, numbers);
        for (int own = 0;; ++own) {
            const auto shared = name_of(round, random() % sessions_of_a_round);
            const auto kind = random() % 8;
            bool is_there = true;
            if (kind == 0) {
                is_there = client.put(name_of(round, 100) + "-" + std::to_string(connection) + "-" +
                                      std::to_string(own));
            } else if (kind == 1) {
                is_there = client.get(shared);
            } else {
                is_there = client.patch(shared);
            }
            if (!is_there) return;
            ++answers;
        }
    }

    void run_until_killed(int round, int enough, unsigned seed)
    {
        test::server_process server(arguments);
        {
            test::recorded_client client(server.endpoint(), recorded, numbers);
            for (std::uint32_t i = 0; i < sessions_of_a_round; ++i) {
                REQUIRE(client.put(name_of(round, i)));
            }
        }
        answers = 0;
        std::vector<std::jthread> threads;
        for (int i = 0; i < connections; ++i) {
            const auto own_seed = seed + static_cast<unsigned>(i);
            threads.emplace_back([&, i, own_seed] { work(server, round, i, own_seed); });
        }
        while (answers < enough) std::this_thread::yield();
        server.kill();
    }

    /// Reads all that was ever written, and compares the totals.
    void check_after_restart()
    {
        test::server_process server(arguments);
        std::set<std::string> acknowledged;
        std::set<std::string> tried;
        for (const auto& each : recorded.operations()) {
            if (each.what != test::operation::kind::write) continue;
            tried.insert(each.session);
            if (each.how == test::operation::outcome::acknowledged) {
                acknowledged.insert(each.session);
            }
        }
        test::recorded_client client(server.endpoint(), recorded, numbers);
        for (const auto& session : tried) REQUIRE(client.get(session));
        CHECK(test::find_violation(recorded.operations()) == "");

        test::ocpi_client reader(server.endpoint(), "your-token");
        std::vector<std::string> listed;
        CHECK(test::compare_totals(reader, listed) == "");
        const std::set<std::string> present(listed.begin(), listed.end());
        CHECK(present.size() == listed.size());
        CHECK(std::includes(present.begin(), present.end(), acknowledged.begin(),
                            acknowledged.end()));
        CHECK(std::includes(tried.begin(), tried.end(), present.begin(), present.end()));
        CHECK(server.terminate() == 0);
    }
};

}  // namespace

TEST_CASE("faults/kill_loop: after each kill -9 at full load the histories and totals are right")
{
    using clock = std::chrono::steady_clock;
    constexpr int kills = 8;
    const auto seed = std::random_device()();
    MESSAGE("seed ", seed);
    std::minstd_rand random(seed);
    world all;
    const auto end = clock::now() + std::chrono::seconds(25);
    int done = 0;
    for (; done < kills && (done < 2 || clock::now() < end); ++done) {
        all.run_until_killed(done, static_cast<int>(100 + random() % 500), seed);
        all.check_after_restart();
    }
    MESSAGE(done, " kills, ", all.recorded.operations().size(), " requests");
}

}  // namespace kill_loop_test
