// The routes of events through the pipeline, without a socket.

#include "modules/status/event_routes.hpp"

#include "http/pipeline.hpp"
#include "tests/unit/modules/status/event_fixture.hpp"

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>

namespace event_routes_test {

using namespace ocpi;
using namespace ocpi::status::fixtures;

namespace {

/// Knows callers by the whole header.
class stub_authenticator final : public Authenticator {
public:
    std::map<std::string, auth::principal> callers;

    boost::asio::awaitable<result<std::shared_ptr<const auth::principal>>> authenticate(
        std::string authorization) override
    {
        const auto found = callers.find(authorization);
        if (found == callers.end()) co_return std::shared_ptr<const auth::principal>();
        co_return std::make_shared<const auth::principal>(found->second);
    }
};

struct server_fixture : event_fixture {
    std::unique_ptr<http::pipeline> pipeline;

    server_fixture()
    {
        begin();
        auto known = std::make_shared<stub_authenticator>();
        known->callers["operator"].kind = auth::caller_kind::platform_operator;
        known->callers["driver"].kind = auth::caller_kind::driver;
        known->callers["driver"].contracts = {ci_string("C1")};
        http::pipeline::dependencies parts;
        parts.authenticator = known;
        parts.time = std::make_shared<adjustable_clock>();
        parts.log = log;
        status::add_event_routes(parts.router, hub, source);
        pipeline = std::make_unique<http::pipeline>(std::move(parts));
    }

    http::response get(const std::string& target, const std::string& caller,
                       const std::optional<std::string>& last_event_id = {})
    {
        http::request sent;
        sent.method = "GET";
        sent.target = target;
        sent.headers.add("Authorization", caller);
        if (last_event_id) sent.headers.add("Last-Event-ID", *last_event_id);
        return run(pipeline->handle(std::move(sent)));
    }

    events read(const http::response& answer)
    {
        REQUIRE(answer.status == 200);
        REQUIRE(answer.stream);
        return reader(*this, answer.stream).events();
    }
};

std::string header(const http::response& answer, std::string_view name)
{
    const auto* value = answer.headers.find(name);
    return value ? *value : std::string();
}

}  // namespace

TEST_CASE(
    "modules/status/event_routes: events are sent as such, not stored on the way and not held back")
{
    server_fixture server;
    server.write("S1", "1");
    for (const char* target : {"/v1/events", "/v1/sessions/S1/events/"}) {
        const auto answer = server.get(target, "operator");
        CHECK(answer.status == 200);
        CHECK(header(answer, "Content-Type") == "text/event-stream");
        CHECK(header(answer, "Cache-Control") == "no-store");
        CHECK(header(answer, "X-Accel-Buffering") == "no");
        CHECK(!header(answer, "X-Request-ID").empty());
        CHECK(answer.stream);
    }
    CHECK(server.hub->subscribers() == 0);
}

TEST_CASE("modules/status/event_routes: Last-Event-ID says where to go on")
{
    server_fixture server;
    const auto first = server.write("S1", "1");
    const auto second = server.write("S2", "1");
    const std::string one = "/v1/sessions/S2/events";
    CHECK(server.read(server.get(one, "operator")) == events{{second, "S2=1"}});
    CHECK(server.read(server.get(one, "operator", second)).empty());
    CHECK(server.read(server.get(one, "operator", first)) == events{{second, "S2=1"}});
    CHECK(server.read(server.get("/v1/events", "operator", first)) == events{{second, "S2=1"}});
    CHECK(server.read(server.get("/v1/events", "operator")).empty());
    CHECK(server.read(server.get("/v1/events", "operator", "99999999999999999999999")).empty());
    CHECK(server.read(server.get("/v1/events", "operator", "18446744073709551615")).empty());
}

TEST_CASE("modules/status/event_routes: an empty Last-Event-ID counts as absent")
{
    server_fixture server;
    const auto written = server.write("S1", "1");
    const auto one = server.get("/v1/sessions/S1/events", "operator", "");
    CHECK(server.read(one) == events{{written, "S1=1"}});
    CHECK(server.read(server.get("/v1/events", "operator", "")).empty());
}

TEST_CASE("modules/status/event_routes: a Last-Event-ID that is no number is refused")
{
    server_fixture server;
    server.write("S1", "1");
    for (const char* id : {"x", "-1", "+1", "1x", "1.5", "0x1", " "}) {
        CAPTURE(id);
        for (const char* target : {"/v1/events", "/v1/sessions/S1/events"}) {
            const auto answer = server.get(target, "operator", id);
            CHECK(answer.status == 400);
            CHECK(!answer.stream);
            CHECK(header(answer, "Content-Type") == "application/problem+json");
        }
    }
}

TEST_CASE(
    "modules/status/event_routes: a driver's streams are those of its contracts, others are not "
    "there")
{
    server_fixture server;
    const auto mine = server.write("S1", "1", "c1");
    server.write("S2", "1", "C2");
    server.write("S3", "1", "");
    CHECK(server.read(server.get("/v1/sessions/S1/events", "driver")) == events{{mine, "S1=1"}});
    CHECK(server.read(server.get("/v1/events", "driver", "0")) == events{{mine, "S1=1"}});
    const auto missing = server.get("/v1/sessions/none/events", "driver");
    CHECK(missing.status == 404);
    for (const char* id : {"S2", "S3"}) {
        const auto hidden =
            server.get("/v1/sessions/" + std::string(id) + "/events", "driver", "x");
        CHECK(hidden.status == 404);
        CHECK(hidden.body == missing.body);
    }
}

TEST_CASE("modules/status/event_routes: while the hub does not run the answer is to try again")
{
    server_fixture server;
    server.write("S1", "1");
    server.stop();
    for (const char* target : {"/v1/events", "/v1/sessions/S1/events"}) {
        const auto answer = server.get(target, "operator");
        CHECK(answer.status == 503);
        CHECK(header(answer, "Retry-After") == "1");
    }
}

}  // namespace event_routes_test
