#include "crud/search.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>

namespace search_test {

using namespace ocpi;
using namespace ocpi::crud;

namespace {

std::optional<std::int64_t> millionths(const std::string& number)
{
    return to_millionths(*decimal::parse(number));
}

}  // namespace

TEST_CASE("crud/search: numbers are summed in millionths, rounded half away from zero")
{
    CHECK(millionths("0") == 0);
    CHECK(millionths("41.00") == 41'000'000);
    CHECK(millionths("-0.415e1") == -4'150'000);
    CHECK(millionths("0.0000005") == 1);
    CHECK(millionths("-0.0000005") == -1);
    CHECK(millionths("0.0000004999") == 0);
    CHECK(millionths("41.300000000000004") == 41'300'000);
    CHECK(millionths("999999999.999999") == 999'999'999'999'999);
    CHECK_FALSE(millionths("999999999.9999999"));
    CHECK_FALSE(millionths("1e9"));
    CHECK_FALSE(millionths("-1e9"));
    CHECK_FALSE(millionths("1e999999"));
    CHECK_FALSE(millionths("1e-999999"));
    CHECK(to_text(from_millionths(-4'150'000)) == "-4.15");
    CHECK(to_text(from_millionths(0)) == "0");
}

}  // namespace search_test
