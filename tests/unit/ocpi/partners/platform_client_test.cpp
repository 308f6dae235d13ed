#include "ocpi/partners/platform_client.hpp"

#include "tests/support/platform_network.hpp"
#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <utility>

using namespace ocpi;
using partners::platform_answer;

namespace {

/// A platform that answers every request in the same way and keeps the last one.
struct stage {
    http::response response;
    http::request received;
    std::shared_ptr<test::platform_network> network = std::make_shared<test::platform_network>();

    explicit stage(int status, std::string body)
    {
        response.status = status;
        response.body = std::move(body);
        network->add("bec.example", [this](http::request request) { return answer(request); });
    }

    boost::asio::awaitable<result<http::response>> answer(http::request request)
    {
        received = std::move(request);
        co_return response;
    }

    result<platform_answer> call(partners::platform_request request = {})
    {
        partners::platform_access access;
        access.name = "bec";
        access.token = "secret";
        if (request.url.empty()) request.url = "https://bec.example/ocpi/versions";
        const partners::platform_client client(network);
        return test::run_awaitable(client.call(std::move(access), std::move(request)));
    }

    std::string header(const char* name) const
    {
        const auto* found = received.headers.find(name);
        return found ? *found : std::string();
    }
};

constexpr const char* empty_envelope = R"({"status_code":1000,"timestamp":"2026-06-01T12:00:00Z"})";

}  // namespace

TEST_CASE("partners/platform_client: a request bears token, ids and routing headers")
{
    stage bec(200, empty_envelope);
    partners::platform_request request;
    request.method = "PUT";
    request.url = "https://bec.example/x";
    request.body = "{}";
    request.routing.from = party("ES", "ABC");
    request.routing.to = party("BE", "BEC");
    request.correlation_id = "c-1";
    REQUIRE(bec.call(request).has_value());
    CHECK(bec.received.method == "PUT");
    CHECK(bec.received.body == "{}");
    CHECK(bec.header("Authorization") == "Token c2VjcmV0");
    CHECK(bec.header("Content-Type") == "application/json");
    CHECK(bec.header("X-Request-ID").size() == 36);
    CHECK(bec.header("X-Correlation-ID") == "c-1");
    CHECK(bec.header("OCPI-from-country-code") == "ES");
    CHECK(bec.header("OCPI-from-party-id") == "ABC");
    CHECK(bec.header("OCPI-to-country-code") == "BE");
    CHECK(bec.header("OCPI-to-party-id") == "BEC");
}

TEST_CASE("partners/platform_client: versions and credentials are asked for without routing")
{
    stage bec(200, empty_envelope);
    REQUIRE(bec.call().has_value());
    CHECK(bec.header("OCPI-to-party-id").empty());
    CHECK(bec.header("OCPI-from-party-id").empty());
    CHECK(bec.header("Content-Type").empty());
    CHECK(bec.header("X-Correlation-ID").size() == 36);
}

TEST_CASE("partners/platform_client: an answer's data may be absent, null, or anything")
{
    CHECK(!stage(200, empty_envelope).call()->data());
    CHECK(!stage(200, R"({"data":null,"status_code":1000})").call()->data());
    CHECK(stage(201, R"({"data":[1.50],"status_code":1000})").call()->data()->text() == "[1.50]");
    CHECK(stage(200, R"({"data":"ACCEPTED","status_code":1000})").call()->is_success());
}

TEST_CASE("partners/platform_client: success is HTTP 2xx and a status code of 1xxx")
{
    CHECK(stage(200, R"({"status_code":1900})").call()->is_success());
    CHECK_FALSE(stage(200, R"({"status_code":2001})").call()->is_success());
    CHECK_FALSE(stage(404, R"({"status_code":1000})").call()->is_success());
    const auto refused = stage(200, R"({"status_code":2001,"status_message":"no kwh"})").call();
    CHECK(refused->describe() == "HTTP 200, status code 2001 (no kwh)");
}

TEST_CASE("partners/platform_client: an HTTP error needs no envelope, a success does")
{
    const auto error_page = stage(502, "<html>Bad gateway</html>").call();
    REQUIRE(error_page.has_value());
    CHECK(error_page->http_status == 502);
    CHECK(error_page->status_code == 0);
    CHECK_FALSE(error_page->is_success());
    for (const char* body :
         {"<html>Welcome</html>", "", "[]", R"({"data":[]})", "1000", R"({"status_code":10.5})",
          R"({"status_code":99999999999999999999})"}) {
        const auto answered = stage(200, body).call();
        REQUIRE_MESSAGE(answered.has_error(), body);
        CHECK(answered.error().code() == errc::partner_failure);
        CHECK(answered.error().text().starts_with("bec answered HTTP 200"));
    }
}

TEST_CASE("partners/platform_client: who cannot be reached is named, without any secret")
{
    stage bec(200, empty_envelope);
    partners::platform_request request;
    request.url = "https://nobody.example/";
    const auto answered = bec.call(request);
    REQUIRE(answered.has_error());
    CHECK(answered.error().text() == "bec cannot be reached: nobody.example: connection refused");
}

TEST_CASE("partners/platform_client: what might be a token is not repeated from its words")
{
    const std::string issued(64, 'a');
    const auto answered =
        stage(401, R"({"status_code":2000,"status_message":"Token secret c2VjcmV0 )" + issued +
                       R"( is not\nknown to 9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d"})")
            .call();
    REQUIRE(answered.has_value());
    CHECK(answered->status_message ==
          "Token *** *** *** is not known to 9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d");
}

TEST_CASE("partners/platform_client: one bad element does not spoil a list")
{
    const auto answered =
        stage(200, R"({"data":[{"a":1,"a":2},{"b":1.50}],"status_code":1000})").call();
    REQUIRE(answered.has_value());
    CHECK(answered->data()->text() == R"([null,{"b":1.50}])");
}

TEST_CASE("partners/platform_client: an object as deep as we take it may come in a list")
{
    std::string deep = "1";
    for (std::size_t i = 0; i < json::max_depth; ++i) deep = "[" + deep + "]";
    stage bec(200, R"({"data":[)" + deep + R"(],"status_code":1000})");
    CHECK(bec.call().has_value());
}

TEST_CASE("partners/platform_client: a status code that is a text counts as its number")
{
    CHECK(stage(200, R"({"status_code":"1000"})").call()->is_success());
    CHECK(stage(200, R"({"status_code":"2001"})").call()->status_code == 2001);
    CHECK(stage(200, R"({"status_code":"ok"})").call().has_error());
}

TEST_CASE("partners/platform_client: a byte order mark before an envelope is skipped")
{
    CHECK(stage(200, "\xef\xbb\xbf" + std::string(empty_envelope)).call()->is_success());
}

TEST_CASE("partners/platform_client: where no envelope is needed, HTTP 2xx alone is an answer")
{
    partners::platform_request request;
    request.needs_envelope = false;
    for (const int status : {200, 201, 204}) {
        for (const char* body : {"", "OK", "{}"}) {
            const auto answered = stage(status, body).call(request);
            REQUIRE(answered.has_value());
            CHECK(answered->is_bare_success());
            CHECK_FALSE(answered->is_success());
        }
    }
    CHECK(stage(302, "").call(request).has_error());
    CHECK_FALSE(stage(500, "").call(request)->is_bare_success());
    CHECK_FALSE(stage(200, R"({"status_code":2001})").call(request)->is_bare_success());
}

TEST_CASE("partners/platform_client: a body that is no envelope is quoted, shortened and clean")
{
    CHECK(stage(502, "<html>\nsecret</html>").call()->describe() ==
          "HTTP 502 (\"<html> ***</html>\")");
    std::string page;
    for (int i = 0; i < 199; ++i) page += i % 2 == 0 ? 'a' : ' ';
    CHECK(stage(502, page + "\xc3\xa9" + page).call()->body_excerpt == page + "…");
}

TEST_CASE("partners/platform_client: a Retry-After comes with the answer")
{
    stage bec(429, "");
    bec.response.headers.add("Retry-After", "120");
    CHECK(bec.call()->retry_after == std::chrono::seconds(120));
    CHECK_FALSE(stage(429, "").call()->retry_after.has_value());
}
