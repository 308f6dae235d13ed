#include "modules/status/session_event.hpp"

#include <doctest/doctest.h>

namespace session_event_test {

using namespace ocpi::sessions;
using namespace ocpi::status;

TEST_CASE("modules/status/session_event: an event is an id, a type and one line of data")
{
    CHECK(write_event(7, R"({"a":1})") == "id: 7\nevent: status\ndata: {\"a\":1}\n\n");
    CHECK(write_event(7, "{\r\n \"a\":\n1}") == "id: 7\nevent: status\ndata: {   \"a\": 1}\n\n");
}

TEST_CASE(
    "modules/status/session_event: the contract of a session without one, or of no session, is "
    "none")
{
    CHECK(contract_of(R"({"cdr_token":{"contract_id":"C1"}})").str() == "C1");
    for (const char* json : {"", "{", "[]", "{}", R"({"cdr_token":null})", R"({"cdr_token":{}})",
                             R"({"cdr_token":{"contract_id":5}})"}) {
        CHECK(contract_of(json).empty());
    }
}

TEST_CASE("modules/status/session_event: an event is counted as long as a reader holds it")
{
    const auto bytes = std::make_shared<ocpi::status::event_bytes>(0);
    using ocpi::status::session_event;
    ocpi::status::shared_event event = std::make_shared<const session_event>(
        "es/abc/1", 7, ocpi::ci_string("C1"), std::string(1000, 'x'), bytes);
    auto other = event;
    CHECK(*bytes > 1000);
    CHECK(*bytes < 1500);
    event.reset();
    CHECK(*bytes > 1000);
    other.reset();
    CHECK(*bytes == 0);
}

}  // namespace session_event_test
