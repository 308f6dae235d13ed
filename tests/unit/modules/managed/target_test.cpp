#include "modules/managed/target.hpp"

#include <doctest/doctest.h>

namespace managed_target_test {

using namespace ocpi::managed;

TEST_CASE("modules/managed/target: types and sources go by their names")
{
    CHECK(to_string(target_type::regular) == "REGULAR");
    CHECK(to_string(target_type::immediate_start) == "IMMEDIATE_START");
    CHECK(to_string(target_source::policy) == "POLICY");
    CHECK(to_string(target_source::user_override) == "USER_OVERRIDE");
    CHECK(parse_target_source("POLICY") == target_source::policy);
    CHECK(parse_target_source("USER_OVERRIDE") == target_source::user_override);
}

TEST_CASE("modules/managed/target: other names are none")
{
    for (const char* name : {"", "regular", "REGULAR ", "FAST"}) {
        CHECK_FALSE(parse_target_type(name));
        CHECK_FALSE(parse_target_source(name));
    }
}

}  // namespace managed_target_test
