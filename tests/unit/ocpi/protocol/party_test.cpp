#include "ocpi/protocol/party.hpp"

#include <doctest/doctest.h>

namespace party_test {

using namespace ocpi;

TEST_CASE("ocpi/protocol/party: roles are OCPI's words, to the letter")
{
    for (const char* name : {"CPO", "EMSP", "NAP", "NSP", "OTHER", "SCSP"}) {
        const auto role = parse_party_role(name);
        REQUIRE(role);
        CHECK(to_string(*role) == name);
    }
    for (const char* name : {"HUB", "cpo", "", "CPO "}) CHECK_FALSE(parse_party_role(name));
}

TEST_CASE("ocpi/protocol/party: a party is two and three characters around an asterisk")
{
    const auto parsed = parse_party("ES*ABC");
    REQUIRE(parsed);
    CHECK(to_string(*parsed) == "ES*ABC");
    CHECK(*parsed == party("es", "abc"));
    CHECK_FALSE(*parsed == party("ES", "ABD"));
    CHECK_FALSE(*parsed == party("EX", "ABC"));
    for (const char* text :
         {"", "ES-ABC", "ESABC", "E*SABC", "ES*AB", "ES*ABCD", "ES*A\nC", "\xc3\xa9*ABC"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_party(text));
    }
}

TEST_CASE("ocpi/protocol/party: a role and its party are written with a colon")
{
    const auto parsed = parse_credentials_role("CPO:ES*ABC");
    REQUIRE(parsed);
    CHECK(*parsed == credentials_role(party_role::cpo, party("ES", "ABC")));
    CHECK(to_string(*parsed) == "CPO:ES*ABC");
    CHECK_FALSE(*parsed == credentials_role(party_role::emsp, party("ES", "ABC")));
    for (const char* text : {"", "CPO", "CPO:", ":ES*ABC", "CPO ES*ABC", "BOSS:ES*ABC", "CPO:ES"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_credentials_role(text));
    }
}

TEST_CASE("ocpi/protocol/party: a hub, as version 2.2.1 calls it, is a party in the role OTHER")
{
    const auto hub = parse_credentials_role("HUB:DE*HUB");
    REQUIRE(hub);
    CHECK(to_string(*hub) == "OTHER:DE*HUB");
    CHECK_FALSE(parse_party_role("HUB"));
}

}  // namespace party_test
