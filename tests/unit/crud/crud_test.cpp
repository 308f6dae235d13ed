#include "crud/crud.hpp"

#include "tests/crud_contract/crud_contract.hpp"
#include "tests/support/forwarding_crud.hpp"
#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <map>
#include <string>
#include <utility>

namespace crud_test {

using namespace ocpi;
using test::run_awaitable;

namespace {

constexpr auto sender = crud::interface_side::sender;

/// A store that has the five functions and no more.
class five_functions final : public test::forwarding_crud {
public:
    /// Called before the second page is read, and before the later ones.
    std::function<void()> before_next_page;
    std::atomic<int> pages = 0;

    boost::asio::awaitable<result<crud::page>> list(std::string_view module,
                                                    crud::interface_side side,
                                                    crud::list_query query) override
    {
        if (query.offset > 0 && before_next_page) before_next_page();
        ++pages;
        return forwarding_crud::list(module, side, std::move(query));
    }

    void write(const std::string& id, const std::string& json)
    {
        crud::document document(crud::object_key("ES", "ABC", id), json, date_time(), {});
        document.secondary_key = "second-" + id;
        document.sort_key = id;
        const auto present = run_awaitable(get("sessions", sender, document.key));
        if (present.has_value()) {
            REQUIRE(
                run_awaitable(update("sessions", sender, document, present->revision)).has_value());
        } else {
            REQUIRE(run_awaitable(create("sessions", sender, document)).has_value());
        }
    }

    void drop(const std::string& id)
    {
        const crud::object_key key("ES", "ABC", id);
        REQUIRE(run_awaitable(remove("sessions", sender, key)).has_value());
    }
};

constexpr int record_count = 1300;

std::string id_of(int number)
{
    return std::to_string(10'000 + number);
}

/// More records than a page of the scans.
struct large_store {
    five_functions crud;

    large_store()
    {
        for (int i = 0; i < record_count; ++i) crud.write(id_of(i), "old");
    }

    /// Follows the changes page by page, until the last one; returns the latest JSON of each.
    std::map<std::string, std::string> follow(std::uint64_t limit)
    {
        std::map<std::string, std::string> all;
        crud::changes_query query;
        query.limit = limit;
        for (;;) {
            const auto page = run_awaitable(crud.list_changes("sessions", sender, query));
            REQUIRE(page.has_value());
            for (const auto& each : page->records) {
                CHECK(each.revision > query.after);
                CHECK(each.revision <= page->as_of);
                query.after = each.revision;
                all[each.document.key.id.str()] = each.document.json;
            }
            if (!page->is_last_page) continue;
            if (!crud.before_next_page) return all;
            // What was written during the scan belongs to the next list.
            crud.before_next_page = nullptr;
        }
    }
};

}  // namespace

TEST_CASE("crud/crud: a store of five functions keeps every promise of the port")
{
    for (const auto& each : crud::contract::contract_cases()) {
        CAPTURE(each.name);
        five_functions store;
        CHECK_NOTHROW(run_awaitable(each.run(store)));
    }
}

TEST_CASE("crud/crud: no change is missed that is made between two pages of a scan")
{
    large_store at;
    int written = 0;
    at.crud.before_next_page = [&] {
        // Before and behind the place that the scan has reached.
        if (++written > 1) return;
        at.crud.write(id_of(10), "new");
        at.crud.write(id_of(900), "new");
        at.crud.write(id_of(record_count), "new");
    };
    SUBCASE("in one page of changes")
    {
        CHECK(at.follow(10'000).size() == record_count + 1);
    }
    SUBCASE("in several")
    {
        const auto all = at.follow(400);
        CHECK(all.size() == record_count + 1);
        CHECK(all.at(id_of(10)) == "new");
        CHECK(all.at(id_of(900)) == "new");
        CHECK(all.at(id_of(11)) == "old");
    }
}

TEST_CASE("crud/crud: no record is missed because another was removed between two pages")
{
    large_store at;
    int removed = 0;
    at.crud.before_next_page = [&] {
        if (removed < 3) at.crud.drop(id_of(removed++));
    };
    SUBCASE("of changes")
    {
        CHECK(at.follow(10'000).size() >= record_count - 3);
    }
    SUBCASE("in the sorted list")
    {
        crud::sorted_query query;
        query.limit = 10'000;
        const auto page = run_awaitable(at.crud.list_sorted("sessions", sender, query));
        REQUIRE(page->records.size() >= record_count - 3);
        for (std::size_t i = 0; i < record_count - 3; ++i) {
            CHECK(page->records[i].document.sort_key ==
                  id_of(record_count - 1 - static_cast<int>(i)));
        }
    }
    SUBCASE("when one is looked for")
    {
        for (int i = 500; i < 504; ++i) {
            const auto found = run_awaitable(at.crud.find_by_secondary_key(
                "sessions", sender, "second-" + id_of(i), crud::record_filter()));
            CHECK(found.has_value());
        }
    }
}

TEST_CASE("crud/crud: a scan that is disturbed again and again ends as overloaded")
{
    large_store at;
    int removed = 0;
    at.crud.before_next_page = [&] { at.crud.drop(id_of(removed++)); };
    const crud::sorted_query query;
    CHECK(run_awaitable(at.crud.list_sorted("sessions", sender, query)).error().code() ==
          errc::overloaded);
}

TEST_CASE("crud/crud: who has followed all changes costs one page")
{
    large_store at;
    crud::changes_query query;
    query.limit = 10'000;
    const auto all = run_awaitable(at.crud.list_changes("sessions", sender, query));
    query.after = all->as_of;
    at.crud.pages = 0;
    const auto none = run_awaitable(at.crud.list_changes("sessions", sender, query));
    CHECK(none->records.empty());
    CHECK(none->is_last_page);
    CHECK(none->as_of == all->as_of);
    CHECK(at.crud.pages == 1);
}

}  // namespace crud_test
