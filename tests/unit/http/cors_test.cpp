#include "http/cors.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace cors_test {

using namespace ocpi;
using http::cors_policy;

namespace {

http::request ask(std::string method, std::string target, const std::string& origin,
                  bool is_preflight = false)
{
    http::request sent;
    sent.method = std::move(method);
    sent.target = std::move(target);
    if (!origin.empty()) sent.headers.add("origin", origin);
    if (is_preflight) sent.headers.add("access-control-request-method", "PUT");
    return sent;
}

/// The value of that header in what the policy adds to an answer.
std::string added(const cors_policy& policy, const http::request& received, std::string_view name)
{
    http::headers answer;
    policy.add_headers(answer, received);
    const auto* value = answer.find(name);
    return value ? *value : "(none)";
}

constexpr const char* allow_origin = "Access-Control-Allow-Origin";
const std::string app_origin = "https://app.example.com";

}  // namespace

TEST_CASE("http/cors: an allowed origin may read what is under /v1, and no other may")
{
    const cors_policy policy({app_origin, "http://localhost:3000"});
    for (const auto& origin : {app_origin, std::string("http://localhost:3000")}) {
        const auto asked = ask("GET", "/v1/sessions?pageSize=1", origin);
        CHECK(added(policy, asked, allow_origin) == origin);
        CHECK(added(policy, asked, "Vary") == "Origin");
        CHECK(added(policy, asked, "Access-Control-Expose-Headers").find("Location") !=
              std::string::npos);
        CHECK(added(policy, asked, "Access-Control-Allow-Credentials") == "(none)");
    }
    for (const char* other :
         {"", "null", "https://app.example.com.evil.example", "http://app.example.com",
          "https://app.example.com:8443", "https://APP.example.com"}) {
        CAPTURE(other);
        const auto asked = ask("GET", "/v1/sessions", other);
        CHECK(added(policy, asked, allow_origin) == "(none)");
        CHECK(added(policy, asked, "Vary") == "Origin");
    }
}

TEST_CASE("http/cors: OCPI's paths take no part in it")
{
    for (const auto& policy : {cors_policy({app_origin}), cors_policy({"*"})}) {
        for (const char* path : {"/ocpi/versions", "/v10/x", "/"}) {
            const auto asked = ask("GET", path, app_origin);
            CHECK(added(policy, asked, allow_origin) == "(none)");
            CHECK(added(policy, asked, "Vary") == "(none)");
            CHECK_FALSE(policy.answer_preflight(ask("OPTIONS", path, app_origin, true)));
        }
    }
}

TEST_CASE("http/cors: a preflight is answered whatever the path, and says what may be sent")
{
    const cors_policy policy({app_origin});
    const auto granted =
        policy.answer_preflight(ask("OPTIONS", "/v1/policies/1", app_origin, true));
    REQUIRE(granted);
    CHECK(granted->status == 204);
    CHECK(granted->body.empty());
    CHECK(*granted->headers.find("Access-Control-Allow-Methods") ==
          "GET, HEAD, POST, PUT, PATCH, DELETE");
    CHECK(granted->headers.find("Access-Control-Allow-Headers")->starts_with("Authorization, "));
    CHECK(granted->headers.find("Access-Control-Max-Age"));
    CHECK(policy.answer_preflight(ask("OPTIONS", "/v1/nowhere", app_origin, true)));

    CHECK_FALSE(policy.answer_preflight(ask("OPTIONS", "/v1/policies/1", app_origin)));
    CHECK_FALSE(policy.answer_preflight(ask("GET", "/v1/policies/1", app_origin, true)));
    CHECK_FALSE(policy.answer_preflight(ask("OPTIONS", "/v1/policies/1", "", true)));
    CHECK_FALSE(
        policy.answer_preflight(ask("OPTIONS", "/v1/policies/1", "https://x.example", true)));
}

TEST_CASE("http/cors: the asterisk allows every origin")
{
    const cors_policy policy({"*"});
    const auto asked = ask("GET", "/v1/sessions", "https://any.example");
    CHECK(added(policy, asked, allow_origin) == "*");
    CHECK(added(policy, asked, "Vary") == "(none)");
    CHECK(policy.answer_preflight(ask("OPTIONS", "/v1/x", "https://any.example", true)));
}

TEST_CASE("http/cors: without origins it is off")
{
    const cors_policy off;
    const auto asked = ask("GET", "/v1/sessions", app_origin);
    CHECK(added(off, asked, allow_origin) == "(none)");
    CHECK(added(off, asked, "Vary") == "(none)");
    CHECK_FALSE(off.answer_preflight(ask("OPTIONS", "/v1/sessions", app_origin, true)));
}

TEST_CASE("http/cors: an origin is a scheme, a host and perhaps a port")
{
    for (const char* origin : {"*", "https://app.example.com", "http://localhost:3000",
                               "http://[::1]:8080", "https://xn--bcher-kva.example"}) {
        CAPTURE(origin);
        CHECK(http::is_cors_origin(origin));
    }
    for (const char* text :
         {"", "null", "app.example.com", "https://app.example.com/", "https://app.example.com/x",
          "https://App.example.com", "https://u@app.example.com", "https://*.example.com",
          "ftp://app.example.com", "https://", "https://app.example.com?x"}) {
        CAPTURE(text);
        CHECK_FALSE(http::is_cors_origin(text));
    }
}

}  // namespace cors_test
