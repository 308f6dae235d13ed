#include "auth/token_authenticator.hpp"

#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_crud.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>

namespace token_authenticator_test {

using namespace ocpi;
using namespace std::chrono_literals;
using test::run_awaitable;

namespace {

auth::principal named(std::string name)
{
    auth::principal identity;
    identity.name = std::move(name);
    return identity;
}

struct fixture {
    std::shared_ptr<test::scripted_crud> crud = std::make_shared<test::scripted_crud>();
    auth::token_store tokens{crud};
    auth::token_authenticator authenticator;

    explicit fixture(
        std::chrono::milliseconds freshness = 0ms,
        const std::vector<auth::token_authenticator::configured_token>& configured = {})
        : authenticator(tokens, configured, freshness)
    {
        REQUIRE(run_awaitable(tokens.add(named("stored"), "example-token")).has_value());
    }

    /// The name of whom the header identifies; empty for nobody.
    std::string who(std::string authorization)
    {
        const auto identity = run_awaitable(authenticator.authenticate(std::move(authorization)));
        REQUIRE(identity.has_value());
        return *identity ? (*identity)->name : "";
    }
};

}  // namespace

TEST_CASE("auth/token_authenticator: a token comes raw, in Base64, or with the encoded line end")
{
    fixture known;
    for (const char* authorization :
         {"Token example-token", "Token ZXhhbXBsZS10b2tlbg==", "Token ZXhhbXBsZS10b2tlbgo=",
          "Token ZXhhbXBsZS10b2tlbg0K", "token example-token", "TOKEN   example-token  "}) {
        CAPTURE(authorization);
        CHECK(known.who(authorization) == "stored");
    }
}

TEST_CASE("auth/token_authenticator: anything else identifies nobody")
{
    fixture known;
    for (const char* authorization :
         {"", "Token", "Token ", "Token    ", "Tokenexample-token", "Bearer example-token",
          "example-token", "Token EXAMPLE-TOKEN", "Token example-toke", "Token example-token x",
          "Token example-token,", "Basic ZXhhbXBsZS10b2tlbg==", "Token ====", "Token AA=="}) {
        CAPTURE(authorization);
        CHECK(known.who(authorization).empty());
    }
}

TEST_CASE("auth/token_authenticator: a token that looks like Base64 itself is found all the same")
{
    fixture known;
    REQUIRE(run_awaitable(known.tokens.add(named("hex"), "abcdef0123456789")).has_value());
    CHECK(known.who("Token abcdef0123456789") == "hex");
}

TEST_CASE("auth/token_authenticator: configured tokens count like stored ones, without the store")
{
    std::vector<auth::token_authenticator::configured_token> configured;
    configured.emplace_back(named("configured"), "your-token");
    fixture known(0ms, configured);
    known.crud->before_get = [](std::string_view) -> std::optional<error> {
        return error(errc::storage, "unwell");
    };
    CHECK(known.who("Token your-token") == "configured");
    known.crud->before_get = nullptr;
    CHECK(known.who("Token eW91ci10b2tlbg==") == "configured");
    CHECK(known.who("Token example-token") == "stored");
    CHECK(known.who("Token your-tokens").empty());
}

TEST_CASE("auth/token_authenticator: within the freshness period the store is asked once")
{
    fixture known(1h);
    const auto before = known.crud->gets;
    for (int i = 0; i < 5; ++i) CHECK(known.who("Token example-token") == "stored");
    CHECK(known.crud->gets == before + 1);
}

TEST_CASE("auth/token_authenticator: a revoked token stops counting when the period is over")
{
    fixture stale(1h);
    CHECK(stale.who("Token example-token") == "stored");
    REQUIRE(run_awaitable(stale.tokens.revoke("stored")).has_value());
    CHECK(stale.who("Token example-token") == "stored");

    fixture fresh(0ms);
    CHECK(fresh.who("Token example-token") == "stored");
    REQUIRE(run_awaitable(fresh.tokens.revoke("stored")).has_value());
    CHECK(fresh.who("Token example-token").empty());
}

TEST_CASE("auth/token_authenticator: who was unknown counts as soon as the token is added")
{
    fixture known(1h);
    CHECK(known.who("Token late-token").empty());
    REQUIRE(run_awaitable(known.tokens.add(named("late"), "late-token")).has_value());
    CHECK(known.who("Token late-token") == "late");
}

TEST_CASE("auth/token_authenticator: a store that cannot answer is an error, not a stranger")
{
    fixture known;
    known.crud->before_get = [](std::string_view) -> std::optional<error> {
        return error(errc::storage, "unwell");
    };
    for (const char* authorization : {"Token example-token", "Token ZXhhbXBsZS10b2tlbg=="}) {
        const auto outcome = run_awaitable(known.authenticator.authenticate(authorization));
        REQUIRE(outcome.has_error());
        CHECK(outcome.error().code() == errc::storage);
    }
}

}  // namespace token_authenticator_test
