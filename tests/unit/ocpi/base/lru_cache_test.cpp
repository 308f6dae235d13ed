#include "ocpi/base/lru_cache.hpp"

#include <doctest/doctest.h>

#include <string>

namespace lru_cache_test {

using cache = ocpi::lru_cache<std::string, int>;

TEST_CASE("ocpi/base/lru_cache: the latest value of a key is found until it is erased")
{
    cache values(10);
    CHECK_FALSE(values.find("a"));
    values.put("a", 1);
    values.put("a", 2);
    CHECK(values.find("a") == 2);
    values.erase("a");
    values.erase("a");
    CHECK_FALSE(values.find("a"));
}

TEST_CASE("ocpi/base/lru_cache: what was put or found longest ago makes room")
{
    cache values(2);
    values.put("a", 1);
    values.put("b", 2);
    CHECK(values.find("a"));
    values.put("c", 3);
    CHECK(values.find("a"));
    CHECK_FALSE(values.find("b"));
    CHECK(values.find("c"));
}

TEST_CASE("ocpi/base/lru_cache: the costs together stay within the bound")
{
    cache values(10);
    values.put("a", 1, 4);
    values.put("b", 2, 4);
    values.put("b", 3, 6);
    CHECK(values.find("a") == 1);
    CHECK(values.find("b") == 3);
    values.put("c", 4, 10);
    CHECK_FALSE(values.find("a"));
    CHECK_FALSE(values.find("b"));
    CHECK(values.find("c") == 4);
}

TEST_CASE("ocpi/base/lru_cache: what costs more than all may is not kept, nor what it replaces")
{
    cache values(10);
    values.put("a", 1, 4);
    values.put("b", 2, 4);
    values.put("b", 3, 11);
    CHECK(values.find("a") == 1);
    CHECK_FALSE(values.find("b"));
}

}  // namespace lru_cache_test
