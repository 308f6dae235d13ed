#include "modules/sessions/session_data.hpp"

#include "tests/support/meter_text.hpp"
#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace session_data_test {

using namespace ocpi;
using namespace ocpi::sessions;
using test::kwh_register;
using test::list_of;
using test::sampled;
using test::session_text;

namespace {

session_data observed(const std::string& text)
{
    return parse_stored(*json::parse(text));
}

}  // namespace

TEST_CASE(
    "modules/sessions/session_data: the fields of a Session and its known extensions are read")
{
    const auto seen =
        observed(session_text({{"soc_start", "35"},
                               {"soc_end", "52.5"},
                               {"odometer", "12000"},
                               {"meter_value", test::registers({{"10:00", "1"}})},
                               {"charging_periods", list_of({test::period("10:00", "10.5")})}}));
    CHECK(to_text(*seen.fields.kwh) == "10.5");
    CHECK(seen.fields.charging_periods.size() == 1);
    CHECK(to_text(*seen.soc_start) == "35");
    CHECK(to_text(*seen.soc_end) == "52.5");
    CHECK(to_text(*seen.odometer) == "12000");
    CHECK(seen.meter.registers.size() == 1);
    CHECK(seen.notes.empty());
}

TEST_CASE("modules/sessions/session_data: a malformed extension counts as not sent, with a note")
{
    const auto seen =
        observed(session_text({{"soc_start", "\"35\""}, {"soc_end", "[]"}, {"meter_value", "{}"}}));
    CHECK_FALSE(seen.soc_start);
    CHECK_FALSE(seen.soc_end);
    CHECK_FALSE(seen.meter.are_sent);
    CHECK(seen.notes.size() == 3);
}

TEST_CASE("modules/sessions/session_data: numbers beyond reckoning count as not sent, with a note")
{
    const auto seen = observed(
        session_text({{"kwh", "1e999999"},
                      {"soc_start", "1e-999999"},
                      {"total_cost", R"({"before_taxes":1e999999})"},
                      {"charging_periods",
                       list_of({test::period("10:00", "1e999999"), test::period("10:15", "1")})}}));
    CHECK_FALSE(seen.fields.kwh);
    CHECK_FALSE(seen.soc_start);
    CHECK_FALSE(seen.fields.total_cost);
    CHECK(seen.fields.charging_periods[0].dimensions.empty());
    CHECK(seen.fields.charging_periods[1].dimensions.size() == 1);
    CHECK(seen.notes.size() == 4);
}

TEST_CASE("modules/sessions/session_data: anything at all can be observed")
{
    for (const char* text :
         {"{}", "[]", "7", "null", R"({"kwh":"7","status":5,"meter_value":[[]]})",
          R"({"charging_periods":[7,{}],"start_date_time":"soon"})"}) {
        CAPTURE(text);
        const auto seen = observed(text);
        CHECK(is_live(seen));
        CHECK_FALSE(is_final(seen));
    }
}

TEST_CASE("modules/sessions/session_data: a Session is live until it is COMPLETED or INVALID")
{
    for (const char* status : {"ACTIVE", "PENDING", "RESERVATION"}) {
        CHECK(is_live(observed(session_text({{"status", '"' + std::string(status) + '"'}}))));
    }
    CHECK_FALSE(is_live(observed(session_text({{"status", R"("COMPLETED")"}}))));
    CHECK_FALSE(is_live(observed(session_text({{"status", R"("INVALID")"}}))));
}

TEST_CASE(
    "modules/sessions/session_data: the last reading is a Transaction.End, or the end without "
    "meter")
{
    const std::string completed = R"("COMPLETED")";
    const auto end = test::at("11:00");
    const auto ending = list_of({sampled("11:00", R"("value":"1","context":"Transaction.End")")});
    const auto going_on = list_of({kwh_register("11:00", "1")});
    const auto final_when = [&](const std::string& status, const std::string& ended,
                                const std::string& meter_value) {
        return is_final(observed(session_text(
            {{"status", status}, {"end_date_time", ended}, {"meter_value", meter_value}})));
    };
    CHECK(final_when(completed, end, ending));
    CHECK(final_when(completed, "", ending));
    CHECK(final_when(R"("ACTIVE")", "", ending));
    CHECK_FALSE(final_when(completed, end, going_on));
    CHECK(final_when(completed, end, ""));
    CHECK(final_when(completed, end, "[]"));
    CHECK(final_when(completed, end, R"("malformed")"));
    CHECK_FALSE(final_when(completed, "", ""));
    CHECK_FALSE(final_when(R"("ACTIVE")", end, ""));
    CHECK_FALSE(final_when(R"("INVALID")", end, ""));
}

}  // namespace session_data_test
