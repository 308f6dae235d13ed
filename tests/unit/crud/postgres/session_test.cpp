#include "crud/postgres/session.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <random>

namespace session_test {

using namespace ocpi;
using namespace std::chrono_literals;
using crud::postgres::between_openings;

TEST_CASE("crud/postgres/session: a server is tried each second, however long it is away")
{
    std::minstd_rand random(7);
    CHECK(between_openings.after(1) == 100ms);
    for (unsigned failures = 1; failures < 1'000; ++failures) {
        CHECK(between_openings.about(failures, random) <= 1s);
    }
}

}  // namespace session_test
