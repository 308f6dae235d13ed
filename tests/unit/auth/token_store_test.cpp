#include "auth/token_store.hpp"

#include "auth/hashing.hpp"
#include "tests/support/forwarding_crud.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_crud.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <functional>
#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace token_store_test {

using namespace ocpi;
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

    result<void> add(auth::principal identity, std::string token)
    {
        return run_awaitable(tokens.add(std::move(identity), std::move(token)));
    }
    std::shared_ptr<const auth::principal> find(std::string_view token)
    {
        return *run_awaitable(tokens.find(auth::hash_token(token)));
    }
};

/// Another process writes when a token has just been removed, and its name has not.
class overtaking_crud final : public test::forwarding_crud {
public:
    using forwarding_crud::forwarding_crud;
    std::function<void()> after_token;

private:
    void after_write(std::string_view module) override
    {
        if (module != "access_tokens" || !after_token) return;
        const auto run = std::exchange(after_token, {});
        run();
    }
};

}  // namespace

TEST_CASE("auth/token_store: what is known of an identity comes back whole")
{
    fixture store;
    auth::principal partner = named("Párt \"ner\"");
    partner.roles = {credentials_role(party_role::cpo, party("ES", "aBc")),
                     credentials_role(party_role::emsp, party("DE", "E\"P"))};
    partner.profile = auth::profile::tolerant;
    partner.token_kind = auth::token_kind::registration;
    auth::principal driver = named("driver");
    driver.kind = auth::caller_kind::driver;
    driver.contracts = {ci_string("DE-EMP-C1"), ci_string("x")};
    auth::principal person = named("person");
    person.kind = auth::caller_kind::platform_operator;
    REQUIRE(store.add(partner, "token-1").has_value());
    REQUIRE(store.add(driver, "token-2").has_value());
    REQUIRE(store.add(person, "token-3").has_value());

    const auto found = store.find("token-1");
    REQUIRE(found);
    CHECK(found->name == partner.name);
    CHECK(found->roles == partner.roles);
    CHECK(found->roles[0].party.party_id.str() == "aBc");
    CHECK(found->profile == auth::profile::tolerant);
    CHECK(found->token_kind == auth::token_kind::registration);
    CHECK(store.find("token-2")->contracts == driver.contracts);
    CHECK(store.find("token-2")->kind == auth::caller_kind::driver);
    CHECK(store.find("token-3")->kind == auth::caller_kind::platform_operator);
    CHECK(store.find("token-3")->token_kind == auth::token_kind::credentials);
    CHECK(store.find("token-4") == nullptr);
    CHECK(store.find("") == nullptr);
}

TEST_CASE("auth/token_store: no stored document holds a token, nor its Base64")
{
    fixture store;
    const std::string token = "a-secret-of-some-length";
    std::string written;
    store.crud->before_create = [&written](const crud::document& document) {
        written += document.key.id.str() + ' ' + document.json + '\n';
        return std::optional<error>();
    };
    REQUIRE(store.add(named("n"), token).has_value());
    CHECK(written.find(token) == std::string::npos);
    CHECK(written.find("YS1zZWNyZXQ") == std::string::npos);
    CHECK(written.find(auth::hash_token(token)) != std::string::npos);
}

TEST_CASE("auth/token_store: identities are listed in the order in which they were added")
{
    fixture store;
    CHECK(run_awaitable(store.tokens.list())->empty());
    std::vector<std::string> expected;
    for (int i = 0; i < 2100; ++i) {  // more than two pages
        const auto number = std::to_string(i);
        expected.push_back("name" + number);
        REQUIRE(store.add(named(expected.back()), "token" + number).has_value());
    }
    const auto listed = *run_awaitable(store.tokens.list());
    std::vector<std::string> names;
    for (const auto& identity : listed) names.push_back(identity.name);
    CHECK(names == expected);
}

TEST_CASE("auth/token_store: a name is unique, whatever its case")
{
    fixture store;
    REQUIRE(store.add(named("Partner"), "token-1").has_value());
    const auto again = store.add(named("pARTNER"), "token-2");
    REQUIRE(again.has_error());
    CHECK(again.error().code() == errc::already_exists);
    CHECK(store.find("token-2") == nullptr);
    CHECK(store.find("token-1"));
}

TEST_CASE("auth/token_store: a token is unique too, and a refused one leaves its name free")
{
    fixture store;
    REQUIRE(store.add(named("first"), "token").has_value());
    CHECK(store.add(named("second"), "token").error().code() == errc::already_exists);
    CHECK(store.add(named("second"), "another").has_value());
    CHECK(store.find("token")->name == "first");
}

TEST_CASE("auth/token_store: of two who take a name at once, one gets it")
{
    fixture store;
    boost::asio::thread_pool threads(4);
    std::vector<std::future<result<void>>> outcomes;
    constexpr int rivals = 16;
    auto plain = std::make_shared<crud::memory_crud>();
    auth::token_store tokens(plain);
    for (int i = 0; i < rivals; ++i) {
        outcomes.push_back(
            boost::asio::co_spawn(threads, tokens.add(named("name"), "token-" + std::to_string(i)),
                                  boost::asio::use_future));
    }
    int winners = 0;
    for (auto& outcome : outcomes) winners += outcome.get().has_value() ? 1 : 0;
    CHECK(winners == 1);
    CHECK(run_awaitable(tokens.list())->size() == 1);
}

TEST_CASE("auth/token_store: a token is 1 to 64 characters that a header can carry")
{
    fixture store;
    for (const std::string& token : {std::string(), std::string(65, 'x'), std::string("a b"),
                                     std::string("a\n"), std::string("é"), std::string("\x7f")}) {
        CAPTURE(token);
        CHECK(store.add(named("n"), token).error().code() == errc::invalid);
    }
    CHECK(store.crud->creates == 0);
    CHECK(store.add(named("n"), std::string(64, '~')).has_value());
}

TEST_CASE("auth/token_store: a revoked token counts for nothing and its name is free again")
{
    fixture store;
    REQUIRE(store.add(named("Name"), "token-1").has_value());
    CHECK(run_awaitable(store.tokens.revoke("other")).error().code() == errc::not_found);
    CHECK(run_awaitable(store.tokens.revoke("nAME")).has_value());
    CHECK(store.find("token-1") == nullptr);
    CHECK(run_awaitable(store.tokens.list())->empty());
    CHECK(run_awaitable(store.tokens.revoke("Name")).error().code() == errc::not_found);
    CHECK(store.add(named("name"), "token-1").has_value());
}

TEST_CASE("auth/token_store: an addition that was cut short can be revoked and made again")
{
    fixture store;
    store.crud->before_create = [&store](const crud::document&) {
        return store.crud->creates == 2 ? std::optional<error>(error(errc::storage, "unwell"))
                                        : std::nullopt;
    };
    CHECK(store.add(named("n"), "token").error().code() == errc::storage);
    CHECK(store.find("token") == nullptr);
    CHECK(store.add(named("n"), "token").has_value());
}

TEST_CASE("auth/token_store: a damaged record is the store's failure, never an identity")
{
    fixture store;
    const auto hash = auth::hash_token("token");
    for (const char* json :
         {"", "{}", "[]", R"({"kind":"king"})", R"({"kind":"partner","roles":["BOSS:ES*ABC"]})",
          R"({"kind":"partner","roles":[7]})"}) {
        CAPTURE(json);
        auto crud = std::make_shared<crud::memory_crud>();
        auth::token_store tokens(crud);
        crud::document document(crud::object_key(hash), json, date_time(), {});
        REQUIRE(run_awaitable(crud->create("access_tokens", crud::interface_side::sender, document))
                    .has_value());
        const auto found = run_awaitable(tokens.find(hash));
        REQUIRE(found.has_error());
        CHECK(found.error().code() == errc::storage);
        CHECK(run_awaitable(tokens.list()).error().code() == errc::storage);
    }
}

TEST_CASE("auth/token_store: a name that another process gives again meanwhile is not taken away")
{
    const auto crud = std::make_shared<crud::memory_crud>();
    const auto overtaken = std::make_shared<overtaking_crud>(crud);
    auth::token_store here(overtaken);
    auth::token_store elsewhere(crud);
    REQUIRE(run_awaitable(elsewhere.add(named("name"), "first")).has_value());
    overtaken->after_token = [&] {
        REQUIRE(run_awaitable(elsewhere.revoke("name")).has_value());
        REQUIRE(run_awaitable(elsewhere.add(named("name"), "second")).has_value());
    };
    CHECK(run_awaitable(here.revoke("name")).has_value());
    CHECK(*run_awaitable(here.find(auth::hash_token("second"))));
    // It has its name still, by which it can be revoked.
    CHECK(run_awaitable(here.revoke("name")).has_value());
    CHECK_FALSE(*run_awaitable(here.find(auth::hash_token("second"))));
}

}  // namespace token_store_test
