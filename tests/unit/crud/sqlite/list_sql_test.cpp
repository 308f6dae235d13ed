#include "crud/sqlite/list_sql.hpp"

#include "crud/sqlite/database.hpp"
#include "crud/sqlite/migrations.hpp"
#include "crud/sqlite/statement.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <string>
#include <vector>

namespace list_sql_test {

using namespace ocpi;
using namespace ocpi::crud;
using namespace ocpi::crud::sqlite;

namespace {

/// How SQLite goes about these lists, in its own words.
class planner {
public:
    planner() : connection_(options_in(directory_)) { migrate(connection_); }

    std::string plan(const std::string& sql)
    {
        std::string steps;
        query asked(connection_, "EXPLAIN QUERY PLAN " + sql);
        while (asked.step()) steps += asked.text(3) + '\n';
        return steps;
    }

    std::string plan_page(const selection& wanted) { return plan(places_sql(wanted)); }

private:
    static database_options options_in(const test::temporary_directory& directory)
    {
        database_options options;
        options.path = directory.file("store.db");
        return options;
    }

    const test::temporary_directory directory_;
    database connection_;
};

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("crud/sqlite/list_sql: what has changed since is found by its index")
{
    planner sqlite;
    selection since;
    since.after = 5;
    const auto expect = [&](const std::string& wanted) {
        const auto plan = sqlite.plan_page(since);
        CAPTURE(plan);
        CHECK(has(plan, wanted));
    };
    expect("record_by_change (module=? AND revision>?)");
    since.contracts = std::vector<std::string>{"A"};
    expect("record_by_contract (module=? AND contract=?)");
    since.contracts->resize(17);
    expect("record_by_change (module=? AND revision>?)");
}

TEST_CASE("crud/sqlite/list_sql: a list without certain parties is bounded by its dates")
{
    planner sqlite;
    selection foreign;
    foreign.not_owned_by = {1, 2};
    foreign.date_from.emplace();
    foreign.is_read_by_date = true;
    const auto plan = sqlite.plan_page(foreign);
    CAPTURE(plan);
    CHECK(has(plan, "COVERING INDEX record_by_date (module=? AND last_updated>?)"));
}

TEST_CASE("crud/sqlite/list_sql: a list in the order of creation is read without a sort")
{
    planner sqlite;
    selection list;
    const auto expect = [&](const std::string& wanted) {
        const auto plan = sqlite.plan_page(list);
        CAPTURE(plan);
        CHECK(has(plan, wanted));
        CHECK_FALSE(has(plan, "TEMP B-TREE"));
    };
    expect("COVERING INDEX record_by_creation (module=?)");
    list.from_sequence = 1024;
    expect("COVERING INDEX record_by_creation (module=? AND rowid>?)");
    list.date_from.emplace();
    list.emsps = std::vector<std::int64_t>{3};
    expect("record_by_creation (module=? AND rowid>?)");
}

TEST_CASE("crud/sqlite/list_sql: a secondary key is found by its index")
{
    planner sqlite;
    selection named;
    named.secondary_key = "a";
    const auto plan = sqlite.plan_page(named);
    CAPTURE(plan);
    CHECK(has(plan, "record_by_secondary_key (module=? AND secondary_key=?)"));
    named.emsps = std::vector<std::int64_t>{3};
    CHECK(has(sqlite.plan_page(named), "record_by_secondary_key (module=? AND secondary_key=?)"));
    named.emsps.reset();
    // No row is read to tell whether a contract may see it.
    named.contracts = std::vector<std::string>{"C-1", "C-2"};
    CHECK(has(
        sqlite.plan_page(named),
        "COVERING INDEX record_by_secondary_key (module=? AND secondary_key=? AND contract=?)"));
}

TEST_CASE("crud/sqlite/list_sql: contracts are found by their index")
{
    planner sqlite;
    selection of;
    of.contracts = std::vector<std::string>{"A", "B"};
    const auto plan = sqlite.plan_page(of);
    CAPTURE(plan);
    CHECK(has(plan, "record_by_contract (module=? AND contract=?)"));
    of.range.emplace();
    of.range->below = "r";
    CHECK(has(sqlite.plan_page(of),
              "record_by_contract (module=? AND contract=? AND sort_key>? AND sort_key<?)"));
}

TEST_CASE("crud/sqlite/list_sql: the sorted list is read in the order of its index")
{
    planner sqlite;
    selection list;
    list.range.emplace();
    const auto expect = [&](const std::string& wanted) {
        const auto plan = sqlite.plan_page(list);
        CAPTURE(plan);
        CHECK(has(plan, wanted));
        CHECK_FALSE(has(plan, "TEMP B-TREE"));
    };
    expect("COVERING INDEX record_by_sort_key (module=? AND sort_key>?)");
    list.range->below = "r";
    expect("COVERING INDEX record_by_sort_key (module=? AND sort_key>? AND sort_key<?)");
    list.emsps = std::vector<std::int64_t>{3};
    expect("COVERING INDEX record_by_sort_key (module=? AND sort_key>? AND sort_key<?)");
    list.range->below.reset();
    list.range->above = "a";
    expect("COVERING INDEX record_by_sort_key (module=? AND sort_key>?)");

    list.emsps.reset();
    list.contracts = std::vector<std::string>{"ONE"};
    expect("COVERING INDEX record_by_contract (module=? AND contract=? AND sort_key>?)");
}

}  // namespace list_sql_test
