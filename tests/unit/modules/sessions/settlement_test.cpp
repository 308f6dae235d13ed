#include "modules/sessions/settlement.hpp"

#include "tests/support/meter_text.hpp"
#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <initializer_list>
#include <string>

namespace settlement_test {

using namespace ocpi;
using namespace ocpi::sessions;
using test::list_of;
using test::sampled;
using test::session_text;

namespace {

std::string settled(const std::string& status, const std::string& end,
                    const std::string& meter_value)
{
    const auto stored = *json::parse(session_text(
        {{"status", '"' + status + '"'}, {"end_date_time", end}, {"meter_value", meter_value}}));
    const auto found = settlement_of(stored);
    CHECK(found.settled_at == settled_at(parse_stored(stored)));
    if (found.awaiting_since) {
        CHECK_FALSE(found.settled_at);
        CHECK(awaits_final_reading(parse_stored(stored)));
        return "awaited since " + to_string(*found.awaiting_since).substr(11, 5);
    }
    return found.settled_at ? to_string(*found.settled_at).substr(11, 5) : "never";
}

const std::string ending =
    list_of({sampled("10:58", R"("value":"1","context":"Transaction.End")")});

}  // namespace

TEST_CASE(
    "modules/sessions/settlement: a Session that is COMPLETED with its last reading has settled")
{
    CHECK(settled("COMPLETED", test::at("11:00"), ending) == "11:00");
    CHECK(settled("COMPLETED", "", ending) == "10:58");
    CHECK(settled("COMPLETED", test::at("11:00"), "") == "11:00");
    CHECK(settled("COMPLETED", test::at("11:00"), R"("malformed")") == "11:00");
}

TEST_CASE("modules/sessions/settlement: any other has not")
{
    CHECK(settled("COMPLETED", "", "") == "never");
    CHECK(settled("ACTIVE", test::at("11:00"), ending) == "never");
    CHECK(settled("INVALID", test::at("11:00"), ending) == "never");
    CHECK_FALSE(settlement_of(*json::parse("[]")).settled_at);
    CHECK_FALSE(settlement_of(*json::parse(R"({"status":7})")).settled_at);
}

TEST_CASE("modules/sessions/settlement: one without its last reading is awaited from its end on")
{
    const auto going_on = test::registers({{"10:59", "1"}});
    CHECK(settled("COMPLETED", test::at("11:00"), going_on) == "awaited since 11:00");
    CHECK(settled("COMPLETED", "", going_on) == "never");
    CHECK(settled("ACTIVE", test::at("11:00"), going_on) == "never");
    CHECK(settled("INVALID", test::at("11:00"), going_on) == "never");
}

TEST_CASE("modules/sessions/settlement: a timeout of 0 never passes")
{
    const auto now = parse_date_time("2024-01-01T12:00:00Z")->value;
    using std::chrono::minutes;
    CHECK_FALSE(overdue_since(now, minutes(0)));
    CHECK(to_string(*overdue_since(now, minutes(90))) == "2024-01-01T10:30:00Z");
}

TEST_CASE("modules/sessions/settlement: what is taken as final settles at its end, and says so")
{
    const auto going_on = test::registers({{"10:59", "1"}});
    const auto taken = [](std::initializer_list<test::member> changes) {
        auto seen = parse_stored(*json::parse(session_text(changes)));
        take_as_final(seen);
        return seen;
    };
    const test::member completed{"status", R"("COMPLETED")"};
    const test::member ended{"end_date_time", test::at("11:00")};
    const auto late = taken({completed, ended, {"meter_value", going_on}});
    CHECK(is_final(late));
    CHECK_FALSE(awaits_final_reading(late));
    CHECK(to_string(*settled_at(late)) == "2024-01-01T11:00:00Z");
    CHECK(late.notes.size() == 1);
    const auto complete = taken({completed, ended, {"meter_value", ending}});
    CHECK_FALSE(complete.is_taken_as_final);
    CHECK(complete.notes.empty());
    CHECK_FALSE(is_final(taken({completed, {"meter_value", going_on}})));
    CHECK_FALSE(is_final(taken({ended, {"meter_value", going_on}})));
    CHECK_FALSE(is_final(taken({{"status", R"("INVALID")"}, ended, {"meter_value", going_on}})));
}

}  // namespace settlement_test
