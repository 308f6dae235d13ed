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

TEST_CASE("crud/commit_pace: a wait takes a quarter of the last commit, one millisecond at most")
{
    crud::commit_pace pace;
    pace.committed(8, 2ms);
    CHECK(pace.longest_wait() == 500us);
    pace.committed(8, 3s);
    CHECK(pace.longest_wait() == 1ms);
}

TEST_CASE("crud/commit_pace: a lone caller, one write a commit, is not kept waiting")
{
    crud::commit_pace pace;
    pace.committed(1, 2ms);
    pace.committed(1, 2ms);
    CHECK(pace.expected_writes() == 1);  // its next write is there already
}

}  // namespace commit_pace_test
