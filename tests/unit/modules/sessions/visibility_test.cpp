// To a caller who may not see a session it is not there, in the time that this takes as well: no
// path reads the document of a session only to withhold it.

#include "modules/sessions/view_id.hpp"
#include "tests/support/many_callers.hpp"
#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

namespace visibility_test {

using namespace ocpi;

namespace {

const std::string own_path = "/ocpi/cpo/2.3.0/sessions/ES/ABC/S1";
const std::string received_path = "/ocpi/emsp/2.3.0/sessions/ES/ABC/S1";

std::string view_path(const char* part = "")
{
    const crud::object_key key("ES", "ABC", "S1");
    return "/v1/sessions/" + sessions::view_id(key) + part;
}

struct stored_session : test::many_callers {
    stored_session() { REQUIRE(ask("op", "PUT", own_path, test::session_text()).status == 201); }

    /// How many documents the store gave out for the answer, which has that status.
    int documents_read(const std::string& token, const char* method, const std::string& path,
                       int status)
    {
        CAPTURE(token);
        CAPTURE(method);
        CAPTURE(path);
        crud->documents_read = 0;
        CHECK(ask(token, method, path, "{}").status == status);
        return crud->documents_read;
    }
};

}  // namespace

TEST_CASE(
    "modules/sessions/visibility: a foreign session is not read, whichever way one asks for it")
{
    stored_session server;
    for (const char* method : {"GET", "HEAD", "PUT", "PATCH"}) {
        CHECK(server.documents_read("other-emsp", method, own_path, 404) == 0);
        CHECK(server.documents_read("cpo", method, own_path, 404) == 0);
        CHECK(server.documents_read("other-cpo", method, own_path, 404) == 0);
        CHECK(server.documents_read("other-cpo", method, received_path, 404) == 0);
        CHECK(server.documents_read("other-emsp", method, received_path, 404) == 0);
    }
    for (const char* token : {"other-emsp", "cpo", "other-cpo"}) {
        const auto preferences = "/ocpi/cpo/2.3.0/sessions/S1/charging_preferences";
        CHECK(server.documents_read(token, "PUT", preferences, 404) == 0);
        CHECK(server.documents_read(token, "PUT", received_path + "/charging_preferences", 404) ==
              0);
    }
    for (const char* part : {"", "/status", "/cost", "/events"}) {
        CHECK(server.documents_read("other-driver", "GET", view_path(part), 404) == 0);
    }
}

TEST_CASE("modules/sessions/visibility: the session is read for its own callers")
{
    stored_session server;
    CHECK(server.documents_read("emsp", "GET", own_path, 200) == 1);
    CHECK(server.documents_read("emsp", "PUT", own_path, 405) == 1);
    CHECK(server.documents_read("cpo", "GET", received_path, 200) == 1);
    CHECK(server.documents_read("driver", "GET", view_path("/status"), 200) >= 1);
    CHECK(server.documents_read("driver", "GET", view_path("/cost"), 200) >= 1);
    CHECK(server.documents_read("driver", "GET", view_path("/events"), 503) == 1);
    CHECK(server.documents_read("op", "GET", view_path("/status"), 200) >= 1);
}

TEST_CASE(
    "modules/sessions/visibility: a foreign session and a missing one look the same to a driver")
{
    stored_session server;
    const auto missing = "/v1/sessions/00000000-0000-5000-8000-000000000000";
    for (const char* part : {"", "/status", "/cost", "/events"}) {
        const auto foreign = server.ask("other-driver", "GET", view_path(part));
        const auto none = server.ask("other-driver", "GET", missing + std::string(part));
        CHECK(foreign.status == none.status);
        CHECK(foreign.body == none.body);
    }
}

}  // namespace visibility_test
