#include "partners/platform_client.hpp"

#include "tests/support/platform_network.hpp"
#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace platform_client_test {

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

TEST_CASE("partners/platform_client: a whole number is a status code however it is spelt")
{
    for (const char* spelling : {"2001.0", "2.001e3", "20010e-1", "\"2001.0\""}) {
        const auto body = R"({"status_code":)" + std::string(spelling) + '}';
        CHECK(stage(200, body).call()->status_code == 2001);
    }
}

TEST_CASE("partners/platform_client: an envelope that cannot be read acknowledges nothing")
{
    partners::platform_request request;
    request.needs_envelope = false;
    for (const char* body : {R"({"status_code":2001,"data":)", R"({"status_code":"2001 bad"})",
                             R"({"status_code":2001,"status_code":1000})",
                             R"({"status_code":19999})", R"({"status_code":null})"}) {
        CAPTURE(body);
        CHECK(stage(200, body).call(request).has_error());
    }
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
    const auto with_token = stage(502, page.substr(0, 196) + "secret" + page).call();
    CHECK(with_token->body_excerpt == page.substr(0, 196) + "***a…");
}

TEST_CASE("partners/platform_client: a Retry-After comes with the answer")
{
    stage bec(429, "");
    bec.response.headers.add("Retry-After", "120");
    CHECK(bec.call()->retry_after == std::chrono::seconds(120));
    CHECK_FALSE(stage(429, "").call()->retry_after.has_value());
}

namespace {

/// A platform that answers by what it was sent, and a client that lives on between calls; no time
/// passes while it waits.
struct long_stage {
    std::function<http::response(const http::request&)> script;
    std::vector<std::string> authorizations;
    std::vector<std::string> ids;
    std::vector<std::string> correlations;
    std::vector<std::chrono::seconds> pauses;
    std::vector<partners::token_form> learned;
    std::shared_ptr<test::platform_network> network = std::make_shared<test::platform_network>();
    partners::platform_access access;
    partners::platform_client client;

    explicit long_stage(std::function<http::response(const http::request&)> answers)
        : script(std::move(answers)),
          client(
              network, [this](partners::platform_access to) { return learn(std::move(to)); },
              [this](std::chrono::seconds time) { return pause(time); })
    {
        access.name = "bec";
        access.token = "secret";
        network->add("bec.example", [this](http::request request) { return answer(request); });
    }

    boost::asio::awaitable<result<http::response>> answer(http::request request)
    {
        authorizations.push_back(*request.headers.find("Authorization"));
        ids.push_back(*request.headers.find("X-Request-ID"));
        correlations.push_back(*request.headers.find("X-Correlation-ID"));
        co_return script(request);
    }
    boost::asio::awaitable<void> learn(partners::platform_access to)
    {
        learned.push_back(to.form);
        co_return;
    }
    boost::asio::awaitable<void> pause(std::chrono::seconds time)
    {
        pauses.push_back(time);
        co_return;
    }

    result<platform_answer> call(const std::string& method = "GET")
    {
        partners::platform_request request;
        request.method = method;
        request.url = "https://bec.example/ocpi/versions";
        return test::run_awaitable(client.call(access, std::move(request)));
    }
};

constexpr const char* in_base64 = "Token c2VjcmV0";
constexpr const char* as_it_is = "Token secret";

http::response make_answer(int http_status, int status_code, const std::string& retry_after = {})
{
    http::response made;
    made.status = http_status;
    made.body = R"({"status_code":)" + std::to_string(status_code) + "}";
    if (!retry_after.empty()) made.headers.add("Retry-After", retry_after);
    return made;
}

/// Takes the token in one form, and refuses it in the other by `refusal`.
std::function<http::response(const http::request&)> takes(std::string header,
                                                          http::response refusal)
{
    return [header = std::move(header), refusal = std::move(refusal)](const http::request& asked) {
        return *asked.headers.find("Authorization") == header ? make_answer(200, 1000) : refusal;
    };
}

}  // namespace

TEST_CASE("partners/platform_client: where the Base64 of a token is refused it is tried as it is")
{
    for (const auto& refusal :
         {make_answer(401, 2000), make_answer(403, 2000), make_answer(200, 2002),
          http::response{401, {}, "denied", {}, {}}}) {
        long_stage bec(takes(as_it_is, refusal));
        REQUIRE(bec.call().has_value());
        CHECK(bec.authorizations == std::vector<std::string>{in_base64, as_it_is});
        CHECK(bec.learned == std::vector{partners::token_form::raw});
        CHECK(bec.client.form_for(bec.access) == partners::token_form::raw);
        CHECK(bec.ids[0] != bec.ids[1]);
        CHECK(bec.correlations[0] == bec.correlations[1]);
    }
}

TEST_CASE("partners/platform_client: the form that worked is used from then on, by all copies")
{
    long_stage bec(takes(as_it_is, make_answer(401, 2000)));
    const auto copy = bec.client;
    CHECK(bec.call()->is_success());
    CHECK(bec.call("PUT")->is_success());
    CHECK(bec.authorizations == std::vector<std::string>{in_base64, as_it_is, as_it_is});
    CHECK(copy.form_for(bec.access) == partners::token_form::raw);
    bec.access.token = "renewed";
    bec.call();
    CHECK(bec.authorizations[3] == "Token renewed");
    CHECK(bec.learned.size() == 1);
}

TEST_CASE("partners/platform_client: a dead token is tried in both forms once, not for ever")
{
    long_stage bec([](const http::request&) { return make_answer(401, 2000); });
    for (int i = 0; i < 5; ++i) CHECK(bec.call()->http_status == 401);
    CHECK(bec.authorizations == std::vector<std::string>{in_base64, as_it_is, in_base64, in_base64,
                                                         in_base64, in_base64});
    CHECK(bec.learned.empty());
    bec.access.token = "another";
    bec.call();
    CHECK(bec.authorizations.size() == 8);
}

TEST_CASE("partners/platform_client: a platform that learns Base64 is met in it again")
{
    long_stage bec(takes(in_base64, make_answer(401, 2000)));
    bec.access.form = partners::token_form::raw;
    CHECK(bec.call()->is_success());
    CHECK(bec.call()->is_success());
    CHECK(bec.authorizations == std::vector<std::string>{as_it_is, in_base64, in_base64});
    CHECK(bec.learned == std::vector{partners::token_form::base64});
}

TEST_CASE("partners/platform_client: a failure of the other form proves nothing")
{
    for (const auto& failure :
         {make_answer(500, 3000), make_answer(400, 2000), make_answer(200, 2000),
          http::response{404, {}, "<html>", {}, {}}}) {
        long_stage bec([&failure](const http::request& asked) {
            const bool is_raw = *asked.headers.find("Authorization") == as_it_is;
            return is_raw ? failure : make_answer(401, 2000);
        });
        CHECK(bec.call()->http_status == 401);
        CHECK(bec.learned.empty());
        CHECK(bec.client.form_for(bec.access) == partners::token_form::base64);
    }
}

TEST_CASE("partners/platform_client: who judges what it is sent has known the token")
{
    for (const auto& judged : {make_answer(404, 2001), make_answer(200, 2001)}) {
        long_stage bec([&judged](const http::request& asked) {
            const bool is_raw = *asked.headers.find("Authorization") == as_it_is;
            return is_raw ? judged : make_answer(401, 2000);
        });
        CHECK(bec.call()->status_code == 2001);
        CHECK(bec.client.form_for(bec.access) == partners::token_form::raw);
    }
}

TEST_CASE("partners/platform_client: other refusals and failures are no matter of the form")
{
    for (const auto& answer : {make_answer(404, 2001), make_answer(200, 2001),
                               make_answer(200, 2000), make_answer(500, 3000)}) {
        long_stage bec([&answer](const http::request&) { return answer; });
        bec.call();
        CHECK(bec.authorizations == std::vector<std::string>{in_base64});
    }
}

TEST_CASE("partners/platform_client: a patient caller waits as a platform asks, and sends again")
{
    int count = 0;
    long_stage bec([&count](const http::request&) {
        return ++count < 3 ? make_answer(429, 2000, "20") : make_answer(200, 1000);
    });
    bec.access.patience = std::chrono::seconds(60);
    CHECK(bec.call("PUT")->is_success());
    CHECK(bec.pauses == std::vector{std::chrono::seconds(20), std::chrono::seconds(20)});
    CHECK(bec.ids[0] != bec.ids[1]);
    CHECK(bec.correlations[0] == bec.correlations[2]);
}

TEST_CASE("partners/platform_client: nobody waits longer in all than patience lasts, nor for ever")
{
    std::string retry_after = "40";
    long_stage bec([&](const http::request&) { return make_answer(503, 2000, retry_after); });
    const auto pauses_of = [&](std::chrono::seconds patience) {
        bec.pauses.clear();
        bec.access.patience = patience;
        CHECK(bec.call()->http_status == 503);
        return bec.pauses.size();
    };
    CHECK(pauses_of(std::chrono::seconds(0)) == 0);
    CHECK(pauses_of(std::chrono::seconds(39)) == 0);
    CHECK(pauses_of(std::chrono::seconds(40)) == 1);
    CHECK(pauses_of(std::chrono::seconds(79)) == 1);
    retry_after = "1";
    CHECK(pauses_of(std::chrono::seconds(60)) == 2);
}

TEST_CASE("partners/platform_client: a pause is taken for 429 and 503 alone, and told in words")
{
    const std::chrono::seconds patience{60};
    for (const int status : {429, 503}) {
        platform_answer answered;
        answered.http_status = status;
        answered.retry_after = std::chrono::seconds(30);
        CHECK(pause_before_retry(answered, patience) == std::chrono::seconds(30));
        CHECK(answered.describe() ==
              "HTTP " + std::to_string(status) + "; it asks not to be called for 30 s");
    }
    platform_answer answered;
    answered.http_status = 429;
    CHECK_FALSE(pause_before_retry(answered, patience).has_value());
    answered.retry_after = std::chrono::seconds(30);
    for (const int status : {200, 404, 500, 502}) {
        answered.http_status = status;
        CHECK_FALSE(pause_before_retry(answered, patience).has_value());
    }
}

}  // namespace platform_client_test
