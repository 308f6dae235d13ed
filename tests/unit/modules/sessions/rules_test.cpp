#include "modules/sessions/rules.hpp"

#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace rules_test {

using namespace ocpi;
using namespace ocpi::sessions;
using enum session_status;
using test::session_text;

namespace {

/// What is wrong with the step between two texts; empty when nothing.
std::string objection(session_status from, const std::string& stored, session_status to,
                      const std::string& candidate)
{
    const auto before = *json::parse(stored);
    const auto after = *json::parse(candidate);
    const auto judged = check_step(from, before.root(), to, after.root());
    if (judged.has_value()) return {};
    CHECK(judged.error().code() == errc::invalid);
    return judged.error().text();
}

using changes = std::initializer_list<test::member>;

std::string after_completion(changes before, changes after)
{
    return objection(completed, session_text(before), completed, session_text(after));
}

}  // namespace

TEST_CASE("modules/sessions/rules: a status never goes back")
{
    constexpr session_status order[] = {reservation, pending, active, completed, invalid};
    constexpr bool allowed[5][5] = {
        // reservation, pending, active, completed, invalid
        {true, true, true, true, true},      // from reservation
        {false, true, true, true, true},     // from pending
        {false, false, true, true, true},    // from active
        {false, false, false, true, true},   // from completed
        {false, false, false, false, true},  // from invalid
    };
    for (std::size_t from = 0; from < 5; ++from) {
        for (std::size_t to = 0; to < 5; ++to) {
            CAPTURE(to_string(order[from]));
            CAPTURE(to_string(order[to]));
            CHECK(may_become(order[from], order[to]) == allowed[from][to]);
        }
    }
}

TEST_CASE("modules/sessions/rules: a step back is named with both statuses")
{
    CHECK(objection(active, session_text(), pending, session_text()) ==
          "/status may not go back from ACTIVE to PENDING");
    CHECK(objection(pending, session_text(), reservation, session_text()) ==
          "/status may not go back from PENDING to RESERVATION");
}

TEST_CASE("modules/sessions/rules: before the end anything may change, odd or not")
{
    for (const auto from : {active, pending, reservation}) {
        CHECK(objection(from, session_text({{"kwh", "9"}, {"x", "1"}, {"meter_id", "\"m\""}}),
                        active, session_text({{"kwh", "-1"}, {"currency", "\"USD\""}}))
                  .empty());
    }
}

TEST_CASE("modules/sessions/rules: COMPLETED still takes what completes it")
{
    const char* early = R"([{"timestamp":"2024-01-01T10:00:00Z"}])";
    const char* both =
        R"([{"timestamp":"2024-01-01T10:00:00Z"},{"timestamp":"2024-01-01T11:00:00Z"}])";
    const char* period = R"([{"start_date_time":"2024-01-01T10:00:00Z","dimensions":[]}])";
    CHECK(after_completion({}, {{"kwh", "10.50"}}).empty());
    CHECK(after_completion({}, {{"kwh", "10.5"}}).empty());
    CHECK(after_completion({}, {{"kwh", "10.51"}}).empty());
    CHECK(after_completion({}, {{"meter_value", early}}).empty());
    CHECK(after_completion({{"meter_value", early}}, {{"meter_value", both}}).empty());
    CHECK(after_completion({}, {{"charging_periods", period}}).empty());
    CHECK(after_completion({}, {{"total_cost", R"({"before_taxes":1})"}}).empty());
    CHECK(after_completion({{"total_cost", R"({"before_taxes":1})"}},
                           {{"total_cost", R"({"before_taxes":2})"}})
              .empty());
    CHECK(after_completion({}, {{"end_date_time", "\"2024-01-01T11:00:00Z\""}}).empty());
    CHECK(after_completion({}, {{"soc_end", "80"}}).empty());
    CHECK(after_completion({}, {{"last_updated", "\"2024-01-01T12:00:00Z\""}}).empty());
    CHECK(objection(completed, session_text(), invalid, session_text()).empty());
}

TEST_CASE("modules/sessions/rules: COMPLETED refuses everything else, by name")
{
    const char* frozen = " may not change once the session is COMPLETED";
    CHECK(after_completion({}, {{"currency", "\"USD\""}}) == std::string("/currency") + frozen);
    CHECK(after_completion({{"meter_id", "\"m\""}}, {{"location_id", "\"L2\""}}) ==
          std::string("/location_id") + frozen + "; /meter_id" + frozen);
    CHECK(after_completion({{"meter_id", "\"m\""}}, {{"meter_id", "\"n\""}}) ==
          std::string("/meter_id") + frozen);
    CHECK(after_completion({{"authorization_reference", "\"a\""}},
                           {{"authorization_reference", "null"}}) ==
          std::string("/authorization_reference") + frozen);
    CHECK(after_completion({}, {{"kwh", "10.49"}}) ==
          "/kwh may not fall once the session is COMPLETED");
    CHECK(after_completion({}, {{"kwh", "1e1"}}) ==
          "/kwh may not fall once the session is COMPLETED");
    CHECK(after_completion({}, {{"kwh", ""}}) == "/kwh may not fall once the session is COMPLETED");
    CHECK(after_completion({{"end_date_time", "\"2024-01-01T11:00:00Z\""}}, {}) ==
          "/end_date_time may not be removed once the session is COMPLETED");
    CHECK(objection(completed, session_text(), active, session_text()) ==
          "/status may not go back from COMPLETED to ACTIVE");
}

TEST_CASE("modules/sessions/rules: COMPLETED takes what was not set before")
{
    CHECK(after_completion({}, {{"meter_id", "\"m\""}}).empty());
    CHECK(after_completion({{"meter_id", "null"}}, {{"meter_id", "\"m\""}}).empty());
    CHECK(after_completion({}, {{"authorization_reference", "\"a\""}}).empty());
    CHECK(after_completion({{"cdr_token", ""}, {"auth_method", ""}}, {}).empty());
}

TEST_CASE("modules/sessions/rules: COMPLETED is not judged by what OCPI does not document")
{
    for (const char* name : {"x", "soc_start", "soc_end", "odometer", "charging_preferences"}) {
        CAPTURE(name);
        CHECK(after_completion({}, {{name, "1"}}).empty());
        CHECK(after_completion({{name, "1"}}, {{name, R"({"a":[null]})"}}).empty());
        CHECK(after_completion({{name, "1"}}, {{name, "null"}}).empty());
        CHECK(after_completion({{name, "1"}}, {}).empty());
    }
    const auto token = [](const std::string& more) {
        return R"({"country_code":"DE","party_id":"EMP","uid":"U1","type":"RFID",)"
               R"("contract_id":"DE-EMP-C1")" +
               more + '}';
    };
    for (const char* more :
         {R"(,"whitelist":null)", R"(,"whitelist":"NEVER")", R"(,"x":{"y":1})"}) {
        CHECK(after_completion({}, {{"cdr_token", token(more)}}).empty());
        CHECK(after_completion({{"cdr_token", token(more)}}, {}).empty());
    }
}

TEST_CASE("modules/sessions/rules: COMPLETED loses none of its periods and meter values")
{
    const char* two =
        R"([{"timestamp":"2024-01-01T10:00:00Z"},{"timestamp":"2024-01-01T11:00:00Z"}])";
    const char* lost = "/meter_value may not lose entries once the session is COMPLETED";
    CHECK(after_completion({{"meter_value", two}},
                           {{"meter_value", R"([{"timestamp":"2024-01-01T10:00:00Z"}])"}}) == lost);
    CHECK(after_completion({{"meter_value", two}}, {}) == lost);
    CHECK(after_completion({{"meter_value", two}}, {{"meter_value", "\"none\""}}) == lost);
    CHECK(after_completion({{"meter_value", two}},
                           {{"meter_value", R"([{"timestamp":"2024-01-01T11:00:00.000Z","v":1},)"
                                            R"({"timestamp":"2024-01-01T10:00:00Z","v":2}])"}})
              .empty());
}

TEST_CASE(
    "modules/sessions/rules: null says the same as absence, and an address may change its case")
{
    CHECK(after_completion({{"meter_id", "null"}}, {}).empty());
    CHECK(after_completion({}, {{"meter_id", "null"}}).empty());
    CHECK(after_completion({}, {{"country_code", "\"es\""}, {"id", "\"s1\""}}).empty());
    CHECK(objection(invalid, session_text(), invalid, session_text({{"party_id", "\"abc\""}}))
              .empty());
}

TEST_CASE("modules/sessions/rules: INVALID takes null for what is absent, at any depth")
{
    const auto invalid_step = [](changes before, changes after) {
        return objection(invalid, session_text(before), invalid, session_text(after));
    };
    const char* cost = R"({"before_taxes":1.0})";
    CHECK(invalid_step({{"total_cost", cost}},
                       {{"total_cost", R"({"before_taxes":1,"taxes":null,"x":null})"}})
              .empty());
    CHECK(invalid_step({{"total_cost", cost}}, {{"total_cost", R"({"before_taxes":1,"taxes":[]})"}})
              .empty());
    CHECK(invalid_step({{"x", R"({"a":1})"}}, {{"x", R"({"a":1,"b":null})"}}).empty());
    CHECK(invalid_step({{"x", R"({"a":1})"}}, {{"x", R"({"a":1,"b":2})"}}) ==
          "/x may not change once the session is INVALID");
    CHECK(invalid_step({{"total_cost", cost}}, {{"total_cost", R"({"before_taxes":1,"x":2})"}}) ==
          "/total_cost may not change once the session is INVALID");
}

TEST_CASE("modules/sessions/rules: INVALID takes nothing")
{
    const char* frozen = " may not change once the session is INVALID";
    CHECK(objection(invalid, session_text(), invalid, session_text()).empty());
    CHECK(objection(invalid, session_text(), invalid, session_text({{"soc_end", "1"}})) ==
          std::string("/soc_end") + frozen);
    CHECK(objection(invalid, session_text(), invalid,
                    session_text({{"last_updated", "\"2024-01-01T12:00:00Z\""}})) ==
          std::string("/last_updated") + frozen);
    CHECK(objection(invalid, session_text(), completed, session_text()) ==
          "/status may not go back from INVALID to COMPLETED");
}

}  // namespace rules_test
