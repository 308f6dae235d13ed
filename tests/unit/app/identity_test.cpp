#include "app/identity.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>

namespace identity_test {

using namespace ocpi;
using app::identity_description;
using app::make_identity;

namespace {

identity_description of_kind(const char* kind)
{
    identity_description description;
    description.name = "n";
    description.kind = kind;
    return description;
}

std::string complaint(const identity_description& description)
{
    try {
        make_identity(description);
    } catch (const std::runtime_error& failure) {
        return failure.what();
    }
    return {};
}

}  // namespace

TEST_CASE("app/identity: the three kinds are made with what belongs to them")
{
    auto partner = of_kind("partner");
    partner.roles = {"CPO:ES*ABC", "EMSP:DE*EMP"};
    partner.profile = "tolerant";
    const auto made = make_identity(partner);
    CHECK(made.kind == auth::caller_kind::partner);
    CHECK(made.name == "n");
    CHECK(made.roles.size() == 2);
    CHECK(made.profile == auth::profile::tolerant);
    CHECK(made.token_kind == auth::token_kind::credentials);

    auto driver = of_kind("driver");
    driver.contracts = {"C1"};
    CHECK(make_identity(driver).contracts == std::vector<ci_string>{ci_string("c1")});
    CHECK(make_identity(of_kind("operator")).kind == auth::caller_kind::platform_operator);
    CHECK(make_identity(of_kind("operator")).profile == auth::profile::strict);
    for (const char* kind : {"partner", "operator", "driver"}) {
        CHECK(auth::to_string(make_identity(of_kind(kind)).kind) == std::string_view(kind));
    }
}

TEST_CASE("app/identity: what does not fit is said in words that help")
{
    CHECK(complaint(of_kind("king")) ==
          "the kind of a token is partner, operator or driver, not \"king\"");
    auto with_role = of_kind("operator");
    with_role.roles = {"CPO:ES*ABC"};
    CHECK(complaint(with_role) == "only a partner has roles");
    with_role.kind = "partner";
    with_role.roles = {"ES*ABC"};
    CHECK(complaint(with_role) == "a role is written like CPO:ES*ABC, not \"ES*ABC\"");
    auto with_contract = of_kind("partner");
    with_contract.contracts = {"C"};
    CHECK(complaint(with_contract) == "only a driver has contracts");
    auto with_profile = of_kind("driver");
    with_profile.profile = "lax";
    CHECK(complaint(with_profile) == "the profile of a token is strict or tolerant, not \"lax\"");
}

}  // namespace identity_test
