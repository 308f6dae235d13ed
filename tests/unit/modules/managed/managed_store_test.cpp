#include "modules/managed/managed_store.hpp"

#include "tests/support/managed_text.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_crud.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <set>
#include <string>

namespace managed_store_test {

using namespace ocpi;
using namespace ocpi::sessions;
using namespace ocpi::managed;
using namespace ocpi::managed_test;
using test::run_awaitable;

namespace {

struct fixture {
    std::shared_ptr<test::scripted_crud> crud = std::make_shared<test::scripted_crud>();
    managed_store records{crud};

    static crud::object_key key(const std::string& id) { return crud::object_key("ES", "ABC", id); }

    stored_session store(const std::string& id, bool is_settled = false)
    {
        stored_session made;
        made.value = begun();
        made.value.is_settled = is_settled;
        made.revision = run_awaitable(records.save(key(id), made.value, std::nullopt)).value();
        return made;
    }
    /// The ids of all live sessions, page by page.
    std::multiset<std::string> live()
    {
        std::multiset<std::string> ids;
        std::optional<std::string> after;
        do {
            const auto page = run_awaitable(records.list_live(after)).value();
            for (const auto& each : page.keys) ids.insert(each.id.str());
            after = page.last;
        } while (after);
        return ids;
    }
};

}  // namespace

TEST_CASE("modules/managed/managed_store: a saved record is found, whatever the case of its key")
{
    fixture store;
    CHECK_FALSE(run_awaitable(store.records.find(store.key("S1"))).value());
    const auto saved = store.store("S1");
    const auto found = run_awaitable(store.records.find(store.key("s1"))).value();
    REQUIRE(found);
    CHECK(found->revision == saved.revision);
    CHECK(write_managed_session(found->value) == write_managed_session(saved.value));
}

TEST_CASE("modules/managed/managed_store: a write to a record that has changed fails")
{
    fixture store;
    const auto first = store.store("S1");
    const auto save = [&](std::optional<crud::revision> base) {
        return run_awaitable(store.records.save(store.key("S1"), first.value, base));
    };
    REQUIRE(save(first.revision).has_value());
    CHECK(save(first.revision).error().code() == errc::conflict);
    CHECK(save(std::nullopt).error().code() == errc::already_exists);
}

TEST_CASE("modules/managed/managed_store: only the record that was read is removed")
{
    fixture store;
    const auto remove = [&](crud::revision base) {
        return run_awaitable(store.records.remove(store.key("S1"), base));
    };
    CHECK(remove(1).error().code() == errc::conflict);
    const auto first = store.store("S1");
    const auto second =
        run_awaitable(store.records.save(store.key("S1"), first.value, first.revision));
    REQUIRE(second.has_value());
    CHECK(remove(first.revision).error().code() == errc::conflict);
    CHECK(remove(*second).has_value());
    CHECK_FALSE(run_awaitable(store.records.find(store.key("S1"))).value());
}

TEST_CASE("modules/managed/managed_store: a policy releases only a session of its own")
{
    fixture store;
    const auto policy_id = store.store("S1").value.rule.id;
    const auto release = [&](std::string id) {
        return run_awaitable(store.records.release(store.key("S1"), std::move(id)));
    };
    CHECK(release("another").has_value());
    CHECK(run_awaitable(store.records.find(store.key("S1"))).value());
    CHECK(release(policy_id).has_value());
    CHECK_FALSE(run_awaitable(store.records.find(store.key("S1"))).value());
    CHECK(release(policy_id).has_value());
}

TEST_CASE("modules/managed/managed_store: the live sessions are those that have not settled")
{
    fixture store;
    CHECK(store.live().empty());
    auto settling = store.store("S1");
    store.store("S2");
    store.store("S3", true);
    CHECK(store.live() == std::multiset<std::string>{"S1", "S2"});
    settling.value.is_settled = true;
    REQUIRE(run_awaitable(store.records.save(store.key("S1"), settling.value, settling.revision))
                .has_value());
    CHECK(store.live() == std::multiset<std::string>{"S2"});
}

TEST_CASE("modules/managed/managed_store: live sessions of several pages are each met once")
{
    fixture store;
    for (int i = 0; i < 450; ++i) store.store("S" + std::to_string(i), i % 9 == 0);
    const auto ids = store.live();
    CHECK(ids.size() == 400);
    CHECK(std::set<std::string>(ids.begin(), ids.end()).size() == 400);
}

TEST_CASE("modules/managed/managed_store: a damaged record is an error of the store")
{
    fixture store;
    crud::document odd(crud::object_key("ES", "ABC", "S1"), "{}", date_time(), {});
    constexpr auto side = crud::interface_side::sender;
    REQUIRE(
        run_awaitable(store.crud->create("managed_sessions", side, std::move(odd))).has_value());
    CHECK(run_awaitable(store.records.find(store.key("S1"))).error().code() == errc::storage);
}

}  // namespace managed_store_test
