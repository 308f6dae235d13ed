#include "ocpi/base/ttl_cache.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

namespace ttl_cache_test {

using cache = ocpi::ttl_cache<std::string, int>;
using std::chrono::milliseconds;

namespace {

const cache::clock::time_point begin{};

}  // namespace

TEST_CASE("ocpi/base/ttl_cache: a value is found until its time is over")
{
    cache values(milliseconds(500), 10);
    CHECK_FALSE(values.find("a", begin));
    values.put("a", 1, begin);
    CHECK(values.find("a", begin + milliseconds(499)) == 1);
    CHECK_FALSE(values.find("a", begin + milliseconds(500)));
    CHECK_FALSE(values.find("a", begin));
}

TEST_CASE("ocpi/base/ttl_cache: a value that is put again begins its time again")
{
    cache values(milliseconds(500), 10);
    values.put("a", 1, begin);
    values.put("a", 2, begin + milliseconds(400));
    CHECK(values.find("a", begin + milliseconds(800)) == 2);
}

TEST_CASE("ocpi/base/ttl_cache: it begins again when it is full")
{
    cache values(milliseconds(500), 2);
    values.put("a", 1, begin);
    values.put("b", 2, begin);
    CHECK(values.find("a", begin));
    values.put("c", 3, begin);
    CHECK_FALSE(values.find("a", begin));
    CHECK_FALSE(values.find("b", begin));
    CHECK(values.find("c", begin) == 3);
}

}  // namespace ttl_cache_test
