#include "http/ownership.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace ownership_test {

using namespace ocpi;

namespace {

struct asking {
    http::request request;
    http::target target;
    auth::principal caller;
    std::vector<std::string> parameters;
    protocol::routing routing;

    asking()
    {
        caller.roles = {credentials_role(party_role::cpo, party("BE", "BEC")),
                        credentials_role(party_role::emsp, party("NL", "TNM"))};
    }

    http::call call() const { return {request, target, caller, parameters, routing, date_time()}; }
};

}  // namespace

TEST_CASE("http/ownership: a CPO acts for itself, our operator for all")
{
    asking asked;
    CHECK(http::acts_for_cpo(asked.call(), party("be", "bec")));
    CHECK_FALSE(http::acts_for_cpo(asked.call(), party("BE", "TRE")));
    CHECK_FALSE(http::acts_for_cpo(asked.call(), party("NL", "TNM")));
    CHECK_FALSE(http::is_from_operator(asked.call()));
    asked.caller = auth::principal();
    asked.caller.kind = auth::caller_kind::platform_operator;
    CHECK(http::acts_for_cpo(asked.call(), party("BE", "TRE")));
    CHECK(http::is_from_operator(asked.call()));
}

TEST_CASE("http/ownership: OCPI-from names the CPO that acts")
{
    asking asked;
    asked.routing.from = party("NL", "TNM");
    CHECK_FALSE(http::acts_for_cpo(asked.call(), party("BE", "BEC")));
    asked.routing.from = party("be", "bec");
    CHECK(http::acts_for_cpo(asked.call(), party("BE", "BEC")));
}

TEST_CASE("http/ownership: a hub broadcasts for the CPOs behind it, and nobody else does")
{
    asking asked;
    const party cpo("BE", "BEC");
    CHECK_FALSE(http::is_broadcast_of_cpo(asked.call(), cpo));
    asked.routing.from = party("DE", "HUB");
    CHECK_FALSE(http::is_broadcast_of_cpo(asked.call(), cpo));
    asked.caller.roles.emplace_back(party_role::other, party("DE", "HUB"));
    CHECK(http::is_broadcast_of_cpo(asked.call(), cpo));
    CHECK_FALSE(http::is_broadcast_of_cpo(asked.call(), party("FR", "TRE")));
    CHECK_FALSE(http::is_broadcast_of_cpo(asked.call(), party("NL", "TNM")));
    asked.routing.from = party("NL", "TNM");
    CHECK_FALSE(http::is_broadcast_of_cpo(asked.call(), cpo));
    asked.routing.from.reset();
    CHECK_FALSE(http::is_broadcast_of_cpo(asked.call(), cpo));
}

TEST_CASE("http/ownership: a routing header leaves the party it names, none leaves all")
{
    const std::vector<party> both{party("ES", "ABC"), party("ES", "XYZ")};
    CHECK(http::narrowed(both, {}) == both);
    CHECK(http::narrowed(both, party("es", "xyz")) == std::vector{party("ES", "XYZ")});
    CHECK(http::narrowed(both, party("ES", "NONE")).empty());
}

}  // namespace ownership_test
