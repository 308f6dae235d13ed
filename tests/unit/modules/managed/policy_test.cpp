#include "modules/managed/policy.hpp"

#include "tests/support/managed_text.hpp"

#include <doctest/doctest.h>

namespace policy_test {

using namespace ocpi;
using namespace ocpi::managed;
using namespace ocpi::managed_test;

TEST_CASE("modules/managed/policy: a policy covers the sessions of its contracts at its location")
{
    auto rule = policy_for();
    CHECK(covers(rule, seen({}).fields));
    CHECK_FALSE(covers(rule, seen({{"location_id", R"("L2")"}}).fields));
    CHECK_FALSE(covers(rule, seen({{"cdr_token", "null"}}).fields));
    rule.contract_ids = {ci_string("deempc1")};
    CHECK(covers(rule, seen({}).fields));
    rule.contract_ids = {ci_string("DE-EMP-C2")};
    CHECK_FALSE(covers(rule, seen({}).fields));
}

TEST_CASE("modules/managed/policy: a policy may be about one EVSE")
{
    auto rule = policy_for();
    rule.location.evse_uid = ci_string("E1");
    CHECK(covers(rule, seen({{"evse_uid", R"("e1")"}}).fields));
    CHECK_FALSE(covers(rule, seen({{"evse_uid", R"("E2")"}}).fields));
}

}  // namespace policy_test
