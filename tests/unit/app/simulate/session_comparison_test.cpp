#include "app/simulate/session_comparison.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace session_comparison_test {

using namespace ocpi;
using namespace ocpi::app::simulate;

namespace {

std::vector<std::string> compare(const std::string& sent, const std::string& held)
{
    const auto ours = json::parse(sent).value();
    const auto theirs = json::parse(held).value();
    std::vector<std::string> texts;
    for (const auto& each : compare_sessions("S1", ours.root(), theirs.root())) {
        texts.push_back(to_string(each));
    }
    return texts;
}

using texts = std::vector<std::string>;

}  // namespace

TEST_CASE(
    "app/simulate/session_comparison: spelling, order of members and nulls are no differences")
{
    CHECK(compare(R"({"kwh":1.50,"at":"2026-06-01T10:00:00Z","id":"A"})",
                  R"({"id":"A","kwh":1.5,"at":"2026-06-01T10:00:00.000Z","end":null})")
              .empty());
}

TEST_CASE("app/simulate/session_comparison: charging preferences on the server's side are its own")
{
    CHECK(compare("{}", R"({"charging_preferences":{"profile_type":"FAST"}})").empty());
    CHECK(compare(R"({"charging_preferences":1})", R"({"charging_preferences":2})").size() == 1);
}

TEST_CASE("app/simulate/session_comparison: every difference is named with its pointer")
{
    CHECK(compare(R"({"kwh":1,"a":{"b":"x"},"l":[1,2],"gone":true})",
                  R"({"kwh":2,"a":{"b":"y"},"l":[1],"more":"z"})") ==
          texts{R"(S1 /kwh: expected 1, got 2)", R"(S1 /a/b: expected "x", got "y")",
                R"(S1 /l/1: expected 2, got no such element)",
                R"(S1 /gone: expected true, got no such member)",
                R"(S1 /more: expected no such member, got "z")"});
    CHECK(compare(R"({"l":[]})", R"({"l":[3]})") ==
          texts{"S1 /l/0: expected no such element, got 3"});
    CHECK(compare(R"({"l":[]})", R"({"l":{}})") == texts{"S1 /l: expected [], got {}"});
}

}  // namespace session_comparison_test
