#include "crud/postgres/postgres_crud.hpp"

#include "tests/crud_contract/crud_contract.hpp"
#include "tests/support/durable_store_checks.hpp"
#include "tests/support/postgres_store.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/store_calls.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace postgres_crud_test {

using namespace ocpi;
using namespace ocpi::test::store_calls;
using namespace std::chrono_literals;
using test::postgres_store;
using test::run_awaitable;

namespace {

std::unique_ptr<crud::postgres_crud> open(const postgres_store& stored)
{
    return std::make_unique<crud::postgres_crud>(stored.options);
}

std::string start_up_error(const crud::postgres_options& options)
{
    try {
        crud::postgres_crud crud(options);
    } catch (const std::runtime_error& failure) {
        return failure.what();
    }
    return "none";
}

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("crud/postgres/postgres_crud: every promise of the port is kept")
{
    for (const auto& each : crud::contract::contract_cases()) {
        CAPTURE(each.name);
        postgres_store fresh;
        crud::postgres_crud crud(fresh.options);
        CHECK_NOTHROW(run_awaitable(each.run(crud)));
        CHECK(fresh.log->text().empty());
    }
}

TEST_CASE("crud/postgres/postgres_crud: opening again finds everything and revisions go on")
{
    postgres_store stored;
    test::check_opening_again([&] { return open(stored); });
}

TEST_CASE("crud/postgres/postgres_crud: a database that cannot be used is named, with the reason")
{
    postgres_store stored;
    SUBCASE("no server")
    {
        stored.options.connection.url = "postgresql://me:secret@127.0.0.1:1/none";
        const auto text = start_up_error(stored.options);
        CHECK(text.starts_with("cannot use the database postgresql://me"));
        CHECK_FALSE(contains(text, "secret"));
    }
    SUBCASE("a schema from the future")
    {
        {
            crud::postgres_crud made(stored.options);
        }
        stored.database.execute("UPDATE schema_version SET version = 4711");
        const auto text = start_up_error(stored.options);
        CHECK(contains(text, "schema 4711, written by a newer version"));
    }
    SUBCASE("a user who may not make tables")
    {
        const auto& name = stored.database.name();
        stored.database.execute("CREATE ROLE guest_" + name + " LOGIN");
        stored.database.execute("REVOKE CREATE ON SCHEMA public FROM public");
        stored.options.connection.url += "?user=guest_" + name;
        CHECK(contains(start_up_error(stored.options), "GRANT CREATE ON SCHEMA public"));
        stored.database.execute("DROP ROLE guest_" + name);
    }
}

TEST_CASE("crud/postgres/postgres_crud: processes that start at once make the schema once")
{
    postgres_store stored;
    std::vector<std::jthread> starts;
    std::vector<std::unique_ptr<crud::postgres_crud>> stores(6);
    std::vector<std::string> failures(stores.size());
    for (std::size_t i = 0; i < stores.size(); ++i) {
        starts.emplace_back([&, i] {
            try {
                stores[i] = open(stored);
            } catch (const std::exception& failure) {
                failures[i] = failure.what();
            }
        });
    }
    starts.clear();
    for (const auto& failure : failures) CHECK(failure.empty());
    for (std::size_t i = 0; i < stores.size(); ++i) {
        CHECK(create(*stores[i], std::to_string(i)).has_value());
    }
    CHECK(list(*stores[0])->total == stores.size());
}

TEST_CASE("crud/postgres/postgres_crud: a plan made while the table is empty goes by the whole key")
{
    postgres_store stored;
    crud::postgres_crud crud(stored.options);
    const auto plan = stored.database.execute(
        "SET enable_seqscan = off; SET enable_bitmapscan = off; SET plan_cache_mode = "
        "force_generic_plan; PREPARE find (text, text, text, text) AS SELECT json FROM record "
        "WHERE module = $1 AND country_code = $2 AND party_id = $3 AND id = $4; EXPLAIN EXECUTE "
        "find ('a', 'b', 'c', 'd')");
    CHECK(plan.starts_with("Index Scan using record_pkey"));
}

TEST_CASE("crud/postgres/postgres_crud: writes that wait together share one commit")
{
    postgres_store stored;
    crud::postgres_crud crud(stored.options);
    REQUIRE(create(crud, "first").has_value());
    crud::postgres_crud other(stored.options);
    const auto before = crud.commits();
    constexpr int count = 300;
    operations together;
    together.start_creating(crud, count);
    for (const auto& each : together.wait()) CHECK(each.has_value());
    CHECK(crud.commits() - before < count);
    CHECK(list(crud)->total == count + 1);
    CHECK(crud.report().batch_writes.sum == doctest::Approx(count + 1));
}

TEST_CASE("crud/postgres/postgres_crud: a write that cannot be stored fails alone")
{
    postgres_store stored;
    crud::postgres_crud crud(stored.options);
    operations together;
    for (int i = 0; i < 40; ++i) {
        auto made = make_document(std::to_string(i));
        if (i == 17 || i == 31) made.sort_key = "not UTF-8: \xff";
        together.start(crud.create("sessions", side, std::move(made)));
    }
    const auto outcomes = together.wait();
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        CAPTURE(i);
        CHECK(outcomes[i].has_value() == (i != 17 && i != 31));
    }
    CHECK(code_of(outcomes[17]) == errc::storage);
    CHECK(contains(outcomes[17].error().log_text(), "22021"));
    CHECK(list(crud)->total == 38);
}

TEST_CASE("crud/postgres/postgres_crud: a full queue refuses at once")
{
    postgres_store stored;
    stored.options.queue_capacity = 3;
    crud::postgres_crud crud(stored.options);
    operations together;
    together.start_creating(crud, 2000);
    std::size_t stored_count = 0;
    for (const auto& each : together.wait()) {
        if (each.has_value()) {
            ++stored_count;
        } else {
            CHECK(each.error().code() == errc::overloaded);
        }
    }
    CHECK(stored_count >= 3);
    CHECK(list(crud)->total == stored_count);
}

TEST_CASE("crud/postgres/postgres_crud: writes waiting at the end are finished")
{
    postgres_store stored;
    operations together;
    {
        crud::postgres_crud crud(stored.options);
        together.start_creating(crud, 200);
    }
    for (const auto& each : together.wait()) CHECK(each.has_value());
    crud::postgres_crud crud(stored.options);
    CHECK(list(crud)->total == 200);
}

TEST_CASE("crud/postgres/postgres_crud: two stores on one database share records and revisions")
{
    postgres_store stored;
    test::check_sharing([&] { return open(stored); });
}

TEST_CASE("crud/postgres/postgres_crud: a lease has one holder, and changes hands by its epoch")
{
    postgres_store stored;
    crud::postgres_crud one(stored.options);
    crud::postgres_crud other(stored.options);
    const auto mine = one.leases();
    const auto theirs = other.leases();
    const auto held = run_awaitable(mine->claim("a", {"push/y", "policies", "push/y"}, 1min));
    REQUIRE(held.has_value());
    REQUIRE(held->size() == 2);
    CHECK(run_awaitable(theirs->claim("b", {"policies", "push/y"}, 1min))->empty());
    CHECK(*run_awaitable(mine->claim("a", {"policies", "push/y"}, 1min)) == *held);

    const std::vector<crud::held_lease> first{held->front()};
    REQUIRE(run_awaitable(theirs->release("b", first)).has_value());
    CHECK(run_awaitable(theirs->claim("b", {first[0].name}, 1min))->empty());
    REQUIRE(run_awaitable(mine->release("a", first)).has_value());
    const auto taken = run_awaitable(theirs->claim("b", {first[0].name}, 1min));
    REQUIRE(taken->size() == 1);
    CHECK(taken->front().epoch == first[0].epoch + 1);

    stored.database.execute("UPDATE lease SET expires_at = now() - interval '1 second'");
    CHECK(*run_awaitable(theirs->claim("b", {first[0].name}, 1min)) == *taken);
    const auto all = run_awaitable(mine->list());
    REQUIRE(all->size() == 2);
    for (const auto& each : *all) {
        CHECK(each.holder == (each.name == first[0].name ? "b" : "a"));
        const bool is_held = each.left.count() > 0;
        CHECK(is_held == (each.name == first[0].name));
        CHECK(each.age.count() >= 0);
    }
    const auto expired = run_awaitable(theirs->claim("b", {"policies", "push/y"}, 1min));
    CHECK(expired->size() == 2);
}

TEST_CASE("crud/postgres/postgres_crud: a write under an old epoch changes nothing")
{
    postgres_store stored;
    auto one = open(stored);
    const auto leases = one->leases();
    const auto held = run_awaitable(leases->claim("a", {"policies"}, 1min));
    const auto view = one->fenced_by(held->front());
    const auto made = create(*view, "1");
    REQUIRE(made.has_value());
    stored.database.execute("UPDATE lease SET expires_at = now() - interval '1 second'");
    CHECK(update(*view, "1", *made).has_value());
    REQUIRE(run_awaitable(leases->claim("b", {"policies"}, 1min))->size() == 1);
    const auto before = get(*one, "1")->revision;
    CHECK(code_of(update(*view, "1", before)) == errc::lease_lost);
    CHECK(code_of(create(*view, "2")) == errc::lease_lost);
    CHECK(code_of(remove(*view, "1")) == errc::lease_lost);
    std::vector<crud::removal> removals{{crud::object_key("ES", "ABC", "1"), before}};
    CHECK(code_of(run_awaitable(view->remove_unchanged("sessions", side, removals, {}))) ==
          errc::lease_lost);
    CHECK(get(*view, "1")->revision == before);
    CHECK(list(*one)->total == 1);
    // The view outlives the store that it was made of.
    one.reset();
    CHECK(get(*view, "1").has_value());
}

TEST_CASE("crud/postgres/postgres_crud: a lease that was not used for years keeps its epoch")
{
    postgres_store stored;
    crud::postgres_crud sleeper(stored.options);
    const auto slept = run_awaitable(sleeper.leases()->claim("a", {"push/removed"}, 1min));
    REQUIRE(slept->size() == 1);
    const auto view = sleeper.fenced_by(slept->front());
    stored.database.execute("UPDATE lease SET expires_at = now() - interval '10 years'");
    // Whatever a start, other leases and their return clean up.
    crud::postgres_crud later(stored.options);
    const auto other = run_awaitable(later.leases()->claim("b", {"clean-up"}, 1min));
    REQUIRE(run_awaitable(later.leases()->release("b", *other)).has_value());
    const auto taken = run_awaitable(later.leases()->claim("b", {"push/removed"}, 1min));
    REQUIRE(taken->size() == 1);
    CHECK(taken->front().epoch == slept->front().epoch + 1);
    CHECK(code_of(create(*view, "1")) == errc::lease_lost);
}

}  // namespace postgres_crud_test
