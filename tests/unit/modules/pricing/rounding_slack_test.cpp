#include "modules/pricing/rounding_slack.hpp"

#include "cost_fixture.hpp"

namespace rounding_slack_test {

using namespace ocpi;
using namespace ocpi::test;
using pricing::rounding_slack;

namespace {

sessions::cdr_dimension hours(const char* volume, std::uint32_t written_places = 0)
{
    sessions::cdr_dimension made;
    made.type = "TIME";
    made.volume = number(volume);
    made.written_places = written_places;
    return made;
}

std::string slack_of(const std::vector<sessions::cdr_dimension>& all)
{
    rounding_slack slack;
    for (const auto& one : all) slack.add(one);
    return text(slack.hours());
}

}  // namespace

TEST_CASE(
    "modules/pricing/rounding_slack: half a unit of the last decimal of each volume, from four on")
{
    CHECK(slack_of({hours("0.167")}) == "0");
    CHECK(slack_of({hours("0.1667")}) == "0.00005");
    CHECK(slack_of({hours("0.16667")}) == "0.000005");
    CHECK(slack_of({hours("0.1667"), hours("0.166667"), hours("2")}) == "0.0000505");
    CHECK(slack_of({hours("0.16666666666666667")}) == "0.000000000000000005");
    CHECK(slack_of({}) == "0");
}

TEST_CASE("modules/pricing/rounding_slack: decimals count as they are written")
{
    CHECK(slack_of({hours("0.167", 4)}) == "0.00005");
    CHECK(slack_of({hours("0", 5)}) == "0.000005");
    CHECK(slack_of({hours("0.1667", 3)}) == "0.00005");
}

TEST_CASE("modules/pricing/rounding_slack: that of a million volumes is exact")
{
    rounding_slack slack;
    for (int i = 0; i < 1'000'000; ++i) slack.add(hours("0.0001"));
    CHECK(text(slack.hours()) == "50");
}

TEST_CASE("modules/pricing/rounding_slack: half a unit counts however many decimals there are")
{
    rounding_slack slack;
    slack.add(hours("0.1667"));
    slack.add(hours("0.66666666666666667"));
    CHECK(slack.hours() == to_rational(number("0.000050000000000005")));
    rounding_slack other;
    other.add(hours("0.0000000000000000000000000001"));
    slack.add(other);
    CHECK(slack.hours() == to_rational(number("0.00005000000000000500000000005")));
}

}  // namespace rounding_slack_test
