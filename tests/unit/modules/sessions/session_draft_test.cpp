#include "modules/sessions/session_draft.hpp"

#include <doctest/doctest.h>

namespace session_draft_test {

using namespace ocpi;
using ocpi::sessions::session_draft;

TEST_CASE("modules/sessions/session_draft: what is not touched stays to the letter")
{
    const auto stored = *json::parse(R"({"a":1.00,"b":{"c":null}})");
    CHECK(session_draft(stored.root()).write() == stored.text());
}

TEST_CASE(
    "modules/sessions/session_draft: members are replaced in their place, and new ones follow")
{
    const auto stored = *json::parse(R"({"a":1,"b":2,"c":3})");
    const auto sent = *json::parse(R"({"n\u0065w":4.0,"b":5.50})");
    session_draft draft(stored.root());
    for (const auto member : sent.root()) draft.set(member);
    draft.set("c", "[]");
    CHECK(draft.before("b")->text() == "2");
    CHECK_FALSE(draft.before("new"));
    CHECK(draft.write() == R"({"a":1,"b":5.50,"c":[],"n\u0065w":4.0})");
}

TEST_CASE("modules/sessions/session_draft: what is erased is gone")
{
    const auto stored = *json::parse(R"({"a":1,"b":2})");
    session_draft draft(stored.root());
    CHECK(draft.erase("a"));
    CHECK_FALSE(draft.erase("x"));
    CHECK(draft.write() == R"({"b":2})");
}

}  // namespace session_draft_test
