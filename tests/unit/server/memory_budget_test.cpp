#include "server/memory_budget.hpp"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

namespace memory_budget_test {

using ocpi::server::memory_budget;
using ocpi::server::memory_share;

TEST_CASE("server/memory_budget: no more is given than there is, and a share comes back at its end")
{
    memory_budget budget(1000);
    {
        memory_share first(budget);
        std::string text;
        CHECK(first.make_room(text, 600));
        CHECK(text.capacity() >= 600);
        CHECK(budget.used() == 600);
        CHECK(first.make_room(text, 500));  // is there already
        CHECK(budget.used() == 600);
        CHECK_FALSE(first.make_room(text, 601));  // it would double
        CHECK(budget.used() == 600);

        memory_share second(budget);
        std::string other;
        CHECK_FALSE(second.make_room(other, 401));
        CHECK(other.capacity() < 401);
        CHECK(second.make_room(other, 400));
        second.release();
        CHECK(budget.used() == 600);
    }
    CHECK(budget.used() == 0);
}

TEST_CASE("server/memory_budget: a text that grows is counted as it is allocated")
{
    memory_budget budget(100'000);
    memory_share share(budget);
    std::string text;
    for (std::size_t length = 100; length <= 20'000; length += 100) {
        REQUIRE(share.make_room(text, length));
        text.resize(length);
        CHECK(text.capacity() <= budget.used());
    }
    CHECK(budget.used() <= 2 * text.size() + 200);
}

TEST_CASE("server/memory_budget: threads share it without losing any")
{
    memory_budget budget(10);
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&budget] {
            for (int turn = 0; turn < 10'000; ++turn) {
                if (budget.take(4)) budget.give_back(4);
            }
        });
    }
    for (auto& each : threads) each.join();
    CHECK(budget.used() == 0);
    CHECK(budget.take(10));
    CHECK_FALSE(budget.take(1));
}

}  // namespace memory_budget_test
