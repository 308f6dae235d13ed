#include "crud/commit_pace.hpp"

#include <doctest/doctest.h>

#include <chrono>

namespace commit_pace_test {

using namespace ocpi;
using namespace std::chrono_literals;

TEST_CASE("crud/commit_pace: the first transaction begins at once")
{
    const crud::commit_pace pace;
    CHECK(pace.expected_writes() == 0);
    CHECK(pace.longest_wait() == 0s);
}

TEST_CASE("crud/commit_pace: as many writes are waited for as the larger of two commits had")
{
    crud::commit_pace pace;
    pace.committed(40, 2ms);
    pace.committed(3, 2ms);
    CHECK(pace.expected_writes() == 40);
    pace.committed(7, 2ms);
    CHECK(pace.expected_writes() == 7);
}

TEST_CASE("crud/commit_pace: those that waited during a commit are waited for beside the others")
{
    crud::commit_pace pace;
    pace.committed(40, 2ms, 0s, 24);
    CHECK(pace.expected_writes() == 64);
    pace.committed(64, 2ms, 0s, 0);
    CHECK(pace.expected_writes() == 64);
}

TEST_CASE("crud/commit_pace: a wait takes a third of the last commit, two milliseconds at most")
{
    crud::commit_pace pace;
    pace.committed(8, 3ms);
    CHECK(pace.longest_wait() == 1ms);
    pace.committed(8, 3s);
    CHECK(pace.longest_wait() == 2ms);
}

TEST_CASE("crud/commit_pace: or half of what other processes held it up, five milliseconds at most")
{
    crud::commit_pace pace;
    pace.committed(8, 10ms, 8ms);
    CHECK(pace.longest_wait() == 4ms);
    pace.committed(8, 3s, 2s);
    CHECK(pace.longest_wait() == 5ms);
    pace.committed(8, 3400us, 400us);
    CHECK(pace.longest_wait() == 1ms);
}

TEST_CASE("crud/commit_pace: a lone caller, one write a commit, is not kept waiting")
{
    crud::commit_pace pace;
    pace.committed(1, 2ms);
    pace.committed(1, 10ms, 8ms);
    CHECK(pace.expected_writes() == 1);  // its next write is there already
}

}  // namespace commit_pace_test
