#include "modules/managed/preferences_sender.hpp"

#include "tests/support/managed_text.hpp"

#include <doctest/doctest.h>

namespace preferences_sender_test {

using namespace ocpi;
using namespace ocpi::managed;
using namespace ocpi::managed_test;
using ocpi::test::registers;

namespace {

sessions::session_data idle()
{
    return seen({{"kwh", "0"}, {"soc_start", "30"}, {"meter_value", registers({{"10:00", "0"}})}});
}

}  // namespace

TEST_CASE("modules/managed/preferences_sender: a target is sent until the CPO has answered")
{
    auto session = begun();
    auto request = due_request(session, idle(), moment("10:00"));
    REQUIRE(request);
    CHECK(request->target_id == 1);
    CHECK(request->departure_time == moment("16:00"));
    session.requests.push_back(*request);
    CHECK(due_request(session, idle(), moment("10:15")));
    session.requests.back().is_answered = true;
    CHECK_FALSE(due_request(session, idle(), moment("10:15")));
}

TEST_CASE("modules/managed/preferences_sender: another target or deadline is sent again")
{
    auto session = begun();
    session.requests.push_back(*due_request(session, idle(), moment("10:00")));
    session.requests.back().is_answered = true;
    // The next day's deadline has the same id.
    CHECK(due_request(session, idle(), moment("16:00")));
    begin_override(session.targets, immediate_start("80"), moment("10:05"));
    const auto request = due_request(session, idle(), moment("10:05"));
    REQUIRE(request);
    CHECK(request->target_id == 2);
    CHECK(request->preferences == R"({"profile_type":"FAST","energy_need":25})");
}

TEST_CASE("modules/managed/preferences_sender: no target is sent once a session is over")
{
    auto session = begun();
    CHECK_FALSE(due_request(session, seen({{"status", R"("COMPLETED")"}}), moment("10:00")));
    session.is_settled = true;
    CHECK_FALSE(due_request(session, idle(), moment("10:00")));
    session = begun();
    session.rule.schedule.clear();
    CHECK_FALSE(due_request(session, idle(), moment("10:00")));
}

}  // namespace preferences_sender_test
