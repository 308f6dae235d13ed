#include "modules/managed/preferences_target.hpp"

#include "tests/support/managed_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace preferences_target_test {

using namespace ocpi;
using namespace ocpi::sessions;
using namespace ocpi::managed;
using namespace ocpi::managed_test;

namespace {

charging_preferences wish(const std::string& text)
{
    auto read = read_charging_preferences(text, strictness::strict);
    REQUIRE_MESSAGE(read.has_value(), text);
    return std::move(*read);
}

target scheduled()
{
    target goal;
    goal.minimum_charge_target = number("50");
    goal.ready_by = moment("16:00");
    return goal;
}

}  // namespace

TEST_CASE("modules/managed/preferences_target: FAST is an immediate start, without a deadline")
{
    const auto wanted =
        to_target(wish(R"({"profile_type":"FAST","departure_time":"2024-01-01T18:00:00Z",)"
                       R"("energy_need":10})"),
                  policy_for(), rational(30), scheduled());
    CHECK(wanted == immediate_start("50"));
}

TEST_CASE("modules/managed/preferences_target: the others are REGULAR by the departure")
{
    for (const std::string profile : {"CHEAP", "GREEN", "REGULAR"}) {
        const auto wanted = to_target(wish(R"({"profile_type":")" + profile +
                                           R"(","departure_time":"2024-01-01T18:00:00Z",)"
                                           R"("energy_need":20})"),
                                      policy_for(), rational(30), scheduled());
        CHECK(wanted == by_user("70", "18:00"));
    }
}

TEST_CASE("modules/managed/preferences_target: a battery takes no more than it holds")
{
    const auto wanted = to_target(wish(R"({"profile_type":"FAST","energy_need":1e40})"),
                                  policy_for(), rational(30), {});
    CHECK(wanted == immediate_start("100"));
    const auto huge = to_target(wish(R"({"profile_type":"FAST","energy_need":1e999999})"),
                                policy_for(), rational(30), {});
    CHECK(huge == immediate_start("100"));
}

TEST_CASE("modules/managed/preferences_target: what is not said is as the policy has it")
{
    const auto rule = policy_for();
    CHECK(to_target(wish(R"({"profile_type":"FAST"})"), rule, rational(30), {}) ==
          immediate_start("100"));
    CHECK(to_target(wish(R"({"profile_type":"FAST","energy_need":1})"), rule, {}, {}) ==
          immediate_start("100"));
    CHECK(to_target(wish(R"({"profile_type":"CHEAP"})"), rule, rational(30), scheduled()) ==
          by_user("50", "16:00"));
    CHECK(to_target(wish(R"({"profile_type":"CHEAP","departure_time":"2024-01-01T18:00:00Z"})"),
                    rule, rational(30), scheduled()) == by_user("50", "18:00"));
    CHECK_FALSE(to_target(wish(R"({"profile_type":"CHEAP"})"), rule, rational(30), {}));
    CHECK_FALSE(
        to_target(wish(R"({"profile_type":"CHEAP","energy_need":5})"), rule, rational(30), {}));
}

TEST_CASE(
    "modules/managed/preferences_target: REGULAR asks for CHEAP by the deadline, with the energy")
{
    CHECK(to_charging_preferences(scheduled(), policy_for(), rational(30)) ==
          R"({"profile_type":"CHEAP","departure_time":"2024-01-01T16:00:00Z","energy_need":10})");
}

TEST_CASE("modules/managed/preferences_target: an immediate start asks for FAST")
{
    CHECK(to_charging_preferences(immediate_start("70"), policy_for(), rational(30)) ==
          R"({"profile_type":"FAST","energy_need":20})");
}

TEST_CASE(
    "modules/managed/preferences_target: the energy has four places, is not negative, may be "
    "unknown")
{
    const auto asked = [](std::optional<rational> level) {
        return part(to_charging_preferences(scheduled(), policy_for(), level), "/energy_need");
    };
    CHECK(asked(rational(100, 3)) == "8.3333");
    CHECK(asked(rational(60)) == "0");
    CHECK(asked({}) == "absent");
}

}  // namespace preferences_target_test
