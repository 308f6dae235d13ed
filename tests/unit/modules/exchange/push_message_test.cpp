#include "modules/exchange/push_message.hpp"

#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace push_message_test {

using namespace ocpi;
using namespace ocpi::exchange;
using ocpi::test::session_text;

namespace {

json::document session(const std::string& status, const std::string& kwh)
{
    return *json::parse(session_text({{"status", '"' + status + '"'}, {"kwh", kwh}}));
}

}  // namespace

TEST_CASE("modules/exchange/push_message: a PUT where nothing is known, else a PATCH")
{
    const auto now = session("ACTIVE", "2");
    CHECK_FALSE(choose_message(nullptr, now, false).patch);
    const auto before = session("ACTIVE", "1");
    const auto message = choose_message(&before, now, false);
    CHECK(message.patch);
    CHECK_FALSE(message.put_follows);
}

TEST_CASE("modules/exchange/push_message: a closing PUT follows the PATCH that completes")
{
    const auto active = session("ACTIVE", "1");
    const auto completed = session("COMPLETED", "2");
    const auto corrected = session("COMPLETED", "3");
    CHECK_FALSE(choose_message(&active, completed, false).put_follows);
    const auto closing = choose_message(&active, completed, true);
    CHECK(closing.patch);
    CHECK(closing.put_follows);
    CHECK_FALSE(choose_message(&completed, corrected, true).patch);
    CHECK(choose_message(&completed, corrected, false).patch);
    const auto invalid = session("INVALID", "1");
    CHECK_FALSE(choose_message(&active, invalid, true).put_follows);
    // What goes by PUT anyway is not sent twice.
    CHECK_FALSE(choose_message(nullptr, completed, true).put_follows);
    const auto moved = *json::parse(session_text({{"status", R"("COMPLETED")"}, {"id", R"("x")"}}));
    CHECK_FALSE(choose_message(&active, moved, true).put_follows);
}

}  // namespace push_message_test
