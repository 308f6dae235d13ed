// The asking side of the handshake against a platform that is not ours and does as it is told.

#include "modules/credentials/registration.hpp"

#include "partners/partner_store.hpp"
#include "tests/support/platform.hpp"
#include "tests/support/scripted_crud.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace registration_test {

using namespace ocpi;
using test::run_awaitable;

namespace {

constexpr const char* sound_credentials =
    R"({"token":"token-c","url":"https://bec.example/versions","roles":[{"role":"CPO",)"
    R"("business_details":{"name":"Becharged"},"country_code":"BE","party_id":"BEC"}]})";

http::response envelope(const std::string& data, int http_status = 200, int status_code = 1000)
{
    http::response made;
    made.status = http_status;
    made.body = R"({"status_code":)" + std::to_string(status_code) +
                R"(,"timestamp":"2026-06-01T12:00:00Z","data":)" + data + "}";
    return made;
}

/// Another platform: it notes what it is asked, and answers what its members say.
struct scripted_platform {
    std::string version = "2.3.0";
    std::string credentials_url = "https://bec.example/credentials";
    /// Of POST and PUT.
    std::string credentials = sound_credentials;
    bool takes_raw_tokens_only = false;
    /// Runs while a POST or PUT is under way.
    std::function<void()> during_handshake;
    /// So many requests are answered HTTP 429 with this Retry-After.
    int busy = 0;
    std::string retry_after;
    /// `METHOD /path token`
    std::vector<std::string> requests;

    boost::asio::awaitable<result<http::response>> answer(http::request received)
    {
        const auto* header = received.headers.find("Authorization");
        const auto token = header ? auth::presented_tokens(*header).front() : "none";
        requests.push_back(received.method + ' ' + received.target + ' ' + token);
        if (busy > 0) {
            --busy;
            auto later = envelope("null", 429, 2000);
            later.headers.add("Retry-After", retry_after);
            co_return later;
        }
        if (takes_raw_tokens_only && *header != "Token " + token) {
            co_return envelope("null", 401, 2000);
        }
        if (received.target == "/versions") {
            co_return envelope(R"([{"version":")" + version +
                               R"(","url":"https://bec.example/details"}])");
        }
        if (received.target == "/details") {
            co_return envelope(
                R"({"version":")" + version +
                R"(","endpoints":[{"identifier":"credentials","role":"SENDER","url":")" +
                credentials_url +
                R"("},{"identifier":"sessions","role":"SENDER","url":"https://bec.example/s"}]})");
        }
        if (received.method != "DELETE" && during_handshake) during_handshake();
        co_return envelope(received.method == "DELETE" ? "null" : credentials);
    }
};

/// Our eMSP ES*EMP, which registers with the CPO BE*BEC.
struct asking_platform {
    std::shared_ptr<test::platform_network> network = std::make_shared<test::platform_network>();
    scripted_platform foreign;
    test::platform own;

    asking_platform() : own(network, "own.example", {ours()})
    {
        network->add("bec.example", [this](http::request received) {
            return foreign.answer(std::move(received));
        });
    }

    static own_party ours() { return own_party(party("ES", "EMP"), {party_role::emsp}); }

    result<partners::partner> register_with(std::vector<credentials_role> allowed = {})
    {
        credentials::registration_request wanted;
        wanted.name = "bec";
        wanted.versions_url = "https://bec.example/versions";
        wanted.token_a = "token-a";
        wanted.allowed_roles = std::move(allowed);
        return run_awaitable(own.application->register_partner(std::move(wanted)));
    }

    /// Another process registers the partner, or renews its registration.
    void overtake()
    {
        partners::partner_store partners(own.crud);
        partners::partner_store::change again = [](partners::partner& changed) -> result<void> {
            changed.registration = "of another process";
            changed.state = partners::partner_state::registered;
            changed.token = "theirs";
            return {};
        };
        REQUIRE(run_awaitable(partners.update_with("bec", std::move(again))).has_value());
    }

    partners::partner stored()
    {
        partners::partner_store partners(own.crud);
        return run_awaitable(partners.find("bec")).value().value().value;
    }
};

}  // namespace

TEST_CASE(
    "modules/credentials/registration: credentials that cannot be used are told by DELETE, with "
    "their own token")
{
    for (const char* unusable :
         {R"({"token":"token-c","url":"https://bec.example/versions","roles":[{"role":"CPO",)"
          R"("business_details":{"name":"B"},"country_code":"BEL","party_id":"BEC"}]})",
          R"({"token":"token-c","url":"https://bec.example/versions","roles":[]})",
          R"({"token":"token-c","url":"versions","roles":7})", R"({"token":"token-c"})"}) {
        asking_platform stage;
        stage.foreign.credentials = unusable;
        const auto registered = stage.register_with();
        REQUIRE_MESSAGE(registered.has_error(), unusable);
        CHECK(registered.error().code() == errc::partner_failure);
        CHECK_MESSAGE(stage.foreign.requests.back() == "DELETE /credentials token-c", unusable);
        CHECK(run_awaitable(stage.own.application->list_partners()).value().empty());
    }
}

TEST_CASE(
    "modules/credentials/registration: a token too long for us serves to end what the partner "
    "believes in")
{
    asking_platform stage;
    const std::string token(80, 'x');
    stage.foreign.credentials.replace(stage.foreign.credentials.find("token-c"), 7, token);
    CHECK(stage.register_with().error().code() == errc::partner_failure);
    CHECK(stage.foreign.requests.back() == "DELETE /credentials " + token);
}

TEST_CASE(
    "modules/credentials/registration: without any token in the answer there is nobody to tell")
{
    for (const char* unusable : {R"({"url":"https://bec.example/versions"})", R"({"token":7})",
                                 R"({"token":""})", R"("none")", "null"}) {
        asking_platform stage;
        stage.foreign.credentials = unusable;
        CHECK(stage.register_with().error().code() == errc::partner_failure);
        CHECK(stage.foreign.requests.back() == "POST /credentials token-a");
    }
}

TEST_CASE(
    "modules/credentials/registration: renewed credentials that cannot be used still bring the "
    "token that counts")
{
    asking_platform stage;
    REQUIRE(stage.register_with().has_value());
    stage.foreign.credentials = R"({"token":"token-c2","url":"https://bec.example/versions"})";
    const auto rotated = run_awaitable(stage.own.application->rotate_partner("bec"));
    REQUIRE(rotated.has_error());
    CHECK(rotated.error().code() == errc::partner_failure);
    const auto after = stage.stored();
    CHECK(after.is_registered());
    CHECK(after.token == "token-c2");
    CHECK(after.roles == std::vector{*parse_credentials_role("CPO:BE*BEC")});
    CHECK(after.inbound_tokens.front().standing == partners::token_standing::previous);
    CHECK(after.inbound_tokens.back().standing == partners::token_standing::current);
    CHECK(stage.foreign.requests.back() == "PUT /credentials token-c");
}

TEST_CASE(
    "modules/credentials/registration: the URL of the credentials endpoint is called as it is "
    "advertised")
{
    for (const char* path : {"/credentials/", "/credentials", "/credentials/?key=1"}) {
        asking_platform stage;
        stage.foreign.credentials_url = std::string("https://bec.example") + path;
        REQUIRE(stage.register_with().has_value());
        CHECK(stage.foreign.requests.back() == "POST " + std::string(path) + " token-a");
        REQUIRE(run_awaitable(stage.own.application->remove_partner("bec")).has_value());
        CHECK(stage.foreign.requests.back() == "DELETE " + std::string(path) + " token-c");
    }
}

TEST_CASE(
    "modules/credentials/registration: the form in which a platform takes its token outlives the "
    "handshake")
{
    asking_platform stage;
    stage.foreign.takes_raw_tokens_only = true;
    const auto registered = stage.register_with();
    REQUIRE_MESSAGE(registered.has_value(), registered.error().text());
    CHECK(registered->token_form == partners::token_form::raw);
    CHECK(stage.stored().token_form == partners::token_form::raw);
    CHECK(stage.foreign.requests.size() == 4);
    REQUIRE(run_awaitable(stage.own.application->rotate_partner("bec")).has_value());
    CHECK(stage.stored().token_form == partners::token_form::raw);
    CHECK(run_awaitable(stage.own.application->list_partners()).value().front().token_form ==
          partners::token_form::raw);
}

TEST_CASE(
    "modules/credentials/registration: a platform that comes to know raw tokens only is remembered "
    "as such")
{
    asking_platform stage;
    REQUIRE(stage.register_with().has_value());
    stage.foreign.takes_raw_tokens_only = true;
    CHECK(stage.stored().token_form == partners::token_form::base64);
    REQUIRE(run_awaitable(stage.own.application->rotate_partner("bec")).has_value());
    CHECK(stage.stored().token_form == partners::token_form::raw);
}

TEST_CASE(
    "modules/credentials/registration: a hub of 2.2.1 is registered with for the parties behind it")
{
    asking_platform stage;
    stage.foreign.version = "2.2.1";
    stage.foreign.credentials =
        R"({"token":"token-c","url":"https://bec.example/versions","roles":[{"role":"HUB",)"
        R"("business_details":{"name":"H"},"country_code":"DE","party_id":"HUB"}]})";
    const auto registered = stage.register_with(
        {*parse_credentials_role("HUB:DE*HUB"), *parse_credentials_role("CPO:BE*BEC")});
    REQUIRE_MESSAGE(registered.has_value(), registered.error().text());
    CHECK(registered->is_hub);
    CHECK(registered->parties_in_role(party_role::cpo) == std::vector{party("BE", "BEC")});
    CHECK(registered->roles == std::vector{*parse_credentials_role("HUB:DE*HUB")});
}

namespace {

/// The asking side alone, on a clock of its own: no time passes while it waits.
struct patient_platform {
    std::shared_ptr<test::platform_network> network = std::make_shared<test::platform_network>();
    scripted_platform foreign;
    std::vector<std::chrono::seconds> pauses;
    std::shared_ptr<test::scripted_crud> crud = std::make_shared<test::scripted_crud>();
    std::shared_ptr<credentials::platform> own = std::make_shared<credentials::platform>();

    patient_platform()
    {
        network->add("bec.example", [this](http::request received) {
            return foreign.answer(std::move(received));
        });
        own->partners = std::make_shared<partners::partner_store>(crud);
        partners::platform_client::pause_function wait = [this](std::chrono::seconds time) {
            return pause(time);
        };
        own->client = std::make_shared<partners::platform_client>(
            network, partners::platform_client::form_listener(), std::move(wait));
        own->time = std::make_shared<adjustable_clock>();
        own->log = std::make_shared<silent_logger>();
        own->roles.emplace_back(*parse_credentials_role("EMSP:ES*EMP"), "Ours");
        own->versions = {protocol::version::v2_3_0};
        own->versions_url = [] { return std::string("https://own.example/ocpi/versions"); };
    }

    boost::asio::awaitable<void> pause(std::chrono::seconds time)
    {
        pauses.push_back(time);
        co_return;
    }

    result<partners::partner> begin()
    {
        credentials::registration_request wanted;
        wanted.name = "bec";
        wanted.versions_url = "https://bec.example/versions";
        wanted.token_a = "token-a";
        return run_awaitable(credentials::registration(own).begin(std::move(wanted)));
    }
};

}  // namespace

TEST_CASE(
    "modules/credentials/registration: a partner that asks for a little time is given it, at every "
    "step")
{
    patient_platform stage;
    stage.foreign.retry_after = "30";
    stage.foreign.busy = 1;
    REQUIRE(stage.begin().has_value());
    CHECK(stage.pauses == std::vector{std::chrono::seconds(30)});
    stage.foreign.busy = 2;
    REQUIRE(run_awaitable(credentials::registration(stage.own).renew("bec")).has_value());
    CHECK(stage.pauses.size() == 3);
    stage.foreign.busy = 1;
    REQUIRE(run_awaitable(credentials::registration(stage.own).end("bec", false)).has_value());
    CHECK(stage.pauses.size() == 4);
}

TEST_CASE(
    "modules/credentials/registration: when a partner asks for much time the person who waits is "
    "told")
{
    patient_platform stage;
    stage.foreign.retry_after = "90";
    stage.foreign.busy = 1;
    const auto begun = stage.begin();
    REQUIRE(begun.has_error());
    CHECK(begun.error().text().find("it asks not to be called for 90 s") != std::string::npos);
    CHECK(stage.pauses.empty());
    CHECK(stage.foreign.requests.size() == 1);
}

TEST_CASE(
    "modules/credentials/registration: a starter that asks for time is answered at once, and told "
    "so")
{
    asking_platform stage;
    stage.own.add_token("bec", "token-a", {"CPO:BE*BEC"});
    stage.foreign.retry_after = "7";
    stage.foreign.busy = 1;
    auto sent = std::string(sound_credentials);
    const auto answered = stage.own.ask("token-a", "POST", "/ocpi/2.3.0/credentials", sent);
    CHECK(answered.status_code == "3001");
    CHECK(answered.message.find("it asks not to be called for 7 s") != std::string::npos);
    CHECK(stage.own.ask("token-a", "POST", "/ocpi/2.3.0/credentials", sent).status_code == "1000");
}

TEST_CASE(
    "modules/credentials/registration: when our own store fails in the end the partner is told")
{
    patient_platform stage;
    stage.crud->before_update = [](const crud::document&) -> std::optional<error> {
        return error(errc::storage, "the disk is full");
    };
    const auto begun = stage.begin();
    REQUIRE(begun.has_error());
    CHECK(begun.error().code() == errc::storage);
    CHECK(stage.foreign.requests.back() == "DELETE /credentials token-c");
}

TEST_CASE(
    "modules/credentials/registration: what another process has registered meanwhile is left as it "
    "is")
{
    asking_platform stage;
    stage.foreign.during_handshake = [&] { stage.overtake(); };
    SUBCASE("during a registration")
    {
        CHECK(stage.register_with().error().code() == errc::overloaded);
        CHECK(stage.foreign.requests.back() == "DELETE /credentials token-c");
    }
    SUBCASE("during a renewal")
    {
        stage.foreign.during_handshake = {};
        REQUIRE(stage.register_with().has_value());
        stage.foreign.during_handshake = [&] { stage.overtake(); };
        const auto renewed = run_awaitable(stage.own.application->rotate_partner("bec"));
        CHECK(renewed.error().code() == errc::overloaded);
    }
    CHECK(stage.stored().registration == "of another process");
    CHECK(stage.stored().token == "theirs");
}

}  // namespace registration_test
