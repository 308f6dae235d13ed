// Both sides of the handshake, played by two whole platforms on a network without sockets.

#include "partners/partner_store.hpp"
#include "tests/support/platform.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

namespace handshake_test {

using namespace ocpi;
using test::run_awaitable;

namespace {

constexpr const char* credentials_path = "/ocpi/2.3.0/credentials";
constexpr const char* sessions_path = "/ocpi/cpo/2.3.0/sessions";

std::vector<own_party> party_of(const char* country, const char* id, party_role role)
{
    std::vector<own_party> parties;
    parties.emplace_back(party(country, id), std::vector{role});
    return parties;
}

/// Our CPO ES*ABC, the eMSP NL*TNM, and a registration token between them.
struct two_platforms {
    std::shared_ptr<test::platform_network> network = std::make_shared<test::platform_network>();
    test::platform cpo{network, "cpo.example", party_of("ES", "ABC", party_role::cpo)};
    test::platform emsp{network, "emsp.example", party_of("NL", "TNM", party_role::emsp)};

    two_platforms() { cpo.add_token("tnm", "token-a", {"EMSP:NL*TNM"}); }

    credentials::registration_request request() const
    {
        credentials::registration_request wanted;
        wanted.name = "abc";
        wanted.versions_url = cpo.versions_url();
        wanted.token_a = "token-a";
        return wanted;
    }

    result<partners::partner> register_emsp()
    {
        return run_awaitable(emsp.application->register_partner(request()));
    }
};

/// A platform that is not ours: it answers versions and details as it is told to.
struct scripted_platform {
    std::string versions = R"([{"version":"2.3.0","url":"https://bec.example/2.3.0"}])";
    std::string details =
        R"({"version":"2.3.0","endpoints":[)"
        R"({"identifier":"credentials","role":"SENDER","url":"https://bec.example/credentials"},)"
        R"({"identifier":"sessions","role":"SENDER","url":"https://bec.example/sessions/"}]})";
    int status = 200;
    bool takes_raw_tokens_only = false;
    std::vector<std::string> tokens;

    boost::asio::awaitable<result<http::response>> answer(http::request received)
    {
        const auto* header = received.headers.find("Authorization");
        tokens.push_back(header ? auth::presented_tokens(*header).front() : "none");
        http::response response;
        response.status = status;
        if (takes_raw_tokens_only && *header != "Token token-b") response.status = 401;
        const auto& data = received.target == "/versions" ? versions : details;
        response.body =
            R"({"status_code":1000,"timestamp":"2026-06-01T12:00:00Z","data":)" + data + "}";
        co_return response;
    }
};

std::string bec_credentials(const std::string& token = "token-b", const std::string& role = "CPO",
                            const std::string& party = "BEC",
                            const std::string& url = "https://bec.example/versions")
{
    return R"({"token":")" + token + R"(","url":")" + url + R"(","roles":[{"role":")" + role +
           R"(","business_details":{"name":"Becharged"},"country_code":"BE","party_id":")" + party +
           R"("}]})";
}

/// Of the party DE*HUB in that role, without the parties behind it.
std::string hub_credentials(const char* role)
{
    return R"({"token":"token-b","url":"https://bec.example/versions","roles":[{"role":")" +
           std::string(role) +
           R"(","business_details":{"name":"H"},"country_code":"DE","party_id":"HUB"}]})";
}

/// Our eMSP ES*EMP, and a foreign CPO that may register.
struct one_platform {
    std::shared_ptr<test::platform_network> network = std::make_shared<test::platform_network>();
    scripted_platform foreign;
    test::platform own{network, "own.example", party_of("ES", "EMP", party_role::emsp)};

    one_platform()
    {
        own.add_token("bec", "token-a", {"CPO:BE*BEC"});
        network->add("bec.example", [this](http::request received) {
            return foreign.answer(std::move(received));
        });
    }

    test::ocpi_reply post(const std::string& body, const std::string& token = "token-a")
    {
        return own.ask(token, "POST", credentials_path, body);
    }
};

}  // namespace

TEST_CASE(
    "modules/credentials/handshake: two platforms register with each other and each may call the "
    "other")
{
    two_platforms both;
    const auto registered = both.register_emsp();
    REQUIRE_MESSAGE(registered.has_value(), registered.error().text());
    CHECK(registered->name == "abc");
    CHECK(registered->token.empty());
    CHECK(registered->version == protocol::version::v2_3_0);
    REQUIRE(registered->roles.size() == 1);
    CHECK(to_string(registered->roles[0]) == "CPO:ES*ABC");

    partners::partner_store at_emsp(both.emsp.crud);
    const auto cpo = run_awaitable(at_emsp.find("ABC")).value();
    REQUIRE(cpo);
    CHECK(cpo->value.find_endpoint("sessions", partners::interface_role::sender));
    CHECK(both.cpo.ask(cpo->value.token, "GET", sessions_path).status_code == "1000");

    partners::partner_store at_cpo(both.cpo.crud);
    const auto emsp = run_awaitable(at_cpo.find("tnm")).value();
    REQUIRE(emsp);
    CHECK(emsp->value.is_registered());
    const auto* receiver =
        emsp->value.find_endpoint("sessions", partners::interface_role::receiver);
    REQUIRE(receiver);
    CHECK(*receiver == "https://emsp.example/ocpi/emsp/2.3.0/sessions");
    const auto asked =
        both.emsp.ask(emsp->value.token, "GET", "/ocpi/emsp/2.3.0/sessions/ES/ABC/1");
    CHECK(asked.http == 404);
    CHECK(asked.message == "there is no such session");
}

TEST_CASE(
    "modules/credentials/handshake: a registration token opens versions and credentials, and ends "
    "with POST")
{
    two_platforms both;
    CHECK(both.cpo.ask("token-a", "GET", "/ocpi/versions").http == 200);
    CHECK(both.cpo.ask("token-a", "GET", "/ocpi/2.3.0").http == 200);
    CHECK(both.cpo.ask("token-a", "GET", credentials_path).text("token") == "token-a");
    CHECK(both.cpo.ask("token-a", "GET", sessions_path).http == 401);
    CHECK(both.cpo.ask("token-a", "PUT", credentials_path, "{}").http == 405);
    CHECK(both.cpo.ask("token-a", "DELETE", credentials_path).http == 405);
    REQUIRE(both.register_emsp().has_value());
    for (const char* path : {"/ocpi/versions", "/ocpi/2.3.0", credentials_path, sessions_path}) {
        CHECK(both.cpo.ask("token-a", "GET", path).http == 401);
    }
}

TEST_CASE(
    "modules/credentials/handshake: a token that is spent does not come back to life with the end "
    "of it all")
{
    two_platforms both;
    REQUIRE(both.register_emsp().has_value());
    REQUIRE(run_awaitable(both.emsp.application->remove_partner("abc")).has_value());
    CHECK(both.cpo.ask("token-a", "GET", "/ocpi/versions").http == 401);
    CHECK(run_awaitable(both.cpo.application->list_partners()).value().empty());
    CHECK(run_awaitable(both.emsp.application->list_partners()).value().empty());
}

TEST_CASE(
    "modules/credentials/handshake: before it answers, the server reads the starter's versions and "
    "details")
{
    one_platform stage;
    const auto answered = stage.post(bec_credentials());
    CHECK(answered.http == 200);
    CHECK(answered.status_code == "1000");
    CHECK(answered.text("url") == "https://own.example/ocpi/versions");
    CHECK(answered.text("token").size() == 64);
    CHECK(stage.network->requests() == std::vector<std::string>{"GET https://bec.example/versions",
                                                                "GET https://bec.example/2.3.0"});
    CHECK(stage.foreign.tokens == std::vector<std::string>{"token-b", "token-b"});
    CHECK(stage.own.ask(answered.text("token"), "GET", credentials_path).text("token") ==
          answered.text("token"));
}

TEST_CASE(
    "modules/credentials/handshake: what the starter lacks is told by its code, and its token "
    "lives on")
{
    const auto refused = [](one_platform& stage, const std::string& code,
                            const std::string& body = bec_credentials()) {
        const auto answered = stage.post(body);
        CHECK(answered.http == 200);
        CHECK(answered.status_code == code);
        CHECK(stage.own.ask("token-a", "GET", "/ocpi/versions").http == 200);
        CHECK(run_awaitable(stage.own.application->list_partners()).value().empty());
    };
    SUBCASE("versions that cannot be had: 3001")
    {
        one_platform stage;
        refused(stage, "3001", bec_credentials("b", "CPO", "BEC", "https://nobody.example/v"));
        stage.foreign.status = 500;
        refused(stage, "3001");
        stage.foreign.status = 200;
        stage.foreign.versions = R"("none")";
        refused(stage, "3001");
        stage.foreign.versions = "null";
        refused(stage, "3001");
    }
    SUBCASE("another version: 3002")
    {
        one_platform stage;
        stage.foreign.versions = R"([{"version":"2.1.1","url":"https://bec.example/2.1.1"}])";
        refused(stage, "3002");
        stage.foreign.versions = "[]";
        refused(stage, "3002");
    }
    SUBCASE("no endpoints that we need: 3003")
    {
        one_platform stage;
        stage.foreign.details = R"({"version":"2.3.0","endpoints":[]})";
        refused(stage, "3003");
        stage.foreign.details =
            R"({"endpoints":[{"identifier":"credentials","role":"SENDER","url":"https://b/c"}]})";
        refused(stage, "3003");
    }
    SUBCASE("credentials that are none: 2001")
    {
        one_platform stage;
        refused(stage, "2001", R"({"token":"b"})");
        CHECK(stage.post("not JSON").http == 400);
    }
    SUBCASE("a party that it may not claim: 2001")
    {
        one_platform stage;
        refused(stage, "2001", bec_credentials("b", "CPO", "XXX"));
        refused(stage, "2001", bec_credentials("b", "EMSP", "BEC"));
        CHECK(stage.network->requests().empty());
    }
}

TEST_CASE(
    "modules/credentials/handshake: the role of a partner's credentials endpoint is not looked at")
{
    for (const char* role : {R"("role":"BOTH",)", R"("role":"sender",)", R"("role":"CPO",)",
                             R"("role":"",)", R"("role":null,)", R"("role":7,)", ""}) {
        one_platform stage;
        stage.foreign.details =
            R"({"version":"2.3.0","endpoints":[{"identifier":"credentials",)" + std::string(role) +
            R"("url":"https://bec.example/c"},)"
            R"({"identifier":"sessions","role":"RECEIVER","url":"https://bec.example/s"}]})";
        CHECK_MESSAGE(stage.post(bec_credentials()).status_code == "1000", role);
    }
}

TEST_CASE(
    "modules/credentials/handshake: an endpoint of another module needs a role that OCPI knows")
{
    for (const char* role : {"BOTH", "sender", ""}) {
        one_platform stage;
        stage.foreign.details =
            R"({"version":"2.3.0","endpoints":[)"
            R"({"identifier":"credentials","role":"SENDER","url":"https://bec.example/c"},)"
            R"({"identifier":"sessions","role":")" +
            std::string(role) + R"(","url":"https://bec.example/s"}]})";
        CHECK_MESSAGE(stage.post(bec_credentials()).status_code == "3003", role);
    }
}

TEST_CASE(
    "modules/credentials/handshake: endpoints are kept as they were advertised, slash at the end "
    "and all")
{
    one_platform stage;
    REQUIRE(stage.post(bec_credentials()).status_code == "1000");
    partners::partner_store stored(stage.own.crud);
    const auto bec = run_awaitable(stored.find("bec")).value()->value;
    CHECK(*bec.find_endpoint("sessions", partners::interface_role::sender) ==
          "https://bec.example/sessions/");
}

TEST_CASE("modules/credentials/handshake: after a refusal the same token may try again")
{
    one_platform stage;
    stage.foreign.status = 502;
    CHECK(stage.post(bec_credentials()).status_code == "3001");
    stage.foreign.status = 200;
    CHECK(stage.post(bec_credentials()).status_code == "1000");
}

TEST_CASE("modules/credentials/handshake: a party belongs to one platform")
{
    one_platform stage;
    REQUIRE(stage.post(bec_credentials()).status_code == "1000");
    stage.own.add_token("other", "token-o", {"CPO:BE*BEC"});
    const auto answered = stage.post(bec_credentials(), "token-o");
    CHECK(answered.status_code == "2001");
    CHECK(answered.message.find("another partner") != std::string::npos);
    CHECK(answered.message.find("bec\"") == std::string::npos);

    stage.own.add_token("us", "token-u", {"CPO:ES*EMP"});
    const std::string as_us =
        R"({"token":"b","url":"https://bec.example/versions","roles":[{"role":"CPO",)"
        R"("business_details":{"name":"x"},"country_code":"ES","party_id":"EMP"}]})";
    CHECK(stage.post(as_us, "token-u").status_code == "2001");
}

TEST_CASE(
    "modules/credentials/handshake: a partner that has lost its tokens registers anew under its "
    "name")
{
    one_platform stage;
    const auto first = stage.post(bec_credentials()).text("token");
    stage.own.add_token("bec", "token-a2", {"CPO:BE*BEC"});
    const auto second = stage.post(bec_credentials("token-b2"), "token-a2");
    CHECK(second.status_code == "1000");
    CHECK(stage.own.ask(first, "GET", "/ocpi/versions").http == 401);
    CHECK(stage.own.ask("token-a2", "GET", "/ocpi/versions").http == 401);
    CHECK(stage.own.ask(second.text("token"), "GET", "/ocpi/versions").http == 200);
}

TEST_CASE(
    "modules/credentials/handshake: POST by a registered partner and by a token of no handshake")
{
    one_platform stage;
    const auto token = stage.post(bec_credentials()).text("token");
    const auto again = stage.post(bec_credentials(), token);
    CHECK(again.http == 405);
    CHECK(again.status_code == "2000");

    stage.own.add_token("tre", "by-hand", {"CPO:FR*TRE"}, auth::token_kind::credentials);
    CHECK(stage.own.ask("by-hand", "PUT", credentials_path, bec_credentials()).http == 405);
    CHECK(stage.own.ask("by-hand", "DELETE", credentials_path).http == 405);
    const std::string tre =
        R"({"token":"b","url":"https://bec.example/versions","roles":[{"role":"CPO",)"
        R"("business_details":{"name":"x"},"country_code":"FR","party_id":"TRE"}]})";
    CHECK(stage.post(tre, "by-hand").status_code == "1000");
    CHECK(stage.own.ask("by-hand", "GET", "/ocpi/versions").http == 401);
}

TEST_CASE(
    "modules/credentials/handshake: PUT renews; the old token counts until the new one is used")
{
    one_platform stage;
    const auto old_token = stage.post(bec_credentials()).text("token");
    stage.foreign.tokens.clear();
    const auto renewed =
        stage.own.ask(old_token, "PUT", credentials_path, bec_credentials("token-b2"));
    CHECK(renewed.status_code == "1000");
    CHECK(stage.foreign.tokens == std::vector<std::string>{"token-b2", "token-b2"});
    const auto new_token = renewed.text("token");
    CHECK(new_token != old_token);
    CHECK(stage.own.ask(old_token, "GET", "/ocpi/versions").http == 200);
    CHECK(stage.own.ask(new_token, "GET", "/ocpi/versions").http == 200);
    CHECK(stage.own.ask(old_token, "GET", "/ocpi/versions").http == 401);
}

TEST_CASE("modules/credentials/handshake: an unused new token ends the old one after ten minutes")
{
    one_platform stage;
    const auto old_token = stage.post(bec_credentials()).text("token");
    const auto new_token =
        stage.own.ask(old_token, "PUT", credentials_path, bec_credentials("token-b2"))
            .text("token");
    // The lost answer of a PUT: asked again by the old token, the partner gets another new one.
    const auto newest =
        stage.own.ask(old_token, "PUT", credentials_path, bec_credentials("token-b3"))
            .text("token");
    stage.own.time->set(parse_date_time("2026-06-01T12:10:00Z")->value);
    // What was found out a moment ago may count for half a second; a change ends that.
    CHECK(stage.own.ask(newest, "GET", "/ocpi/versions").http == 200);
    CHECK(stage.own.ask(old_token, "GET", "/ocpi/versions").http == 401);
    CHECK(stage.own.ask(new_token, "GET", "/ocpi/versions").http == 401);
}

TEST_CASE("modules/credentials/handshake: a PUT that fails changes nothing")
{
    one_platform stage;
    const auto token = stage.post(bec_credentials()).text("token");
    stage.foreign.status = 500;
    CHECK(stage.own.ask(token, "PUT", credentials_path, bec_credentials("b2")).status_code ==
          "3001");
    CHECK(stage.own.ask(token, "PUT", credentials_path, bec_credentials("b2", "CPO", "XXX"))
              .status_code == "2001");
    partners::partner_store stored(stage.own.crud);
    const auto bec = run_awaitable(stored.find("bec")).value();
    CHECK(bec->value.token == "token-b");
    CHECK(bec->value.inbound_tokens.size() == 1);
    CHECK(stage.own.ask(token, "GET", "/ocpi/versions").http == 200);
}

TEST_CASE("modules/credentials/handshake: DELETE ends the registration at once and for both")
{
    one_platform stage;
    const auto token = stage.post(bec_credentials()).text("token");
    const auto ended = stage.own.ask(token, "DELETE", credentials_path);
    CHECK(ended.http == 200);
    CHECK(ended.status_code == "1000");
    CHECK(stage.own.ask(token, "GET", "/ocpi/versions").http == 401);
    partners::partner_store stored(stage.own.crud);
    CHECK(run_awaitable(stored.find("bec")).value()->value.token.empty());
}

TEST_CASE("modules/credentials/handshake: operators and drivers have no business there")
{
    one_platform stage;
    auth::principal identity;
    identity.name = "op";
    identity.kind = auth::caller_kind::platform_operator;
    auth::token_store tokens(stage.own.crud);
    run_awaitable(tokens.add(identity, "operator")).value();
    for (const char* method : {"GET", "POST", "PUT", "DELETE"}) {
        CHECK(stage.own.ask("operator", method, credentials_path, "{}").http == 404);
    }
    CHECK(stage.own.ask("", "POST", credentials_path, "{}").http == 401);
}

TEST_CASE(
    "modules/credentials/handshake: a partner of 2.2.1 alone registers, and may use that version")
{
    one_platform stage;
    stage.foreign.versions = R"([{"version":"2.2.1","url":"https://bec.example/2.2.1"}])";
    stage.foreign.details.replace(stage.foreign.details.find("2.3.0"), 5, "2.2.1");
    const auto answered =
        stage.own.ask("token-a", "POST", "/ocpi/2.2.1/credentials", bec_credentials());
    CHECK(answered.status_code == "1000");
    CHECK(stage.network->requests() == std::vector<std::string>{"GET https://bec.example/versions",
                                                                "GET https://bec.example/2.2.1"});
    partners::partner_store stored(stage.own.crud);
    const auto bec = run_awaitable(stored.find("bec")).value();
    REQUIRE(bec);
    CHECK(bec->value.version == protocol::version::v2_2_1);
    const auto asked =
        stage.own.ask(answered.text("token"), "GET", "/ocpi/emsp/2.2.1/sessions/BE/BEC/1");
    CHECK(asked.message == "there is no such session");
}

TEST_CASE(
    "modules/credentials/handshake: a hub of 2.2.1 registers, and counts for the parties allowed "
    "behind it")
{
    one_platform stage;
    stage.own.add_token("hub", "token-h",
                        {"HUB:DE*HUB", "CPO:BE*BEC", "EMSP:NL*TNM", "CPO:FR*TRE"});
    stage.foreign.versions = R"([{"version":"2.2.1","url":"https://bec.example/2.2.1"}])";
    const auto answered =
        stage.own.ask("token-h", "POST", "/ocpi/2.2.1/credentials", hub_credentials("HUB"));
    REQUIRE_MESSAGE(answered.status_code == "1000", answered.message);
    partners::partner_store stored(stage.own.crud);
    const auto hub = run_awaitable(stored.find("hub")).value()->value;
    CHECK(hub.roles == std::vector{*parse_credentials_role("HUB:DE*HUB")});
    for (const char* role : {"CPO:BE*BEC", "EMSP:NL*TNM", "CPO:FR*TRE"}) {
        const auto found = run_awaitable(stored.find_by_role(*parse_credentials_role(role)));
        REQUIRE(found.value().has_value());
        CHECK(found.value()->name == "hub");
    }
    const auto token = answered.text("token");
    const auto asked = stage.own.ask(token, "GET", "/ocpi/emsp/2.2.1/sessions/BE/BEC/1");
    CHECK(asked.message == "there is no such session");
    const auto foreign = stage.own.ask(token, "GET", "/ocpi/emsp/2.2.1/sessions/IT/XXX/1");
    CHECK(foreign.http == 404);
}

TEST_CASE(
    "modules/credentials/handshake: a party that is no hub counts for what it claims, whatever is "
    "allowed")
{
    one_platform stage;
    stage.own.add_token("hub", "token-h", {"OTHER:DE*HUB", "CPO:BE*BEC"});
    REQUIRE(stage.post(hub_credentials("OTHER"), "token-h").status_code == "1000");
    partners::partner_store stored(stage.own.crud);
    const auto found = run_awaitable(stored.find_by_role(*parse_credentials_role("CPO:BE*BEC")));
    CHECK_FALSE(found.value().has_value());
}

TEST_CASE(
    "modules/credentials/handshake: a party behind a hub cannot be registered beside it, nor the "
    "other way")
{
    one_platform stage;
    stage.own.add_token("hub", "token-h", {"HUB:DE*HUB", "CPO:BE*BEC"});
    stage.foreign.versions = R"([{"version":"2.2.1","url":"https://bec.example/2.2.1"},)"
                             R"({"version":"2.3.0","url":"https://bec.example/2.3.0"}])";
    const auto register_hub = [&] {
        return stage.own.ask("token-h", "POST", "/ocpi/2.2.1/credentials", hub_credentials("HUB"))
            .status_code;
    };
    SUBCASE("the hub first")
    {
        CHECK(register_hub() == "1000");
        CHECK(stage.post(bec_credentials()).status_code == "2001");
    }
    SUBCASE("the party first")
    {
        CHECK(stage.post(bec_credentials()).status_code == "1000");
        CHECK(register_hub() == "2001");
    }
}

TEST_CASE(
    "modules/credentials/handshake: tariffs are broadcast by the hub that a partner names, "
    "sessions are not")
{
    one_platform stage;
    auto body = bec_credentials();
    body.insert(1, R"("hub_party_id":"DEHUB",)");
    const auto token = stage.post(body).text("token");
    const auto from_hub = [&](const char* method, const char* target, const std::string& sent) {
        http::request asked;
        asked.method = method;
        asked.target = target;
        asked.headers.add("Authorization", auth::write_authorization(token));
        asked.headers.add("OCPI-from-country-code", "DE");
        asked.headers.add("OCPI-from-party-id", "HUB");
        asked.headers.add("OCPI-to-country-code", "ES");
        asked.headers.add("OCPI-to-party-id", "EMP");
        asked.body = sent;
        return test::ocpi_reply(run_awaitable(stage.own.application->answer(std::move(asked))));
    };
    const std::string tariff =
        R"({"country_code":"BE","party_id":"BEC","id":"1","currency":"EUR","elements":[)"
        R"({"price_components":[{"type":"TIME","price":2,"step_size":1}]}],)"
        R"("tax_included":"NO","last_updated":"2026-06-01T10:00:00Z"})";
    const char* path = "/ocpi/emsp/2.3.0/tariffs/BE/BEC/1";
    CHECK(from_hub("PUT", path, tariff).http == 201);
    CHECK(from_hub("GET", path, "").http == 404);
    CHECK(from_hub("PUT", "/ocpi/emsp/2.3.0/tariffs/FR/TRE/1", tariff).http == 404);
    CHECK(from_hub("PUT", "/ocpi/emsp/2.3.0/sessions/BE/BEC/1", "{}").message ==
          "there is no such session");
    CHECK(from_hub("DELETE", path, "").http == 200);
}

TEST_CASE(
    "modules/credentials/handshake: the form in which the starter takes its token is kept with it")
{
    one_platform stage;
    stage.foreign.takes_raw_tokens_only = true;
    REQUIRE(stage.post(bec_credentials()).status_code == "1000");
    partners::partner_store stored(stage.own.crud);
    CHECK(run_awaitable(stored.find("bec")).value()->value.token_form == partners::token_form::raw);
}

TEST_CASE(
    "modules/credentials/handshake: what an operator has set of a partner outlives its "
    "registration")
{
    two_platforms both;
    REQUIRE(both.register_emsp().has_value());
    partners::partner_settings settings;
    settings.closing_put = true;
    auto& cpo = *both.cpo.application;
    CHECK(run_awaitable(cpo.set_partner("nobody", settings)).error().code() == errc::not_found);
    const auto set = run_awaitable(cpo.set_partner("tnm", settings));
    REQUIRE(set.has_value());
    CHECK(set->closing_put);
    CHECK(set->token.empty());
    REQUIRE(run_awaitable(both.emsp.application->rotate_partner("abc")).has_value());
    CHECK(run_awaitable(cpo.list_partners()).value().at(0).closing_put);
    REQUIRE(run_awaitable(both.emsp.application->remove_partner("abc")).has_value());
    CHECK(run_awaitable(cpo.set_partner("tnm", settings)).error().code() == errc::not_found);
}

TEST_CASE("modules/credentials/handshake: rotating renews the tokens of both sides")
{
    two_platforms both;
    REQUIRE(both.register_emsp().has_value());
    partners::partner_store at_emsp(both.emsp.crud);
    partners::partner_store at_cpo(both.cpo.crud);
    const auto cpo_before = run_awaitable(at_emsp.find("abc")).value()->value;
    const auto emsp_before = run_awaitable(at_cpo.find("tnm")).value()->value;
    const auto rotated = run_awaitable(both.emsp.application->rotate_partner("abc"));
    REQUIRE_MESSAGE(rotated.has_value(), rotated.error().text());
    const auto cpo_after = run_awaitable(at_emsp.find("abc")).value()->value;
    const auto emsp_after = run_awaitable(at_cpo.find("tnm")).value()->value;
    CHECK(cpo_after.token != cpo_before.token);
    CHECK(emsp_after.token != emsp_before.token);
    CHECK(both.cpo.ask(cpo_after.token, "GET", sessions_path).http == 200);
    CHECK(both.cpo.ask(cpo_before.token, "GET", sessions_path).http == 401);
    const char* session = "/ocpi/emsp/2.3.0/sessions/ES/ABC/1";
    // The old token of the other direction counts until the new one is used.
    CHECK(both.emsp.ask(emsp_before.token, "GET", session).http == 404);
    CHECK(both.emsp.ask(emsp_after.token, "GET", session).http == 404);
    CHECK(both.emsp.ask(emsp_before.token, "GET", session).http == 401);
}

TEST_CASE("modules/credentials/handshake: what fails leaves no partner behind")
{
    two_platforms both;
    auto wanted = both.request();
    const auto fails = [&](errc code) {
        const auto registered = run_awaitable(both.emsp.application->register_partner(wanted));
        REQUIRE(registered.has_error());
        CHECK(to_string(registered.error().code()) == to_string(code));
        CHECK(registered.error().text().find("token-a") == std::string::npos);
        CHECK(run_awaitable(both.emsp.application->list_partners()).value().empty());
    };
    SUBCASE("a token that counts for nothing there")
    {
        wanted.token_a = "wrong";
        fails(errc::partner_failure);
    }
    SUBCASE("a host that is not there")
    {
        wanted.versions_url = "https://nobody.example/versions";
        fails(errc::partner_failure);
    }
    SUBCASE("a URL that is none")
    {
        wanted.versions_url = "cpo.example";
        fails(errc::invalid);
    }
    SUBCASE("a partner that claims more than it is allowed to")
    {
        wanted.allowed_roles = {*parse_credentials_role("CPO:ES*XXX")};
        fails(errc::invalid);
        CHECK(run_awaitable(both.cpo.application->list_partners()).value().empty());
    }
}

TEST_CASE("modules/credentials/handshake: once is enough, and the name is taken")
{
    two_platforms both;
    REQUIRE(both.register_emsp().has_value());
    both.cpo.add_token("tnm", "token-a2", {"EMSP:NL*TNM"});
    auto wanted = both.request();
    wanted.token_a = "token-a2";
    wanted.name = "ABC";
    const auto again = run_awaitable(both.emsp.application->register_partner(wanted));
    REQUIRE(again.has_error());
    CHECK(again.error().code() == errc::already_exists);
}

TEST_CASE(
    "modules/credentials/handshake: a partner that does not confirm the end stays unless told "
    "otherwise")
{
    two_platforms both;
    REQUIRE(both.register_emsp().has_value());
    both.network->add("cpo.example",
                      [](http::request) -> boost::asio::awaitable<result<http::response>> {
                          co_return error(errc::partner_failure, "connection refused");
                      });
    auto& emsp = *both.emsp.application;
    CHECK(run_awaitable(emsp.remove_partner("abc")).error().code() == errc::partner_failure);
    CHECK(run_awaitable(emsp.list_partners()).value().size() == 1);
    CHECK(run_awaitable(emsp.remove_partner("abc", true)).has_value());
    CHECK(run_awaitable(emsp.list_partners()).value().empty());
    CHECK(run_awaitable(emsp.remove_partner("abc")).error().code() == errc::not_found);
    CHECK(run_awaitable(emsp.rotate_partner("abc")).error().code() == errc::not_found);
}

}  // namespace handshake_test
