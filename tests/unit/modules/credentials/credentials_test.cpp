#include "modules/credentials/credentials.hpp"

#include <doctest/doctest.h>

#include <string>

namespace credentials_test {

using namespace ocpi;

namespace {

constexpr auto newest = protocol::version::v2_3_0;

std::string body(const std::string& roles, const std::string& token = "\"secret\"",
                 const std::string& url = "\"https://bec.example/ocpi/versions\"")
{
    return R"({"token":)" + token + R"(,"url":)" + url + R"(,"roles":)" + roles + "}";
}

std::string role(const std::string& of, const std::string& country, const std::string& party)
{
    return R"({"role":")" + of + R"(","business_details":{"name":"B"},"party_id":")" + party +
           R"(","country_code":")" + country + R"("})";
}

std::string complaint(const std::string& text)
{
    const auto read = credentials::read_credentials(text, newest);
    REQUIRE(read.has_error());
    CHECK(read.error().code() == errc::invalid);
    return read.error().text();
}

}  // namespace

TEST_CASE("modules/credentials/credentials: what is written can be read")
{
    credentials::platform_credentials written;
    written.token = "!\"#~token";
    written.url = "https://es.example/ocpi/versions";
    written.roles.emplace_back(*parse_credentials_role("CPO:ES*ABC"), "A \"quoted\" name");
    written.roles.emplace_back(*parse_credentials_role("EMSP:ES*ABC"), "Ñ");
    const auto read = credentials::read_credentials(write_credentials(written), newest);
    REQUIRE(read.has_value());
    CHECK(read->token == written.token);
    CHECK(read->url == written.url);
    REQUIRE(read->roles.size() == 2);
    CHECK(read->roles[0].role == written.roles[0].role);
    CHECK(read->roles[0].business_name == "A \"quoted\" name");
    CHECK(read->bare_roles().size() == 2);
}

TEST_CASE("modules/credentials/credentials: every bad field is named by its pointer")
{
    const auto text = complaint(
        R"({"url":"no url","roles":[{"role":"CEO","country_code":"BEL","party_id":"BEC"}, 5]})");
    for (const char* pointer : {"/token", "/url", "/roles/0/role", "/roles/0/country_code",
                                "/roles/0/business_details", "/roles/1"}) {
        CHECK_MESSAGE(text.find(pointer) != std::string::npos, pointer, " in ", text);
    }
}

TEST_CASE("modules/credentials/credentials: a token has 1 to 64 characters from ! to ~")
{
    const auto roles = "[" + role("CPO", "BE", "BEC") + "]";
    for (const std::string token : {"\"\"", "\"with space\"", "\"\\u00e9\"", "7", "null"}) {
        CHECK(complaint(body(roles, token)).find("/token") != std::string::npos);
    }
    const std::string longest(64, 'x');
    CHECK(credentials::read_credentials(body(roles, '"' + longest + '"'), newest).has_value());
    CHECK(complaint(body(roles, '"' + longest + "x\"")).find("/token") != std::string::npos);
}

TEST_CASE("modules/credentials/credentials: the URL of the versions is absolute")
{
    const auto roles = "[" + role("CPO", "BE", "BEC") + "]";
    for (const std::string url : {"\"/ocpi/versions\"", "\"ftp://bec.example/\"", "\"\"", "{}"}) {
        CHECK(complaint(body(roles, "\"t\"", url)).find("/url") != std::string::npos);
    }
}

TEST_CASE(
    "modules/credentials/credentials: at least one role, none of them twice, and a hub is another")
{
    CHECK(complaint(body("[]")).find("/roles") != std::string::npos);
    CHECK(complaint(body("null")).find("/roles") != std::string::npos);
    const auto twice = "[" + role("CPO", "BE", "BEC") + "," + role("CPO", "be", "bec") + "]";
    CHECK(complaint(body(twice)).find("/roles/1") != std::string::npos);
    const auto hub = "[" + role("HUB", "BE", "HUB") + "," + role("CPO", "BE", "BEC") + "]";
    CHECK(complaint(body(hub)).find("/roles/0/role") != std::string::npos);
    const auto read = credentials::read_credentials(body(hub), protocol::version::v2_2_1);
    REQUIRE(read.has_value());
    CHECK(read->roles[0].role.role == party_role::other);
    CHECK(read->is_hub);
    CHECK_FALSE(credentials::read_credentials(body("[" + role("CPO", "BE", "BEC") + "]"),
                                              protocol::version::v2_2_1)
                    ->is_hub);
}

TEST_CASE("modules/credentials/credentials: a platform's hub is named by country and party in one")
{
    const auto hub_of = [](const std::string& text) {
        auto sent = body("[" + role("CPO", "BE", "BEC") + "]");
        sent.insert(1, R"("hub_party_id":)" + text + ",");
        const auto read = credentials::read_credentials(sent, newest);
        REQUIRE(read.has_value());
        return read->hub;
    };
    CHECK(hub_of("\"DEHUB\"") == party("DE", "HUB"));
    CHECK_FALSE(hub_of("\"HUB\"").has_value());
    CHECK_FALSE(hub_of("null").has_value());
}

TEST_CASE("modules/credentials/credentials: who a party is to people is written as BusinessDetails")
{
    credentials::platform_credentials written;
    written.token = "t";
    written.url = "https://es.example/ocpi/versions";
    auto& abc = written.roles.emplace_back(*parse_credentials_role("CPO:ES*ABC"), "ABC");
    CHECK(write_credentials(written).find(R"("business_details":{"name":"ABC"})") !=
          std::string::npos);
    abc.website = "https://abc.example";
    abc.logo.emplace();
    abc.logo->url = "https://abc.example/l.svg";
    abc.logo->type = "svg";
    const std::string begin = R"("business_details":{"name":"ABC","website":"https://abc.example",)"
                              R"("logo":{"url":"https://abc.example/l.svg",)";
    CHECK(write_credentials(written).find(begin + R"("category":"OPERATOR","type":"svg"}})") !=
          std::string::npos);
    abc.logo->thumbnail = "https://abc.example/s.svg";
    abc.logo->width = 10;
    abc.logo->height = 20;
    CHECK(write_credentials(written).find(
              begin + R"("thumbnail":"https://abc.example/s.svg","category":"OPERATOR",)"
                      R"("type":"svg","width":10,"height":20}})") != std::string::npos);
}

TEST_CASE(
    "modules/credentials/credentials: a token is found whatever else is wrong with the credentials")
{
    const auto token_in = [](const std::string& text) {
        return credentials::find_token(json::parse(text)->root());
    };
    CHECK(token_in(R"({"token":"t","roles":7})") == "t");
    CHECK(token_in(body("[]", '"' + std::string(80, 'x') + '"')) == std::string(80, 'x'));
    for (const char* text : {R"({"token":7})", R"({"token":""})", "{}", "[]", "\"token\""}) {
        CHECK_MESSAGE(token_in(text).empty(), text);
    }
    CHECK(token_in(R"({"token":")" + std::string(1025, 'x') + "\"}").empty());
}

TEST_CASE(
    "modules/credentials/credentials: only allowed parties may be claimed, CPO and EMSP as such")
{
    const std::vector<credentials_role> allowed{*parse_credentials_role("CPO:BE*BEC")};
    const auto judge = [&](const std::string& roles) {
        const auto read = credentials::read_credentials(body(roles), newest);
        REQUIRE(read.has_value());
        return credentials::check_claims(*read, allowed);
    };
    CHECK(judge("[" + role("CPO", "be", "Bec") + "]").has_value());
    CHECK(judge("[" + role("CPO", "BE", "BEC") + "," + role("NSP", "BE", "BEC") + "]").has_value());
    const auto as_emsp =
        judge("[" + role("CPO", "BE", "BEC") + "," + role("EMSP", "BE", "BEC") + "]");
    REQUIRE(as_emsp.has_error());
    CHECK(as_emsp.error().text().find("/roles/1") != std::string::npos);
    CHECK(judge("[" + role("CPO", "BE", "BE2") + "]").has_error());
    CHECK(judge("[" + role("OTHER", "FR", "BEC") + "]").has_error());
}

}  // namespace credentials_test
