#include "modules/exchange/push_target.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace push_target_test {

using namespace ocpi;
using exchange::make_targets;
using exchange::own_parties_of;
using exchange::write_party_pairs;
using names = std::vector<std::string>;

namespace {

partners::stored_partner make_partner(const std::string& name, const std::vector<party>& emsps)
{
    partners::partner made;
    made.name = name;
    made.state = partners::partner_state::registered;
    for (const auto& each : emsps) made.roles.emplace_back(party_role::emsp, each);
    made.endpoints.emplace_back("sessions", partners::interface_role::receiver,
                                "https://" + name + ".example/sessions//");
    return {made, 1};
}

}  // namespace

TEST_CASE("modules/exchange/push_target: our parties are read back from the pairs")
{
    const std::vector<party> emsps{party("DE", "EMP"), party("NL", "MSP")};
    const auto pairs = write_party_pairs({party("ES", "ABC"), party("be", "bec")}, emsps);
    CHECK(own_parties_of(pairs, emsps) == names{"BE*BEC", "ES*ABC"});
    CHECK(own_parties_of(pairs, {emsps[1], emsps[0]}) == names{"BE*BEC", "ES*ABC"});
    CHECK_FALSE(own_parties_of(pairs, {emsps[0]}));
    CHECK_FALSE(own_parties_of(pairs, {emsps[1]}));
    CHECK_FALSE(own_parties_of("", emsps));
    CHECK(own_parties_of(write_party_pairs({}, emsps), emsps) == names{});
}

TEST_CASE(
    "modules/exchange/push_target: an eMSP belongs to the first registered partner that has it")
{
    const party first("DE", "EMP");
    const party second("NL", "MSP");
    auto former = make_partner("former", {first});
    former.value.state = partners::partner_state::unregistered;
    auto without = make_partner("without", {second});
    without.value.endpoints.clear();
    const auto targets = make_targets({former, without, make_partner("a", {first}),
                                       make_partner("b", {party("de", "emp"), second}),
                                       make_partner("c", {second})});
    REQUIRE(targets.size() == 5);
    CHECK(targets[0].partner == "former");
    CHECK_FALSE(targets[0].target);
    CHECK_FALSE(targets[1].target);
    REQUIRE(targets[2].target);
    CHECK(targets[2].target->emsps == std::vector<party>{first});
    CHECK(targets[2].target->url == "https://a.example/sessions");
    REQUIRE(targets[3].target);
    CHECK(targets[3].target->emsps == std::vector<party>{second});
    CHECK_FALSE(targets[4].target);
}

}  // namespace push_target_test
