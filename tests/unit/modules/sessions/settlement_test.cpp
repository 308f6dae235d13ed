#include "modules/sessions/settlement.hpp"

#include "tests/support/meter_text.hpp"
#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <string>

using namespace ocpi;
using namespace ocpi::sessions;
using test::list_of;
using test::sampled;
using test::session_text;

namespace {

std::string settled(const std::string& status, const std::string& end,
                    const std::string& meter_value)
{
    const auto at = settled_at(*json::parse(session_text(
        {{"status", '"' + status + '"'}, {"end_date_time", end}, {"meter_value", meter_value}})));
    return at ? to_string(*at).substr(11, 5) : "never";
}

const std::string ending =
    list_of({sampled("10:58", R"("value":"1","context":"Transaction.End")")});

}  // namespace

TEST_CASE("sessions/settlement: a Session that is COMPLETED with its last reading has settled")
{
    CHECK(settled("COMPLETED", test::at("11:00"), ending) == "11:00");
    CHECK(settled("COMPLETED", "", ending) == "10:58");
    CHECK(settled("COMPLETED", test::at("11:00"), "") == "11:00");
    CHECK(settled("COMPLETED", test::at("11:00"), R"("malformed")") == "11:00");
}

TEST_CASE("sessions/settlement: any other has not")
{
    CHECK(settled("COMPLETED", test::at("11:00"), test::registers({{"11:00", "1"}})) == "never");
    CHECK(settled("COMPLETED", "", "") == "never");
    CHECK(settled("ACTIVE", test::at("11:00"), ending) == "never");
    CHECK(settled("INVALID", test::at("11:00"), ending) == "never");
    CHECK_FALSE(settled_at(*json::parse("[]")));
    CHECK_FALSE(settled_at(*json::parse(R"({"status":7})")));
}
