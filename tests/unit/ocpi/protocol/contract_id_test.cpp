#include "ocpi/protocol/contract_id.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <string>
#include <vector>

namespace contract_id_test {

using namespace ocpi;

namespace {

bool same(const std::string& a, const std::string& b)
{
    const bool is_same = is_same_contract(ci_string(a), ci_string(b));
    CHECK(is_same == is_same_contract(ci_string(b), ci_string(a)));
    CHECK(is_same == (contract_key(ci_string(a)).str() == contract_key(ci_string(b)).str()));
    return is_same;
}

}  // namespace

TEST_CASE("ocpi/protocol/contract_id: separators and case make no difference")
{
    CHECK(same("NL-TNM-C12345678-X", "NLTNMC12345678X"));
    CHECK(same("NL-TNM-C12345678-X", "nl-tnm-c12345678-x"));
    CHECK(same("NLTNM-C12345678X", "NL-TNMC1234-5678-X"));
    CHECK(same("-NL-", "NL"));
    CHECK(same("", ""));
}

TEST_CASE("ocpi/protocol/contract_id: everything else does")
{
    CHECK_FALSE(same("NL-TNM-C12345678-X", "NL-TNM-C12345678-Y"));
    CHECK_FALSE(same("NL-TNM-C12345678-X", "NL-TNM-C12345678"));
    CHECK_FALSE(same("NL*TNM*C1", "NLTNMC1"));
    CHECK_FALSE(same("NL", ""));
}

TEST_CASE("ocpi/protocol/contract_id: an id of nothing but separators is no other contract")
{
    CHECK(same("-", "-"));
    CHECK_FALSE(same("-", "--"));
    CHECK_FALSE(same("-", ""));
    CHECK_FALSE(same("-", "NL"));
}

TEST_CASE("ocpi/protocol/contract_id: a key is upper case without separators")
{
    CHECK(contract_key(ci_string("nl-TNM-c1-x")).str() == "NLTNMC1X");
    CHECK(contract_key(ci_string("--")).str() == "--");
    const auto keys = contract_keys({ci_string("a-1"), ci_string("B2")});
    CHECK(keys == std::vector<ci_string>{ci_string("A1"), ci_string("B2")});
    CHECK(has_contract({ci_string("a-1"), ci_string("B2")}, ci_string("A1")));
    CHECK_FALSE(has_contract({ci_string("a-1")}, ci_string("A2")));
}

TEST_CASE(
    "ocpi/protocol/contract_id: a scope without limits has every session, one with contracts "
    "theirs")
{
    const contract_scope all;
    const contract_scope some{{ci_string("A1")}};
    const contract_scope none{std::vector<ci_string>()};
    CHECK(is_in_scope(all, ci_string("a-1")));
    CHECK(is_in_scope(all, std::optional<ci_string>()));
    CHECK(is_in_scope(some, ci_string("a-1")));
    CHECK(is_in_scope(some, std::optional<ci_string>("A1")));
    CHECK_FALSE(is_in_scope(some, ci_string("A2")));
    CHECK_FALSE(is_in_scope(some, std::optional<ci_string>()));
    CHECK_FALSE(is_in_scope(none, ci_string("A1")));
}

TEST_CASE("ocpi/protocol/contract_id: a log shows no more than its ends")
{
    CHECK(shorten_contract_id("ES8ABC123456") == "ES8ABC…56");
    CHECK(shorten_contract_id("ES8ABC12") == "ES…");
    CHECK(shorten_contract_id("") == "…");
}

}  // namespace contract_id_test
