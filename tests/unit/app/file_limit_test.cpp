#include "app/file_limit.hpp"

#include <doctest/doctest.h>

namespace file_limit_test {

using ocpi::app::connections_within;

TEST_CASE("app/file_limit: connections leave room for what else needs descriptors")
{
    CHECK(connections_within(1'048'576, 20'000) == 20'000);
    CHECK(connections_within({}, 20'000) == 20'000);
    CHECK(connections_within(20'000, 20'000) == 20'000 - 512 - 128);
    CHECK(connections_within(4096, 20'000) == 4096 - 204 - 128);
    CHECK(connections_within(1024, 20'000) == 1024 - 64 - 128);
    CHECK(connections_within(1024, 100) == 100);
    CHECK(connections_within(256, 20'000) == 128);
    CHECK(connections_within(100, 20'000) == 50);
    CHECK(connections_within(0, 20'000) == 1);
    CHECK(connections_within(100, 1) == 1);
}

}  // namespace file_limit_test
