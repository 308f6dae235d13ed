#include "modules/driver_plans/driver_plan_store.hpp"

#include "modules/driver_plans/driver_plan_codec.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_crud.hpp"
#include "tests/unit/modules/pricing/plan_samples.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <string>
#include <vector>

namespace driver_plan_store_test {

using namespace ocpi;
using namespace ocpi::driver_plans;
using test::run_awaitable;

namespace {

driver_plan plan_of(const std::string& id, const std::vector<std::string>& contracts)
{
    auto plan = test::make_plan({"100 0.1", "- 0.2"});
    plan.id = id;
    for (const auto& contract : contracts) plan.contract_ids.emplace_back(contract);
    return plan;
}

/// Of the contract; `-` when it has none.
std::string plan_id_of(driver_plan_store& store, const std::string& contract)
{
    const auto found = run_awaitable(store.find_by_contract(ci_string(contract)));
    REQUIRE(found.has_value());
    return *found ? (*found)->plan.id : "-";
}

constexpr auto long_time = std::chrono::hours(1);

}  // namespace

TEST_CASE("modules/driver_plans/driver_plan_store: a plan is created, found, replaced and removed")
{
    driver_plan_store store(std::make_shared<crud::memory_crud>());
    CHECK(run_awaitable(store.find("home")).value() == nullptr);
    const auto created = run_awaitable(store.put(plan_of("Home", {"C1"})));
    REQUIRE(created.has_value());
    CHECK(created->created);
    const auto found = run_awaitable(store.find("home")).value();
    REQUIRE(found);
    CHECK(write_driver_plan(found->plan) == write_driver_plan(plan_of("Home", {"C1"})));
    CHECK(found->revision == created->stored->revision);

    const auto replaced = run_awaitable(store.put(plan_of("HOME", {"C2"})));
    REQUIRE(replaced.has_value());
    CHECK_FALSE(replaced->created);
    CHECK(replaced->stored->plan.id == "Home");
    CHECK(replaced->stored->revision > created->stored->revision);
    CHECK(run_awaitable(store.list()).value().size() == 1);

    CHECK(run_awaitable(store.remove("hoMe")).has_value());
    CHECK(run_awaitable(store.remove("home")).error().code() == errc::not_found);
    CHECK(run_awaitable(store.find("home")).value() == nullptr);
    CHECK(run_awaitable(store.list()).value().empty());
}

TEST_CASE(
    "modules/driver_plans/driver_plan_store: the plan of a contract is told at once after a write")
{
    driver_plan_store store(std::make_shared<crud::memory_crud>(), long_time);
    CHECK(plan_id_of(store, "c1") == "-");
    REQUIRE(run_awaitable(store.put(plan_of("a", {"C1", "C2"}))).has_value());
    CHECK(plan_id_of(store, "c1") == "a");
    REQUIRE(run_awaitable(store.put(plan_of("a", {"C2"}))).has_value());
    CHECK(plan_id_of(store, "c1") == "-");
    CHECK(plan_id_of(store, "C2") == "a");
    REQUIRE(run_awaitable(store.remove("a")).has_value());
    CHECK(plan_id_of(store, "C2") == "-");
}

TEST_CASE(
    "modules/driver_plans/driver_plan_store: what others write is seen when the memory is old")
{
    const auto crud = std::make_shared<crud::memory_crud>();
    driver_plan_store other(crud);
    driver_plan_store at_once(crud, std::chrono::milliseconds(0));
    driver_plan_store later(crud, long_time);
    CHECK(plan_id_of(at_once, "C1") == "-");
    CHECK(plan_id_of(later, "C1") == "-");
    REQUIRE(run_awaitable(other.put(plan_of("a", {"C1"}))).has_value());
    CHECK(plan_id_of(at_once, "C1") == "a");
    CHECK(plan_id_of(later, "C1") == "-");
}

TEST_CASE(
    "modules/driver_plans/driver_plan_store: a contract is in one plan, and the other is named")
{
    driver_plan_store store(std::make_shared<crud::memory_crud>());
    REQUIRE(run_awaitable(store.put(plan_of("first", {"C1", "C2"}))).has_value());
    const auto refused = run_awaitable(store.put(plan_of("second", {"C3", "c2"})));
    REQUIRE(refused.has_error());
    CHECK(refused.error().code() == errc::already_exists);
    CHECK(refused.error().pointer() == "/contractIds/1");
    CHECK(refused.error().text() == "/contractIds/1 c2 is in the plan first already");
    CHECK(plan_id_of(store, "C3") == "-");
    REQUIRE(run_awaitable(store.put(plan_of("first", {"C1"}))).has_value());
    CHECK(run_awaitable(store.put(plan_of("second", {"C3", "c2"}))).has_value());
}

TEST_CASE("modules/driver_plans/driver_plan_store: of many who want a contract at once one gets it")
{
    driver_plan_store store(std::make_shared<crud::memory_crud>());
    boost::asio::thread_pool threads(4);
    std::vector<std::future<result<driver_plan_store::outcome>>> writes;
    for (int i = 0; i < 20; ++i) {
        auto plan = plan_of("plan" + std::to_string(i), {"C1"});
        writes.push_back(
            boost::asio::co_spawn(threads, store.put(std::move(plan)), boost::asio::use_future));
    }
    int created = 0;
    for (auto& each : writes) {
        if (each.get().has_value()) ++created;
    }
    threads.join();
    CHECK(created == 1);
    CHECK(run_awaitable(store.list()).value().size() == 1);
}

TEST_CASE(
    "modules/driver_plans/driver_plan_store: a write that another process overtakes is made again")
{
    const auto crud = std::make_shared<test::scripted_crud>();
    driver_plan_store store(crud);
    driver_plan_store other(std::shared_ptr<Crud>(crud, &crud->behind()));
    REQUIRE(run_awaitable(store.put(plan_of("a", {"C1"}))).has_value());
    bool overtake = true;
    crud->before_update = [&](const crud::document&) -> std::optional<error> {
        if (!overtake) return {};
        overtake = false;
        REQUIRE(run_awaitable(other.put(plan_of("a", {"C2"}))).has_value());
        return {};
    };
    REQUIRE(run_awaitable(store.put(plan_of("a", {"C3"}))).has_value());
    CHECK(crud->updates == 2);
    CHECK(plan_id_of(store, "C3") == "a");
    CHECK(plan_id_of(store, "C2") == "-");
}

TEST_CASE(
    "modules/driver_plans/driver_plan_store: a store that fails is told, and nothing is remembered")
{
    const auto crud = std::make_shared<test::scripted_crud>();
    driver_plan_store store(crud, long_time);
    CHECK(plan_id_of(store, "C1") == "-");
    crud->before_create = [&](const crud::document& document) -> std::optional<error> {
        (void)run_awaitable(crud->behind().create("plans", crud::interface_side::sender, document));
        return error(errc::storage, "unwell");
    };
    // The answer was lost, the write was not.
    CHECK(run_awaitable(store.put(plan_of("a", {"C1"}))).error().code() == errc::storage);
    CHECK(plan_id_of(store, "C1") == "a");
}

TEST_CASE("modules/driver_plans/driver_plan_store: a damaged record is told as such")
{
    const auto crud = std::make_shared<crud::memory_crud>();
    crud::document damaged(crud::object_key("a"), "{}", date_time(), {});
    REQUIRE(
        run_awaitable(crud->create("plans", crud::interface_side::sender, damaged)).has_value());
    driver_plan_store store(crud);
    CHECK(run_awaitable(store.find("a")).error().code() == errc::storage);
    CHECK(run_awaitable(store.list()).error().code() == errc::storage);
}

TEST_CASE("modules/driver_plans/driver_plan_store: a damaged plan takes nothing from the others")
{
    const auto crud = std::make_shared<crud::memory_crud>();
    driver_plan_store store(crud, long_time);
    REQUIRE(run_awaitable(store.put(plan_of("a", {"C1"}))).has_value());
    crud::document damaged(crud::object_key("b"), "{}", date_time(), {});
    REQUIRE(
        run_awaitable(crud->create("plans", crud::interface_side::sender, damaged)).has_value());
    CHECK(plan_id_of(store, "C1") == "a");
    REQUIRE(run_awaitable(store.put(plan_of("c", {"C2"}))).has_value());
    CHECK(plan_id_of(store, "C2") == "c");
    // It can be replaced.
    const auto replaced = run_awaitable(store.put(plan_of("B", {"C3"})));
    REQUIRE(replaced.has_value());
    CHECK_FALSE(replaced->created);
    CHECK(plan_id_of(store, "C3") == "b");
    CHECK(run_awaitable(store.list()).value().size() == 3);
}

TEST_CASE(
    "modules/driver_plans/driver_plan_store: of two plans with a contract the first has it alone")
{
    const auto crud = std::make_shared<crud::memory_crud>();
    driver_plan_store store(crud, long_time);
    REQUIRE(run_awaitable(store.put(plan_of("a", {"C1", "C2"}))).has_value());
    // Another process has not seen it.
    crud::document rival(crud::object_key("b"), write_driver_plan(plan_of("b", {"c1", "C3"})),
                         date_time(), {});
    REQUIRE(run_awaitable(crud->create("plans", crud::interface_side::sender, rival)).has_value());
    CHECK(plan_id_of(store, "C1") == "a");
    const auto second = run_awaitable(store.find_by_contract(ci_string("C3"))).value();
    REQUIRE(second);
    CHECK(second->plan.contract_ids == std::vector<ci_string>{ci_string("C3")});

    REQUIRE(run_awaitable(store.put(plan_of("a", {"C2"}))).has_value());
    CHECK(plan_id_of(store, "C1") == "b");
    const auto whole = run_awaitable(store.find_by_contract(ci_string("C3"))).value();
    CHECK(whole->plan.contract_ids.size() == 2);
    CHECK(whole->revision == second->revision);
}

}  // namespace driver_plan_store_test
