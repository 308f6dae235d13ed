#include "http/pipeline.hpp"

#include "ocpi/json/document.hpp"
#include "tests/support/recording_logger.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_stream.hpp"

#include <doctest/doctest.h>

#include <map>
#include <memory>
#include <stdexcept>
#include <string>

namespace pipeline_test {

using namespace ocpi;
using http::interface_kind;

namespace {

constexpr const char* secret = "Token c2VjcmV0LXRva2Vu";

/// Knows callers by the whole header.
class stub_authenticator final : public Authenticator {
public:
    std::map<std::string, auth::principal> callers;
    bool is_unwell = false;
    int asked = 0;

    boost::asio::awaitable<result<std::shared_ptr<const auth::principal>>> authenticate(
        std::string authorization) override
    {
        ++asked;
        if (is_unwell) co_return error(errc::storage, "try again later", {}, "disk full");
        const auto found = callers.find(authorization);
        if (found == callers.end()) co_return std::shared_ptr<const auth::principal>();
        co_return std::make_shared<const auth::principal>(found->second);
    }
};

class fixture {
public:
    std::shared_ptr<stub_authenticator> authenticator = std::make_shared<stub_authenticator>();
    std::shared_ptr<adjustable_clock> time = std::make_shared<adjustable_clock>();
    std::shared_ptr<test::recording_logger> log = std::make_shared<test::recording_logger>();
    http::router router;
    std::vector<std::string> origins;
    std::shared_ptr<http::request_limiter> limiter;
    std::shared_ptr<http::answer_memory> answers;
    boost::asio::ip::address peer;
    int handled = 0;

    fixture()
    {
        time->set(date_time::from_milliseconds(1'704'103'200'000));
        auth::principal partner;
        partner.roles = {credentials_role(party_role::cpo, party("ES", "CPO")),
                         credentials_role(party_role::emsp, party("ES", "EMP"))};
        authenticator->callers[secret] = partner;
        auth::principal other;
        other.kind = auth::caller_kind::platform_operator;
        authenticator->callers["operator"] = other;
        other.kind = auth::caller_kind::driver;
        authenticator->callers["driver"] = other;
        auth::principal tolerant = partner;
        tolerant.profile = auth::profile::tolerant;
        authenticator->callers["tolerant"] = tolerant;
        other = partner;
        other.token_kind = auth::token_kind::registration;
        authenticator->callers["registration"] = other;

        add(interface_kind::functional, "GET", "/ocpi/sessions/{id}");
        add(interface_kind::configuration, "GET", "/ocpi/versions");
        add(interface_kind::management, "GET", "/v1/things/{id}");
    }

    void add(interface_kind kind, const char* method, const char* pattern)
    {
        router.add(kind, method, pattern,
                   [this](const http::call& call) -> boost::asio::awaitable<http::answer> {
                       ++handled;
                       co_return on_call(call);
                   });
    }

    std::function<http::answer(const http::call&)> on_call = [](const http::call&) {
        http::answer answered;
        answered.data = R"({"kwh":41.00})";
        return answered;
    };

    http::response send(std::string method, std::string target, std::string authorization = secret,
                        std::vector<http::header> more = {}, std::string body = {})
    {
        http::request sent;
        sent.body = std::move(body);
        sent.method = std::move(method);
        sent.target = std::move(target);
        sent.peer = peer;
        if (!authorization.empty()) sent.headers.add("authorization", std::move(authorization));
        for (auto& field : more) sent.headers.add(std::move(field.name), std::move(field.value));
        return test::run_awaitable(make().handle(std::move(sent)));
    }

    http::pipeline& make()
    {
        http::pipeline::dependencies parts;
        parts.authenticator = authenticator;
        parts.time = time;
        parts.log = log;
        parts.own_parties = {party("ES", "ABC")};
        parts.router = router;
        parts.cors = http::cors_policy(origins);
        parts.limiter = limiter;
        parts.answers = answers;
        pipeline_ = std::make_unique<http::pipeline>(std::move(parts));
        return *pipeline_;
    }

private:
    std::unique_ptr<http::pipeline> pipeline_;
};

std::string header(const http::response& reply, std::string_view name)
{
    const auto* value = reply.headers.find(name);
    return value ? *value : "(none)";
}

int ocpi_status(const http::response& reply)
{
    const auto parsed = json::parse(reply.body);
    REQUIRE(parsed.has_value());
    const auto code = parsed->root().find("status_code");
    REQUIRE(code);
    return std::stoi(std::string(code->text()));
}

}  // namespace

TEST_CASE("http/pipeline: an answer comes in OCPI's envelope, with the ids that were sent")
{
    fixture server;
    const auto reply = server.send("GET", "/ocpi/sessions/1", secret,
                                   {{"x-request-id", "r"}, {"X-Correlation-ID", "c"}});
    CHECK(reply.status == 200);
    CHECK(reply.body == R"({"data":{"kwh":41.00},"status_code":1000,)"
                        R"("timestamp":"2024-01-01T10:00:00Z"})");
    CHECK(header(reply, "X-Request-ID") == "r");
    CHECK(header(reply, "X-Correlation-ID") == "c");
    CHECK(header(reply, "Content-Type") == "application/json");
}

TEST_CASE("http/pipeline: ids that were not sent are made up, each its own")
{
    fixture server;
    const auto first = server.send("GET", "/ocpi/sessions/1", secret, {{"X-Request-ID", ""}});
    const auto second = server.send("GET", "/ocpi/sessions/1");
    CHECK(header(first, "X-Request-ID").size() == 36);
    CHECK(header(first, "X-Correlation-ID").size() == 36);
    CHECK(header(first, "X-Request-ID") != header(first, "X-Correlation-ID"));
    CHECK(header(first, "X-Request-ID") != header(second, "X-Request-ID"));
}

TEST_CASE("http/pipeline: a handler's message, status and headers reach the caller")
{
    fixture server;
    server.on_call = [](const http::call& call) {
        CHECK(call.parameters == std::vector<std::string>{"a/b"});
        CHECK(*call.target.find("q") == "1");
        CHECK(call.now.milliseconds() == 1'704'103'200'000);
        http::answer answered;
        answered.status = 201;
        answered.message = "tolerated: x";
        answered.headers.add("X-Limit", "5");
        return answered;
    };
    const auto reply = server.send("GET", "/ocpi/sessions/a%2Fb?q=1");
    CHECK(reply.status == 201);
    CHECK(reply.body == R"({"status_code":1000,"status_message":"tolerated: x",)"
                        R"("timestamp":"2024-01-01T10:00:00Z"})");
    CHECK(header(reply, "X-Limit") == "5");
}

TEST_CASE("http/pipeline: without a token that counts it is 401, whatever is asked for")
{
    fixture server;
    for (const char* target : {"/ocpi/sessions/1", "/ocpi/versions", "/nowhere", "/v1/things/1"}) {
        for (const char* authorization : {"", "Token wrong"}) {
            CAPTURE(target);
            const auto reply = server.send("GET", target, authorization);
            CHECK(reply.status == 401);
            CHECK(header(reply, "WWW-Authenticate") == "Token");
        }
    }
    CHECK(ocpi_status(server.send("DELETE", "/ocpi/sessions/1", "")) == 2000);
    CHECK(server.handled == 0);
}

TEST_CASE("http/pipeline: who calls is judged by the head, once, and before there is a body")
{
    fixture world;
    http::request head;
    head.method = "GET";
    head.target = "/ocpi/sessions/1";
    auto& pipeline = world.make();
    const auto stranger = test::run_awaitable(pipeline.admit(head));
    REQUIRE(stranger.answer);
    CHECK_FALSE(stranger.caller);
    const auto whole = world.send("GET", "/ocpi/sessions/1", "");
    CHECK(stranger.answer->status == 401);
    CHECK(stranger.answer->body == whole.body);
    CHECK(header(*stranger.answer, "WWW-Authenticate") == header(whole, "WWW-Authenticate"));
    CHECK(world.handled == 0);

    head.headers.add("Authorization", secret);
    world.authenticator->asked = 0;
    auto& again = world.make();
    auto known = test::run_awaitable(again.admit(head));
    CHECK_FALSE(known.answer);
    REQUIRE(known.caller);
    CHECK(test::run_awaitable(again.respond(head, std::move(known))).status == 200);
    CHECK(world.handled == 1);
    CHECK(world.authenticator->asked == 1);
}

TEST_CASE("http/pipeline: whoever was not admitted gets no answer but 401")
{
    fixture world;
    http::request received;
    received.method = "GET";
    received.target = "/ocpi/sessions/1";
    received.headers.add("Authorization", secret);
    const auto reply = test::run_awaitable(world.make().respond(received, http::admission()));
    CHECK(reply.status == 401);
    CHECK(world.handled == 0);
}

TEST_CASE("http/pipeline: OPTIONS of the server as a whole tells what methods there are")
{
    fixture world;
    world.add(interface_kind::functional, "PUT", "/ocpi/sessions/{id}");
    const auto reply = world.send("OPTIONS", "*");
    CHECK(reply.status == 204);
    CHECK(reply.body.empty());
    CHECK(header(reply, "Allow") == "GET, HEAD, PUT");
    CHECK(header(reply, "Content-Type") == "(none)");
    CHECK(header(reply, "X-Request-ID").size() == 36);
    CHECK(world.send("OPTIONS", "*", "").status == 401);
    CHECK(world.send("GET", "*").status == 400);
    CHECK(world.send("OPTIONS", "/ocpi/versions").status == 405);
}

TEST_CASE("http/pipeline: each kind of caller has its interfaces, and learns nothing of others")
{
    struct example {
        const char* caller;
        int functional, configuration, management, nowhere;
    };
    for (const auto& [caller, functional, configuration, management, nowhere] : {
             example{secret, 200, 200, 404, 404},
             example{"operator", 200, 200, 200, 404},
             example{"driver", 401, 401, 200, 401},
             example{"registration", 401, 200, 401, 401},
         }) {
        CAPTURE(caller);
        fixture server;
        CHECK(server.send("GET", "/ocpi/sessions/1", caller).status == functional);
        CHECK(server.send("GET", "/ocpi/versions", caller).status == configuration);
        CHECK(server.send("GET", "/v1/things/1", caller).status == management);
        CHECK(server.send("GET", "/ocpi/nowhere", caller).status == nowhere);
    }
}

TEST_CASE("http/pipeline: an unknown path is 404, an unknown method 405 with those on offer")
{
    fixture server;
    const auto unknown = server.send("GET", "/ocpi/tariffs");
    CHECK(unknown.status == 404);
    CHECK(ocpi_status(unknown) == 2001);
    const auto method = server.send("DELETE", "/ocpi/sessions/1");
    CHECK(method.status == 405);
    CHECK(ocpi_status(method) == 2000);
    CHECK(header(method, "Allow") == "GET, HEAD");
    CHECK(server.send("HEAD", "/ocpi/sessions/1").status == 200);
    CHECK(server.handled == 1);
}

TEST_CASE("http/pipeline: a target that is none is 400 in an envelope")
{
    fixture server;
    const auto reply = server.send("GET", "/ocpi/%zz");
    CHECK(reply.status == 400);
    CHECK(ocpi_status(reply) == 2000);
    CHECK(header(reply, "X-Request-ID").size() == 36);
}

TEST_CASE("http/pipeline: an exception is an answer of 3000; only the log says what it was")
{
    fixture server;
    server.on_call = [](const http::call&) -> http::answer {
        throw std::runtime_error("index 7 out of range");
    };
    const auto reply =
        server.send("GET", "/ocpi/sessions/1", secret, {{"X-Request-ID", "the-request"}});
    CHECK(reply.status == 200);
    CHECK(ocpi_status(reply) == 3000);
    CHECK(reply.body.find("out of range") == std::string::npos);
    const auto entries = server.log->entries();
    REQUIRE(entries.size() == 1);
    CHECK(entries[0].level == log_level::error);
    CHECK(entries[0].text == "request the-request: internal: index 7 out of range");
}

TEST_CASE("http/pipeline: what is thrown need not be a std::exception")
{
    fixture server;
    server.on_call = [](const http::call&) -> http::answer { throw 7; };
    CHECK(ocpi_status(server.send("GET", "/ocpi/sessions/1")) == 3000);
    CHECK(server.log->text().find("internal") != std::string::npos);
}

TEST_CASE("http/pipeline: an identity system that is unwell is 3000, never a 401")
{
    fixture server;
    server.authenticator->is_unwell = true;
    const auto reply = server.send("GET", "/ocpi/sessions/1");
    CHECK(reply.status == 200);
    CHECK(ocpi_status(reply) == 3000);
    CHECK(reply.body.find("disk full") == std::string::npos);
    CHECK(server.log->text().find("disk full") != std::string::npos);
}

TEST_CASE("http/pipeline: the client's faults are worth a debug line, ours an error")
{
    fixture server;
    server.on_call = [](const http::call&) { return http::answer(error(errc::invalid, "/kwh")); };
    CHECK(ocpi_status(server.send("GET", "/ocpi/sessions/1")) == 2001);
    server.on_call = [](const http::call&) {
        return http::answer(error(errc::storage, "later", {}, "disk"));
    };
    CHECK(ocpi_status(server.send("GET", "/ocpi/sessions/1")) == 3000);
    const auto entries = server.log->entries();
    REQUIRE(entries.size() == 2);
    CHECK(entries[0].level == log_level::debug);
    CHECK(entries[1].level == log_level::error);
}

TEST_CASE("http/pipeline: neither logs nor answers hold the token")
{
    fixture server;
    std::string all;
    const auto collect = [&all](const http::response& reply) {
        all += reply.body;
        for (const auto& field : reply.headers) all += field.name + field.value;
    };
    const std::string wrong = "Token d3Jvbmctc2VjcmV0";
    collect(server.send("GET", "/ocpi/sessions/1", wrong));
    collect(server.send("GET", "/v1/things/1", wrong));
    collect(server.send("GET", "/%zz", wrong));
    server.on_call = [](const http::call&) -> http::answer { throw std::runtime_error("a bug"); };
    collect(server.send("GET", "/ocpi/sessions/1"));
    collect(server.send("BREW", "/ocpi/sessions/1"));
    http::request partial;
    partial.headers.add("Authorization", secret);
    collect(server.make().refuse(partial, error(errc::timed_out, "too slow")));
    all += server.log->text();
    CHECK(all.find("d3Jvbmctc2VjcmV0") == std::string::npos);
    CHECK(all.find("c2VjcmV0LXRva2Vu") == std::string::npos);
}

TEST_CASE("http/pipeline: under /v1 data is plain JSON and an error is problem details")
{
    fixture server;
    const auto good = server.send("GET", "/v1/things/1", "operator");
    CHECK(good.body == R"({"kwh":41.00})");
    CHECK(header(good, "Content-Type") == "application/json");

    struct example {
        errc code;
        int status;
        const char* title;
    };
    for (const auto& [code, status, title] : {
             example{errc::unreadable, 400, "Bad Request"},
             example{errc::invalid, 422, "Unprocessable Content"},
             example{errc::not_found, 404, "Not Found"},
             example{errc::storage, 503, "Service Unavailable"},
             example{errc::too_many_requests, 429, "Too Many Requests"},
             example{errc::overloaded, 503, "Service Unavailable"},
             example{errc::internal, 500, "Internal Server Error"},
         }) {
        CAPTURE(title);
        server.on_call = [code = code](const http::call&) {
            return http::answer(error(code, "what \"it\" is"));
        };
        const auto reply = server.send("GET", "/v1/things/1", "operator");
        CHECK(reply.status == status);
        CHECK(header(reply, "Content-Type") == "application/problem+json");
        CHECK(reply.body == std::string(R"({"type":"about:blank","title":")") + title +
                                "\",\"status\":" + std::to_string(status) +
                                R"(,"detail":"what \"it\" is"})");
        CHECK((header(reply, "Retry-After") == "1") == (status == 503));
    }
}

TEST_CASE("http/pipeline: every status under /v1 has a title")
{
    fixture server;
    for (int code = 0; code <= static_cast<int>(errc::internal); ++code) {
        server.on_call = [code](const http::call&) {
            return http::answer(error(static_cast<errc>(code), "x"));
        };
        const auto reply = server.send("GET", "/v1/things/1", "operator");
        CAPTURE(reply.body);
        CHECK(reply.status >= 400);
        CHECK(reply.body.find("\"title\":\"Error\"") == std::string::npos);
    }
}

TEST_CASE("http/pipeline: routing headers come back the other way round")
{
    fixture server;
    const auto reply = server.send("GET", "/ocpi/sessions/1", secret,
                                   {{"OCPI-to-country-code", "es"},
                                    {"OCPI-to-party-id", "abc"},
                                    {"OCPI-from-country-code", "ES"},
                                    {"OCPI-from-party-id", "EMP"}});
    CHECK(reply.status == 200);
    CHECK(header(reply, "OCPI-to-country-code") == "ES");
    CHECK(header(reply, "OCPI-to-party-id") == "EMP");
    CHECK(header(reply, "OCPI-from-country-code") == "es");
    CHECK(header(reply, "OCPI-from-party-id") == "abc");

    const auto none = server.send("GET", "/ocpi/sessions/1");
    CHECK(header(none, "OCPI-to-country-code") == "(none)");
    CHECK(header(none, "OCPI-from-party-id") == "(none)");
}

TEST_CASE("http/pipeline: parties that are not ours, or not the caller's, are 404")
{
    fixture server;
    const auto to = server.send("GET", "/ocpi/sessions/1", secret,
                                {{"OCPI-to-country-code", "ES"}, {"OCPI-to-party-id", "XXX"}});
    CHECK(to.status == 404);
    CHECK(ocpi_status(to) == 2001);
    const auto from =
        server.send("GET", "/ocpi/sessions/1", secret,
                    {{"OCPI-from-country-code", "ES"}, {"OCPI-from-party-id", "XXX"}});
    CHECK(from.status == 404);
    const auto by_operator =
        server.send("GET", "/ocpi/sessions/1", "operator",
                    {{"OCPI-from-country-code", "ES"}, {"OCPI-from-party-id", "XXX"}});
    CHECK(by_operator.status == 200);
    const auto half =
        server.send("GET", "/ocpi/sessions/1", secret, {{"OCPI-to-country-code", "ES"}});
    CHECK(half.status == 200);
    CHECK(ocpi_status(half) == 2001);
    CHECK(server.handled == 1);
}

TEST_CASE("http/pipeline: versions are not routed, whatever the headers say")
{
    fixture server;
    const auto reply = server.send("GET", "/ocpi/versions", secret,
                                   {{"OCPI-to-country-code", "ES"}, {"OCPI-to-party-id", "XXX"}});
    CHECK(reply.status == 200);
    CHECK(header(reply, "OCPI-from-party-id") == "(none)");
}

TEST_CASE("http/pipeline: a request that could not be received whole is answered in form")
{
    fixture server;
    http::request partial;
    partial.headers.add("X-Request-ID", "r");
    const auto reply = server.make().refuse(partial, error(errc::body_too_large, "too large"));
    CHECK(reply.status == 413);
    CHECK(ocpi_status(reply) == 2000);
    CHECK(header(reply, "X-Request-ID") == "r");
    CHECK(header(server.make().refuse({}, error(errc::overloaded, "x")), "Retry-After") == "1");
    partial.target = "/v1/things";
    const auto management = server.make().refuse(partial, error(errc::timed_out, "slow"));
    CHECK(management.status == 408);
    CHECK(header(management, "Content-Type") == "application/problem+json");
}

TEST_CASE("http/pipeline: a stream is passed on as it is, with the ids")
{
    fixture server;
    const auto stream = std::make_shared<test::scripted_stream>();
    server.on_call = [stream](const http::call&) {
        http::answer answered;
        answered.stream = stream;
        answered.headers.add("Content-Type", "text/event-stream");
        return answered;
    };
    const auto events = server.send("GET", "/v1/things/1", "operator", {{"X-Request-ID", "r"}});
    CHECK(events.status == 200);
    REQUIRE(events.stream);
    stream->give("piece");
    CHECK(test::run_awaitable(events.stream->next()) == "piece");
    CHECK(events.body.empty());
    CHECK(header(events, "Content-Type") == "text/event-stream");
    CHECK(header(events, "X-Request-ID") == "r");
    CHECK(header(events, "X-Correlation-ID") != "(none)");
    CHECK(server.send("GET", "/ocpi/sessions/1").stream);

    server.on_call = [stream](const http::call&) {
        http::answer refused(error(errc::not_found, "gone"));
        refused.stream = stream;
        return refused;
    };
    CHECK(server.send("GET", "/v1/things/1", "operator").stream == nullptr);
}

TEST_CASE("http/pipeline: a stream ends when its caller's token counts no more")
{
    fixture server;
    const auto stream = std::make_shared<test::scripted_stream>();
    server.on_call = [stream](const http::call&) {
        http::answer answered;
        answered.stream = stream;
        return answered;
    };
    const auto events = server.send("GET", "/v1/things/1", "driver");
    REQUIRE(events.stream);
    for (int i = 0; i < 4; ++i) stream->give("piece");
    const auto next = [&events] { return test::run_awaitable(events.stream->next()); };
    CHECK(next() == "piece");
    server.authenticator->is_unwell = true;
    CHECK(next() == "piece");
    server.authenticator->is_unwell = false;
    SUBCASE("it was revoked")
    {
        server.authenticator->callers.erase("driver");
    }
    SUBCASE("it stands for other contracts")
    {
        server.authenticator->callers["driver"].contracts.emplace_back("C2");
    }
    CHECK(next() == std::nullopt);
    CHECK(stream->await_close());
}

TEST_CASE("http/pipeline: a tolerant caller may name itself in OCPI-to, in a list")
{
    fixture server;
    server.add(interface_kind::functional, "GET", "/ocpi/sessions");
    server.on_call = [](const http::call& call) {
        CHECK_FALSE(call.routing.to);
        CHECK(call.routing.from == party("ES", "CPO"));
        http::answer answered;
        answered.message = "tolerated: x";
        return answered;
    };
    const std::vector<http::header> itself{{"OCPI-to-country-code", "es"},
                                           {"OCPI-to-party-id", "emp"},
                                           {"OCPI-from-country-code", "ES"},
                                           {"OCPI-from-party-id", "CPO"}};
    const auto reply = server.send("GET", "/ocpi/sessions", "tolerant", itself);
    CHECK(reply.status == 200);
    CHECK(reply.body.find("tolerated: x; OCPI-to names the caller") != std::string::npos);
    CHECK(server.send("GET", "/ocpi/sessions/1", "tolerant", itself).status == 404);
    CHECK(server.send("GET", "/ocpi/sessions", secret, itself).status == 404);
    auto another = itself;
    another[1].value = "XYZ";
    CHECK(server.send("GET", "/ocpi/sessions", "tolerant", another).status == 404);
    CHECK(server.handled == 1);
}

TEST_CASE("http/pipeline: an encoded body reaches no handler, but a stranger learns that first")
{
    fixture server;
    const std::vector<http::header> packed{{"Content-Encoding", "gzip"}};
    const auto reply = server.send("GET", "/ocpi/sessions/1", secret, packed, "x");
    CHECK(reply.status == 400);
    CHECK(ocpi_status(reply) == 2001);
    CHECK(server.send("GET", "/v1/things/1", "operator", packed, "x").status == 400);
    CHECK(server.send("GET", "/ocpi/sessions/1", "", packed, "x").status == 401);
    CHECK(server.send("GET", "/ocpi/nowhere", secret, packed, "x").status == 404);
    CHECK(server.send("PUT", "/ocpi/sessions/1", secret, packed, "x").status == 405);
    CHECK(server.handled == 0);
}

TEST_CASE("http/pipeline: a tolerant caller's body is handed over without its byte order mark")
{
    fixture server;
    std::string body;
    server.on_call = [&body](const http::call& call) {
        body = call.request.body;
        return http::answer();
    };
    const auto reply = server.send("GET", "/ocpi/sessions/1", "tolerant", {}, "\xEF\xBB\xBF{}");
    CHECK(body == "{}");
    CHECK(reply.body.find("tolerated: a byte order mark before the body") != std::string::npos);
    server.send("GET", "/ocpi/sessions/1", secret, {}, "\xEF\xBB\xBF{}");
    CHECK(body == "\xEF\xBB\xBF{}");
}

TEST_CASE("http/pipeline: a web page of an allowed origin reads what is under /v1, refusals too")
{
    fixture server;
    server.origins = {"https://app.example.com"};
    const std::vector<http::header> origin{{"Origin", "https://app.example.com"}};
    for (const char* caller : {"operator", "", secret}) {
        const auto reply = server.send("GET", "/v1/things/1", caller, origin);
        CHECK(header(reply, "Access-Control-Allow-Origin") == "https://app.example.com");
        CHECK(header(reply, "Vary") == "Origin");
    }
    CHECK(header(server.send("GET", "/ocpi/sessions/1", secret, origin),
                 "Access-Control-Allow-Origin") == "(none)");
    const auto other = server.send("GET", "/v1/things/1", "operator", {{"Origin", "https://x"}});
    CHECK(header(other, "Access-Control-Allow-Origin") == "(none)");
    CHECK(header(other, "Vary") == "Origin");
    http::request half;
    half.target = "/v1/things/1";
    half.headers.add("Origin", "https://app.example.com");
    const auto refused = server.make().refuse(half, error(errc::timed_out, "too slow"));
    CHECK(header(refused, "Access-Control-Allow-Origin") == "https://app.example.com");
}

TEST_CASE("http/pipeline: a preflight bears no token, and is answered where its origin is allowed")
{
    fixture server;
    const std::vector<http::header> preflight{{"Origin", "https://app.example.com"},
                                              {"Access-Control-Request-Method", "PUT"}};
    CHECK(server.send("OPTIONS", "/v1/things/1", "", preflight).status == 401);
    server.origins = {"https://app.example.com"};
    const auto granted = server.send("OPTIONS", "/v1/things/1", "", preflight);
    CHECK(granted.status == 204);
    CHECK(granted.body.empty());
    CHECK(header(granted, "Access-Control-Allow-Origin") == "https://app.example.com");
    CHECK(header(granted, "Vary") == "Origin");
    CHECK(header(granted, "X-Request-ID").size() == 36);
    CHECK(header(granted, "Content-Type") == "(none)");
    CHECK(server.send("OPTIONS", "/ocpi/sessions/1", "", preflight).status == 401);
    CHECK(server.handled == 0);
}

namespace {

std::shared_ptr<http::request_limiter> limiter_of(const http::request_limits& limits)
{
    return std::make_shared<http::request_limiter>(limits);
}

/// A request a second at most, and none more for a while.
std::shared_ptr<http::request_limiter> strict_limiter()
{
    http::request_limits limits;
    limits.requests_per_second = 1;
    limits.concurrent_requests = 1;
    return limiter_of(limits);
}

http::admission admit(http::pipeline& asked, const char* target, const char* authorization)
{
    http::request head;
    head.method = "GET";
    head.target = target;
    head.headers.add("Authorization", authorization);
    return test::run_awaitable(asked.admit(head));
}

}  // namespace

TEST_CASE("http/pipeline: a token's request beyond its limit is 429 in the form of its interface")
{
    fixture server;
    server.limiter = strict_limiter();
    server.origins = {"*"};
    auto& pipeline = server.make();
    const auto first = admit(pipeline, "/ocpi/sessions/1", secret);  // in progress
    CHECK_FALSE(first.answer);
    CHECK(first.turn);
    const auto second = admit(pipeline, "/ocpi/sessions/1", secret);
    REQUIRE(second.answer);
    CHECK(second.answer->status == 429);
    CHECK(ocpi_status(*second.answer) == 2000);
    CHECK(header(*second.answer, "Content-Type") == "application/json");
    CHECK(header(*second.answer, "Retry-After") == "1");
    CHECK(header(*second.answer, "X-Request-ID") != "(none)");

    const auto held = admit(pipeline, "/v1/things/1", "operator");
    CHECK_FALSE(held.answer);
    const auto refused = admit(pipeline, "/v1/things/1", "operator");
    REQUIRE(refused.answer);
    CHECK(refused.answer->status == 429);
    CHECK(header(*refused.answer, "Content-Type") == "application/problem+json");
    CHECK(refused.answer->body.find(R"("title":"Too Many Requests","status":429)") !=
          std::string::npos);
    CHECK(header(*refused.answer, "Retry-After") == "1");
    CHECK(server.handled == 0);
}

TEST_CASE("http/pipeline: a request holds its turn until its answer has been sent")
{
    fixture server;
    http::request_limits limits;
    limits.concurrent_requests = 1;
    server.limiter = limiter_of(limits);
    auto first = server.send("GET", "/ocpi/sessions/1");
    CHECK(first.status == 200);
    CHECK(first.held);
    CHECK(server.send("GET", "/ocpi/sessions/1").status == 429);
    CHECK(server.send("GET", "/v1/things/1", "operator").status == 200);
    first.held.reset();
    CHECK(server.send("GET", "/ocpi/sessions/1").status == 200);
    CHECK(server.send("GET", "/ocpi/nothing").status == 404);
    CHECK(server.send("GET", "/ocpi/nothing").status == 404);
}

TEST_CASE(
    "http/pipeline: an address without a valid token is 429 after so many, a valid one passes")
{
    fixture server;
    http::request_limits limits;
    limits.failed_per_minute = 2;
    server.limiter = limiter_of(limits);
    server.peer = boost::asio::ip::make_address("192.0.2.1");
    CHECK(server.send("GET", "/ocpi/sessions/1", "Token guess").status == 401);
    CHECK(server.send("GET", "/ocpi/sessions/1", "").status == 401);
    for (const char* guess : {"Token guess", ""}) {
        const auto refused = server.send("GET", "/ocpi/sessions/1", guess);
        CHECK(refused.status == 429);
        CHECK(ocpi_status(refused) == 2000);
        CHECK(header(refused, "WWW-Authenticate") == "(none)");
        const int wait = std::stoi(header(refused, "Retry-After"));
        CHECK(wait >= 1);
        CHECK(wait <= 30);
    }
    CHECK(server.send("GET", "/v1/things/1", "").status == 429);
    for (int i = 0; i < 5; ++i) CHECK(server.send("GET", "/ocpi/sessions/1").status == 200);
    // A token that may not use the path is a valid one.
    CHECK(server.send("GET", "/ocpi/sessions/1", "driver").status == 401);
    // That the store cannot tell is no try of the client.
    server.authenticator->is_unwell = true;
    CHECK(server.send("GET", "/v1/things/1", "").status == 503);
    server.authenticator->is_unwell = false;
    server.peer = boost::asio::ip::make_address("192.0.2.2");
    CHECK(server.send("GET", "/ocpi/sessions/1", "Token guess").status == 401);
}

TEST_CASE("http/pipeline: a limit that is met is a warning, once for all that meet it")
{
    fixture server;
    http::request_limits limits;
    limits.failed_per_minute = 1;
    server.limiter = limiter_of(limits);
    server.peer = boost::asio::ip::make_address("2001:db8::1");
    auto& pipeline = server.make();
    http::request head;
    head.peer = server.peer;
    head.headers.add("Authorization", "Token guess");
    for (int i = 0; i < 9; ++i) (void)test::run_awaitable(pipeline.admit(head));
    const auto warnings = server.log->text();
    const auto found = warnings.find("too many requests without a valid token from 2001:db8::/64");
    CHECK(found != std::string::npos);
    CHECK(warnings.find("too many", found + 1) == std::string::npos);
    CHECK(warnings.find("guess") == std::string::npos);
}

TEST_CASE("http/pipeline: a large answer that there is no memory for is 503, a small one is sent")
{
    fixture server;
    server.answers = std::make_shared<http::answer_memory>(100'000);
    std::string data = "\"\"";
    server.on_call = [&data](const http::call&) {
        http::answer answered;
        answered.data = data;
        return answered;
    };
    server.add(interface_kind::management, "PUT", "/v1/things/{id}");
    data.insert(1, 60'000, 'x');
    const auto first = server.send("GET", "/v1/things/1", "operator");
    CHECK(first.status == 200);
    CHECK(first.held);
    CHECK(server.answers->used() >= 60'000);
    const auto second = server.send("GET", "/v1/things/1", "operator");
    CHECK(second.status == 503);
    CHECK(header(second, "Retry-After") == "1");
    CHECK(second.body.size() < 300);
    // What was written is written.
    CHECK(server.send("PUT", "/v1/things/1", "operator").status == 200);
    data = "1";
    CHECK(server.send("GET", "/v1/things/1", "operator").status == 200);
}

}  // namespace pipeline_test
