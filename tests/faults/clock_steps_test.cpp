// A clock that is set forwards and back while sessions are written and an event stream is read.

#include "ocpi/json/document.hpp"
#include "tests/support/ocpi_client.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/session_text.hpp"
#include "tests/support/socket_client.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <string>

namespace clock_steps_test {

using namespace ocpi;

namespace {

constexpr const char* target = "/ocpi/emsp/2.3.0/sessions/ES/ABC/S1";

/// A member of the `data` of an answer.
std::string member(const test::wire_response& answer, const char* name)
{
    const auto parsed = json::parse(answer.body);
    REQUIRE(parsed.has_value());
    return std::string(parsed->root().find("data")->find(name)->string());
}

/// The id of the next event, heartbeats and comments passed over.
std::uint64_t read_event(test::socket_client& stream)
{
    stream.read_until("\nid: ");
    const auto line = stream.read_until("\n");
    stream.read_until("\n\n");
    return std::stoull(line);
}

}  // namespace

TEST_CASE("faults/clock_steps: neither updates, nor revisions, nor events go back with the clock")
{
    test::server_process server({"--dev", "--database", "memory:"});
    test::ocpi_client client(server.endpoint(), "your-token");
    const auto set_clock = [&](const std::string& now) {
        const auto answer = client.request("PUT", "/v1/dev/clock", R"({"now":)" + now + '}');
        REQUIRE(answer);
        CHECK(answer->status == 200);
    };
    set_clock(R"("2026-06-01T12:00:00Z")");
    const auto body = test::session_text(
        {{"status", R"("ACTIVE")"}, {"last_updated", R"("2026-06-01T12:00:00Z")"}});
    REQUIRE(test::is_acknowledged(client.request("PUT", target, body)));
    test::socket_client stream(server.endpoint());
    stream.send("GET /v1/events HTTP/1.1\r\nHost: t\r\nAuthorization: Token your-token\r\n\r\n");
    stream.read_until("\r\n\r\n");

    std::string last_updated = "2026-06-01T12:00:00Z";
    std::uint64_t last_event = 0;
    int kwh = 10;
    for (const char* now :
         {R"("2026-06-01T13:00:00Z")", R"("2026-05-01T00:00:00Z")", R"("2030-01-01T00:00:00Z")",
          R"("1999-12-31T23:59:59Z")", "null", R"("2026-06-01T12:30:00Z")", "null"}) {
        CAPTURE(now);
        set_clock(now);
        ++kwh;
        // Without last_updated the time of reception counts, but never an earlier one.
        const auto patch = R"({"kwh":)" + std::to_string(kwh) + '}';
        REQUIRE(test::is_acknowledged(client.request("PATCH", target, patch)));
        const auto stored = client.request("GET", target);
        REQUIRE(stored);
        CHECK(stored->body.find("\"kwh\":" + std::to_string(kwh)) != std::string::npos);
        CHECK(member(*stored, "last_updated") >= last_updated);
        last_updated = member(*stored, "last_updated");
        const auto event = read_event(stream);
        CHECK(event > last_event);
        last_event = event;
        const auto versions = client.request("GET", "/ocpi/versions");
        REQUIRE(versions);
        CHECK(versions->status == 200);
    }
    CHECK(server.terminate() == 0);
}

}  // namespace clock_steps_test
