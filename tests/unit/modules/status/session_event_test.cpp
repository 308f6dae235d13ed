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

}  // namespace session_event_test
