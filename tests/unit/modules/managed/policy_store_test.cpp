#include "modules/managed/policy_store.hpp"

#include "tests/support/managed_text.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_crud.hpp"
#include "tests/support/shared_crud.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

namespace policy_store_test {

using namespace ocpi;
using namespace ocpi::sessions;
using namespace ocpi::managed;
using namespace ocpi::managed_test;
using test::run_awaitable;

namespace {

struct fixture {
    std::shared_ptr<test::scripted_crud> crud = std::make_shared<test::scripted_crud>();
    policy_store policies{crud};

    stored_policy store(policy rule)
    {
        stored_policy created;
        created.rule = std::move(rule);
        REQUIRE(run_awaitable(policies.save(created)).has_value());
        return created;
    }
    std::vector<std::string> ids(contract_scope contracts = {})
    {
        return run_awaitable(policies.ids(std::move(contracts))).value();
    }
    std::string matching(std::initializer_list<member> changes)
    {
        return run_awaitable(policies.matching(seen(changes).fields)).value().value_or("none");
    }
};

policy of(const std::string& id, std::vector<ci_string> contracts)
{
    auto rule = policy_for(id);
    rule.contract_ids = std::move(contracts);
    return rule;
}

}  // namespace

TEST_CASE("modules/managed/policy_store: a policy is found again with what goes on under it")
{
    fixture store;
    auto created = store.store(policy_for());
    CHECK(created.revision);
    begin_override(created.upcoming, immediate_start("80"), moment("10:00"));
    created.current.emplace("ES", "abc", "S \"1\"");
    REQUIRE(run_awaitable(store.policies.save(created)).has_value());
    const auto found = run_awaitable(store.policies.find("p1"));
    REQUIRE(found.has_value());
    CHECK(found->rule.id == "P1");
    CHECK(found->upcoming == created.upcoming);
    REQUIRE(found->current);
    CHECK(found->current->party_id.str() == "abc");
    CHECK(found->current->id.str() == "S \"1\"");
    CHECK(found->revision == created.revision);
}

TEST_CASE("modules/managed/policy_store: what is not there is not found")
{
    fixture store;
    CHECK(run_awaitable(store.policies.find("P1")).error().code() == errc::not_found);
    CHECK(run_awaitable(store.policies.remove("P1")).error().code() == errc::not_found);
    store.store(policy_for());
    CHECK(run_awaitable(store.policies.remove("P1")).has_value());
    CHECK(run_awaitable(store.policies.find("P1")).error().code() == errc::not_found);
    CHECK(store.ids().empty());
}

TEST_CASE("modules/managed/policy_store: who was slower is told")
{
    fixture store;
    auto first = store.store(policy_for());
    auto second = first;
    REQUIRE(run_awaitable(store.policies.save(first)).has_value());
    CHECK(run_awaitable(store.policies.save(second)).error().code() == errc::conflict);
    stored_policy again;
    again.rule = policy_for();
    CHECK(run_awaitable(store.policies.save(again)).error().code() == errc::already_exists);
}

TEST_CASE(
    "modules/managed/policy_store: policies are listed as they were created, all or of contracts")
{
    fixture store;
    store.store(of("B", {ci_string("C1"), ci_string("C2")}));
    auto changing = store.store(of("A", {ci_string("C2")}));
    store.store(of("C", {ci_string("C3")}));
    changing.rule.battery_reserve = number("30");
    REQUIRE(run_awaitable(store.policies.save(changing)).has_value());
    CHECK(store.ids() == std::vector<std::string>{"B", "A", "C"});
    CHECK(store.ids({{ci_string("c2"), ci_string("C1")}}) == std::vector<std::string>{"B", "A"});
    CHECK(store.ids({{ci_string("C9")}}).empty());
    CHECK(store.ids(std::vector<ci_string>()).empty());
}

TEST_CASE(
    "modules/managed/policy_store: a contract that a policy has given up is not its own any more")
{
    fixture store;
    auto changing = store.store(of("A", {ci_string("C1")}));
    changing.rule.contract_ids = {ci_string("C2")};
    REQUIRE(run_awaitable(store.policies.save(changing)).has_value());
    CHECK(store.ids({{ci_string("C1")}}).empty());
    CHECK(store.ids({{ci_string("C2")}}) == std::vector<std::string>{"A"});
}

TEST_CASE(
    "modules/managed/policy_store: a session is managed by the oldest policy of contract and place")
{
    fixture store;
    CHECK(store.matching({}) == "none");
    auto elsewhere = policy_for("elsewhere");
    elsewhere.location.location_id = ci_string("L2");
    store.store(elsewhere);
    auto at_evse = policy_for("evse");
    at_evse.location.evse_uid = ci_string("E2");
    store.store(at_evse);
    store.store(policy_for("oldest"));
    store.store(policy_for("younger"));
    CHECK(store.matching({}) == "oldest");
    CHECK(store.matching({{"location_id", R"("l2")"}}) == "elsewhere");
    CHECK(store.matching({{"evse_uid", R"("e2")"}}) == "evse");
    CHECK(store.matching({{"location_id", R"("L3")"}}) == "none");
    CHECK(store.matching({{"party_id", R"("XYZ")"}}) == "none");
    CHECK(store.matching({{"cdr_token", ""}}) == "none");
}

TEST_CASE("modules/managed/policy_store: the policies of a contract are known without waiting")
{
    fixture store;
    const auto known = [&](const char* contract) {
        return store.policies.known_ids(ci_string(contract));
    };
    CHECK(known("C1").empty());
    store.store(of("A", {ci_string("C-1")}));
    store.store(of("B", {ci_string("C1"), ci_string("C2")}));
    CHECK(known("c1") == std::vector<std::string>{"A", "B"});
    CHECK(known("C2") == std::vector<std::string>{"B"});
    CHECK(known("C3").empty());
    REQUIRE(run_awaitable(store.policies.remove("A")).has_value());
    CHECK(known("C1") == std::vector<std::string>{"B"});

    // What another process has written is known after a refresh.
    policy_store elsewhere(store.crud);
    CHECK(elsewhere.known_ids(ci_string("C1")).empty());
    REQUIRE(run_awaitable(elsewhere.refresh()).has_value());
    CHECK(elsewhere.known_ids(ci_string("C1")) == std::vector<std::string>{"B"});
}

TEST_CASE("modules/managed/policy_store: a store that begins again knows what was there")
{
    fixture store;
    store.store(of("B", {ci_string("C1")}));
    store.store(of("A", {ci_string("C1")}));
    policy_store restarted(store.crud);
    CHECK(run_awaitable(restarted.ids({})).value() == std::vector<std::string>{"B", "A"});
    CHECK(
        run_awaitable(restarted.matching(
                          seen({{"cdr_token", R"({"country_code":"DE","party_id":"EMP","uid":"U1",)"
                                              R"("type":"RFID","contract_id":"C1"})"}})
                              .fields))
            .value() == "B");
}

TEST_CASE(
    "modules/managed/policy_store: a damaged record is an error of the store, and hides no other")
{
    fixture store;
    crud::document odd(crud::object_key("X"), R"({"policy":{}})", date_time(), {});
    constexpr auto side = crud::interface_side::sender;
    REQUIRE(run_awaitable(store.crud->create("policies", side, std::move(odd))).has_value());
    CHECK(run_awaitable(store.policies.find("X")).error().code() == errc::storage);
    policy_store restarted(store.crud);
    store.store(policy_for());
    CHECK(run_awaitable(restarted.ids({})).value() == std::vector<std::string>{"P1"});
}

TEST_CASE("modules/managed/policy_store: on a shared store the policies are those of this moment")
{
    const auto crud = std::make_shared<test::shared_crud>();
    policy_store here(crud);
    policy_store elsewhere(crud);
    const auto ids = [&] { return run_awaitable(here.ids({})).value(); };
    const auto matching = [&] {
        const auto fields =
            seen({{"cdr_token", R"({"country_code":"DE","party_id":"EMP","uid":"U1",)"
                                R"("type":"RFID","contract_id":"C1"})"}})
                .fields;
        return run_awaitable(here.matching(fields)).value().value_or("none");
    };
    CHECK(ids().empty());
    CHECK(matching() == "none");
    stored_policy older;
    older.rule = of("A", {ci_string("C1")});
    REQUIRE(run_awaitable(elsewhere.save(older)).has_value());
    CHECK(matching() == "A");
    stored_policy newer;
    newer.rule = of("B", {ci_string("C1")});
    REQUIRE(run_awaitable(elsewhere.save(newer)).has_value());
    CHECK(ids() == std::vector<std::string>{"A", "B"});
    CHECK(matching() == "A");
    REQUIRE(run_awaitable(elsewhere.remove("A")).has_value());
    CHECK(matching() == "B");
    REQUIRE(run_awaitable(elsewhere.remove("B")).has_value());
    CHECK(matching() == "none");
}

}  // namespace policy_store_test
