#include "ocpi/protocol/routing_headers.hpp"

#include <doctest/doctest.h>

#include <string>

namespace routing_headers_test {

using namespace ocpi;
using protocol::read_routing_pair;

namespace {

std::string problem(const char* country_code, const char* party_id)
{
    const std::string country = country_code ? country_code : "";
    const std::string identifier = party_id ? party_id : "";
    const auto outcome = read_routing_pair(country_code ? &country : nullptr,
                                           party_id ? &identifier : nullptr, "from");
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code() == errc::invalid);
    return outcome.error().text();
}

}  // namespace

TEST_CASE("ocpi/protocol/routing_headers: a pair names a party, no pair names none")
{
    const std::string country = "es";
    const std::string identifier = "ABC";
    CHECK(**read_routing_pair(&country, &identifier, "to") == party("ES", "abc"));
    const auto none = read_routing_pair(nullptr, nullptr, "to");
    REQUIRE(none.has_value());
    CHECK_FALSE(none->has_value());
}

TEST_CASE("ocpi/protocol/routing_headers: an empty header counts as absent")
{
    const std::string empty;
    const auto none = read_routing_pair(&empty, &empty, "to");
    REQUIRE(none.has_value());
    CHECK_FALSE(none->has_value());
    CHECK_FALSE(read_routing_pair(nullptr, &empty, "to")->has_value());
    CHECK_FALSE(read_routing_pair(&empty, nullptr, "to")->has_value());
}

TEST_CASE("ocpi/protocol/routing_headers: half a pair and what cannot name a party are refused")
{
    const char* together =
        "OCPI-from-country-code and OCPI-from-party-id are sent together or not at all";
    CHECK(problem("ES", nullptr) == together);
    CHECK(problem(nullptr, "ABC") == together);
    CHECK(problem("", "ABC") == together);
    CHECK(problem("ES", "") == together);
    CHECK(problem("ESP", "ABC") == "OCPI-from-country-code must be at most 2 printable characters");
    CHECK(problem("E\t", "ABC") == "OCPI-from-country-code must be at most 2 printable characters");
    CHECK(problem("ES", "ABCD") == "OCPI-from-party-id must be at most 3 printable characters");
    CHECK(problem("ES", "\xc3\xa9") == "OCPI-from-party-id must be at most 3 printable characters");
}

}  // namespace routing_headers_test
