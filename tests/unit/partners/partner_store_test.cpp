#include "partners/partner_store.hpp"

#include "crud/memory/memory_crud.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_crud.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

namespace partner_store_test {

using namespace ocpi;
using partners::inbound_token;
using partners::interface_role;
using partners::partner;
using partners::partner_state;
using partners::partner_store;
using partners::token_standing;
using test::run_awaitable;

namespace {

partner sample()
{
    partner of;
    of.name = "BeCharged";
    of.state = partner_state::registered;
    of.registration = "r-1";
    of.is_trusted = true;
    of.profile = auth::profile::tolerant;
    of.closing_put = true;
    of.version = protocol::version::v2_2_1;
    of.versions_url = "https://bec.example/versions";
    of.token = "to\"ken";
    of.token_form = partners::token_form::raw;
    of.is_hub = true;
    of.hub = party("DE", "HUB");
    of.roles = {*parse_credentials_role("CPO:BE*BEC"), *parse_credentials_role("EMSP:BE*BE2")};
    of.allowed_roles = {*parse_credentials_role("CPO:BE*BEC")};
    of.endpoints.emplace_back("sessions", interface_role::sender, "https://bec.example/s");
    of.endpoints.emplace_back("sessions", interface_role::receiver, "https://bec.example/r");
    of.inbound_tokens.emplace_back("aa", token_standing::current);
    of.inbound_tokens.emplace_back("bb", token_standing::previous,
                                   parse_date_time("2026-06-01T12:00:00.500Z")->value);
    of.inbound_tokens.emplace_back("cc", token_standing::pending);
    return of;
}

}  // namespace

TEST_CASE("partners/partner_store: what is written can be read, to the last field")
{
    const auto read = partners::read_partner(write_partner(sample()));
    REQUIRE(read.has_value());
    CHECK(write_partner(*read) == write_partner(sample()));
    CHECK(read->inbound_tokens[1].valid_until == sample().inbound_tokens[1].valid_until);
    CHECK(read->token_form == partners::token_form::raw);
    CHECK(read->is_hub);
    CHECK(read->hub == party("DE", "HUB"));
    CHECK(*read->find_endpoint("sessions", interface_role::receiver) == "https://bec.example/r");
    CHECK(read->find_endpoint("tariffs", interface_role::receiver) == nullptr);
    CHECK(read->parties_in_role(party_role::cpo) == std::vector{party("BE", "BEC")});
}

TEST_CASE(
    "partners/partner_store: a record of a version that knew no hubs and no raw tokens is read")
{
    auto text = write_partner(sample());
    for (const std::string later :
         {R"("token_form":"raw",)", R"(,"is_hub":true)", R"(,"hub":"DE*HUB")"}) {
        const auto at = text.find(later);
        REQUIRE(at != std::string::npos);
        text.erase(at, later.size());
    }
    const auto read = partners::read_partner(text);
    REQUIRE(read.has_value());
    CHECK(read->token_form == partners::token_form::base64);
    CHECK_FALSE(read->is_hub);
    CHECK_FALSE(read->hub.has_value());
}

TEST_CASE(
    "partners/partner_store: a hub of version 2.2.1 stands for what it may claim, others do not")
{
    partner of;
    of.roles = {*parse_credentials_role("HUB:DE*HUB")};
    of.allowed_roles = {*parse_credentials_role("HUB:DE*HUB"),
                        *parse_credentials_role("CPO:BE*BEC"),
                        *parse_credentials_role("EMSP:NL*TNM")};
    CHECK(roles_behind(of).empty());
    CHECK(represented_roles(of) == of.roles);
    CHECK(of.parties_in_role(party_role::cpo).empty());
    of.is_hub = true;
    CHECK(roles_behind(of) == std::vector{of.allowed_roles[1], of.allowed_roles[2]});
    CHECK(represented_roles(of) == of.allowed_roles);
    CHECK(of.parties_in_role(party_role::cpo) == std::vector{party("BE", "BEC")});
    CHECK(of.parties_in_role(party_role::emsp) == std::vector{party("NL", "TNM")});
}

TEST_CASE("partners/partner_store: a damaged record is told as such")
{
    for (const char* text : {"", "[]", "{}", R"({"name":"x","state":"registered"})"}) {
        const auto read = partners::read_partner(text);
        REQUIRE(read.has_error());
        CHECK(read.error().code() == errc::storage);
    }
}

TEST_CASE("partners/partner_store: nothing of an unregistered partner opens anything")
{
    const auto left = partners::unregistered(sample());
    CHECK_FALSE(left.is_registered());
    CHECK(left.token.empty());
    CHECK(left.inbound_tokens.empty());
    CHECK(left.name == "BeCharged");
}

TEST_CASE("partners/partner_store: a partner is found by its name in any case, and by a role")
{
    partner_store store(std::make_shared<crud::memory_crud>());
    CHECK(!run_awaitable(store.find("becharged")).value());
    REQUIRE(run_awaitable(store.save(sample(), {})).has_value());
    CHECK(run_awaitable(store.find("BECHARGED")).value()->value.token == "to\"ken");
    CHECK(run_awaitable(store.find_by_role(*parse_credentials_role("CPO:be*bec"))).value());
    CHECK(!run_awaitable(store.find_by_role(*parse_credentials_role("EMSP:BE*BEC"))).value());
    const auto twice = run_awaitable(store.save(sample(), {}));
    REQUIRE(twice.has_error());
    CHECK(twice.error().code() == errc::already_exists);
}

TEST_CASE("partners/partner_store: who is unregistered is not found by its role")
{
    partner_store store(std::make_shared<crud::memory_crud>());
    auto over = sample();
    over.state = partner_state::unregistered;
    REQUIRE(run_awaitable(store.save(over, {})).has_value());
    CHECK(!run_awaitable(store.find_by_role(*parse_credentials_role("CPO:BE*BEC"))).value());
}

TEST_CASE("partners/partner_store: a change is made again upon what another has written")
{
    const auto crud = std::make_shared<test::scripted_crud>();
    partner_store store(crud);
    REQUIRE(run_awaitable(store.save(sample(), {})).has_value());
    int others = 3;
    crud->before_update = [&](const crud::document&) -> std::optional<error> {
        if (others-- > 0) return error(errc::conflict, "another was quicker");
        return {};
    };
    int made = 0;
    partner_store::change change = [&](partner& of) -> result<void> {
        ++made;
        of.token += "!";
        return {};
    };
    const auto amended = run_awaitable(store.update_with("becharged", change));
    REQUIRE(amended.has_value());
    CHECK(amended->token == "to\"ken!");
    CHECK(made == 4);

    partner_store::change refusal = [](partner&) -> result<void> {
        return error(errc::invalid, "no");
    };
    CHECK(run_awaitable(store.update_with("becharged", refusal)).error().code() == errc::invalid);
    CHECK(run_awaitable(store.update_with("nobody", change)).error().code() == errc::not_found);
}

TEST_CASE("partners/partner_store: a bound token leads to its partner once there is a record")
{
    partner_store store(std::make_shared<crud::memory_crud>());
    CHECK(!run_awaitable(store.find_bound("aa")).value());
    REQUIRE(run_awaitable(store.bind_token("aa", "BeCharged")).has_value());
    REQUIRE(run_awaitable(store.bind_token("aa", "BeCharged")).has_value());
    CHECK(!run_awaitable(store.find_bound("aa")).value());
    const auto before = store.changes();
    REQUIRE(run_awaitable(store.save(sample(), {})).has_value());
    CHECK(store.changes() > before);
    CHECK(run_awaitable(store.find_bound("aa")).value()->value.name == "BeCharged");
}

TEST_CASE("partners/partner_store: the form of a token is kept for that token alone, and once")
{
    partner_store store(std::make_shared<crud::memory_crud>());
    auto of = sample();
    of.token_form = partners::token_form::base64;
    REQUIRE(run_awaitable(store.save(of, {})).has_value());
    const auto keep = [&](const std::string& token) {
        const auto kept =
            run_awaitable(store.keep_token_form("BeCharged", token, partners::token_form::raw));
        return kept.has_error() ? to_string(kept.error().code()) : "kept";
    };
    CHECK(keep("another") == to_string(errc::not_found));
    CHECK(keep(of.token) == "kept");
    CHECK(run_awaitable(store.find("becharged")).value()->value.token_form ==
          partners::token_form::raw);
    CHECK(keep(of.token) == to_string(errc::already_exists));
}

}  // namespace partner_store_test
