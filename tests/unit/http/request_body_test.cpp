#include "http/request_body.hpp"

#include <doctest/doctest.h>

#include <string>
#include <utility>

namespace request_body_test {

using namespace ocpi;
using auth::profile;

namespace {

http::request with_body(std::string body, std::initializer_list<const char*> encodings = {})
{
    http::request sent;
    sent.body = std::move(body);
    for (const char* each : encodings) sent.headers.add("content-encoding", each);
    return sent;
}

std::string refusal(http::request sent)
{
    const auto outcome = http::prepare_body(sent, profile::tolerant);
    REQUIRE(outcome.has_error());
    CHECK(outcome.error().code() == errc::unreadable);
    return outcome.error().text();
}

const std::string mark = "\xEF\xBB\xBF";

}  // namespace

TEST_CASE("http/request_body: a tolerant caller's byte order mark is taken away and named")
{
    auto sent = with_body(mark + "{}");
    const auto outcome = http::prepare_body(sent, profile::tolerant);
    REQUIRE(outcome.has_value());
    CHECK(sent.body == "{}");
    CHECK(*outcome == std::vector<std::string>{"a byte order mark before the body"});
}

TEST_CASE("http/request_body: a strict caller's is left to who reads the body, and so is any other")
{
    for (const auto& [body, strictness] :
         {std::pair(mark + "{}", profile::strict), std::pair(std::string("{}"), profile::tolerant),
          std::pair(" " + mark, profile::tolerant), std::pair(std::string(), profile::tolerant)}) {
        auto sent = with_body(body);
        const auto outcome = http::prepare_body(sent, strictness);
        REQUIRE(outcome.has_value());
        CHECK(outcome->empty());
        CHECK(sent.body == body);
    }
}

TEST_CASE("http/request_body: an encoded body is refused, by the name of the encoding")
{
    CHECK(refusal(with_body("x", {"gzip"})) ==
          "the body has a Content-Encoding, gzip, which is not understood here; send it without "
          "one");
    CHECK(refusal(with_body("x", {"identity", "br"})).find("br") != std::string::npos);
    CHECK(refusal(with_body("x", {"gzip, identity"})).find("gzip") != std::string::npos);
    for (const auto& odd : {std::string(41, 'x'), std::string("\xff")}) {
        CHECK(refusal(with_body("x", {odd.c_str()})) ==
              "the body has a Content-Encoding, which is not understood here; send it without one");
    }
}

TEST_CASE("http/request_body: identity is no encoding, and without a body there is none")
{
    for (auto sent : {with_body("x", {"identity"}), with_body("x", {"IDENTITY", ""}),
                      with_body("", {"gzip"})}) {
        CHECK(http::prepare_body(sent, profile::strict).has_value());
    }
}

}  // namespace request_body_test
