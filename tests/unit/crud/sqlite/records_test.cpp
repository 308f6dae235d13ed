#include "crud/sqlite/records.hpp"

#include "crud/sqlite/database.hpp"
#include "crud/sqlite/migrations.hpp"
#include "crud/sqlite/statement.hpp"
#include "crud/sqlite/write_transaction.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <sqlite3.h>

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace records_test {

using namespace ocpi;
using namespace ocpi::crud;
using namespace ocpi::crud::sqlite;

namespace {

/// One record of 900,000 bytes, on some 220 pages of the file.
struct large_record {
    const test::temporary_directory directory;
    database connection{options_in(directory)};
    object_key key{"ES", "ABC", "1"};

    large_record()
    {
        migrate(connection);
        document stored(key, std::string(900'000, 'x'), date_time(), party("NL", "MSP"));
        stored.secondary_key = "second";
        stored.contract = ci_string("C-1");
        stored.sort_key = "place";
        insert(stored);
    }

    void insert(const document& stored)
    {
        write_transaction in(connection);
        REQUIRE(insert_record(in, "sessions", stored).has_value());
        in.commit();
    }

    static database_options options_in(const test::temporary_directory& directory)
    {
        database_options options;
        options.path = directory.file("store.db");
        return options;
    }

    /// Pages that this connection has looked at until now.
    int pages() const
    {
        int sum = 0;
        for (const int kind : {SQLITE_DBSTATUS_CACHE_HIT, SQLITE_DBSTATUS_CACHE_MISS}) {
            int present = 0;
            int highest = 0;
            REQUIRE(sqlite3_db_status(connection.handle(), kind, &present, &highest, 0) ==
                    SQLITE_OK);
            sum += present;
        }
        return sum;
    }

    int pages_for_emsp(std::vector<party> emsps, bool found)
    {
        const auto before = pages();
        CHECK(find_visible_record(connection, "sessions", key, emsps).has_value() == found);
        return pages() - before;
    }
    int pages_for_key(const std::string& second, std::optional<std::vector<ci_string>> contracts,
                      bool found)
    {
        record_filter filter;
        filter.contracts = std::move(contracts);
        const auto before = pages();
        CHECK(find_record_by_secondary_key(connection, "sessions", second, filter).has_value() ==
              found);
        return pages() - before;
    }
    int pages_for_sorted(const sorted_query& wanted, std::size_t found)
    {
        const auto before = pages();
        CHECK(list_sorted_records(connection, "sessions", wanted)->records.size() == found);
        return pages() - before;
    }
    int pages_for_list(const list_query& wanted, std::size_t found)
    {
        const auto before = pages();
        CHECK(list_records(connection, "sessions", wanted)->records.size() == found);
        return pages() - before;
    }
};

constexpr int few = 30;
constexpr int many = 200;

}  // namespace

TEST_CASE("crud/sqlite/records: a record of another eMSP costs as little as a missing one")
{
    large_record store;
    CHECK(store.pages_for_emsp({party("nl", "msp")}, true) > many);
    CHECK(store.pages_for_emsp({party("DE", "MSP"), party("NL", "OTH")}, false) < few);
    CHECK(store.pages_for_emsp({}, false) < few);
    store.key = object_key("ES", "ABC", "2");
    CHECK(store.pages_for_emsp({party("NL", "MSP")}, false) < few);
}

TEST_CASE("crud/sqlite/records: a record of another contract is not read by its second key either")
{
    large_record store;
    CHECK(store.pages_for_key("second", std::nullopt, true) > many);
    CHECK(store.pages_for_key("second", std::vector{ci_string("c-1")}, true) > many);
    CHECK(store.pages_for_key("second", std::vector{ci_string("C-2"), ci_string("C-3")}, false) <
          few);
    CHECK(store.pages_for_key("second", std::vector<ci_string>(), false) < few);
    CHECK(store.pages_for_key("another", std::nullopt, false) < few);
}

TEST_CASE("crud/sqlite/records: a list does not read what its filters leave out")
{
    large_record store;
    list_query list;
    list.emsps = {party("DE", "MSP")};
    CHECK(store.pages_for_list(list, 0) < few);
    sorted_query sorted;
    sorted.contracts = {ci_string("C-2")};
    CHECK(store.pages_for_sorted(sorted, 0) < few);
    sorted.contracts.reset();
    sorted.emsps = {party("DE", "MSP")};
    CHECK(store.pages_for_sorted(sorted, 0) < few);
}

TEST_CASE("crud/sqlite/records: a page keeps to its bytes")
{
    large_record store;
    for (const char* id : {"2", "3"}) {
        const document more(object_key("ES", "ABC", id), std::string(10, 'x'), date_time(),
                            std::nullopt);
        store.insert(more);
    }
    list_query list;
    list.max_bytes = 900'010;
    const auto page = list_records(store.connection, "sessions", list);
    CHECK(page->records.size() == 2);
    CHECK(page->total == 3);
    CHECK_FALSE(page->is_last_page);
    changes_query since;
    since.after = 1;
    since.max_bytes = 10;
    CHECK(list_changed_records(store.connection, "sessions", since)->records.size() == 1);
}

}  // namespace records_test
