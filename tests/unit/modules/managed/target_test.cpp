#include "modules/managed/target.hpp"

#include <doctest/doctest.h>

namespace managed_target_test {

using namespace ocpi::managed;

TEST_CASE("modules/managed/target: types and sources have names")
{
    CHECK(to_string(target_type::regular) == "REGULAR");
    CHECK(to_string(target_type::immediate_start) == "IMMEDIATE_START");
    CHECK(to_string(target_source::policy) == "POLICY");
    CHECK(to_string(target_source::user_override) == "USER_OVERRIDE");
}

TEST_CASE("modules/managed/target: a type is found by its name only")
{
    CHECK(parse_target_type("REGULAR") == target_type::regular);
    CHECK(parse_target_type("IMMEDIATE_START") == target_type::immediate_start);
    for (const char* name : {"", "regular", "REGULAR ", "FAST"}) {
        CHECK_FALSE(parse_target_type(name));
    }
}

}  // namespace managed_target_test
