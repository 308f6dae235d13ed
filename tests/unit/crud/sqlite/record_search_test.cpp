#include "crud/sqlite/record_search.hpp"

#include "crud/memory/memory_crud.hpp"
#include "crud/sqlite/candidates.hpp"
#include "crud/sqlite/database.hpp"
#include "crud/sqlite/migrations.hpp"
#include "crud/sqlite/records.hpp"
#include "crud/sqlite/statement.hpp"
#include "crud/sqlite/write_transaction.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <limits>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace record_search_test {

using namespace ocpi;
using namespace ocpi::crud;
using namespace ocpi::crud::sqlite;
using test::run_awaitable;

namespace {

constexpr auto side = interface_side::sender;
constexpr std::array<const char*, 3> categories{"live", "completed", "pending"};

struct store {
    const test::temporary_directory directory;
    database connection{options_in(directory)};
    std::optional<write_transaction> current;

    store() { migrate(connection); }

    template <class Work>
    void change(Work work)
    {
        current.emplace(connection);
        work();
        current->commit();
        current.reset();
    }
    revision insert(const document& made)
    {
        const auto written = insert_record(*current, "sessions", made);
        REQUIRE(written.has_value());
        return *written;
    }
    void update(const document& made, revision expected)
    {
        REQUIRE(update_record(*current, "sessions", made, expected).has_value());
    }
    void remove(const document& made)
    {
        REQUIRE(delete_record(*current, "sessions", made.key).has_value());
    }

    static database_options options_in(const test::temporary_directory& directory)
    {
        database_options options;
        options.path = directory.file("store.db");
        return options;
    }

    search_page search(const search_query& query)
    {
        auto found = search_records(connection, "sessions", query);
        REQUIRE(found.has_value());
        return std::move(*found);
    }

    std::string explain(const std::string& sql)
    {
        query asking(connection, "EXPLAIN QUERY PLAN " + sql);
        std::string plan;
        while (asking.step()) plan += asking.text(3) + "\n";
        return plan;
    }
};

/// Few of everything, so that much is equal.
class generator {
public:
    explicit generator(unsigned seed) : random_(seed) {}

    std::int64_t number(std::int64_t most)
    {
        return std::uniform_int_distribution<std::int64_t>(0, most)(random_);
    }

    date_time instant()
    {
        constexpr auto minute = std::chrono::milliseconds(std::chrono::minutes(1)).count();
        return date_time::from_milliseconds(1'700'000'000'000 + number(6000) * minute);
    }

    document make_document()
    {
        const auto id = std::to_string(number(40));
        document made(object_key("ES", "ABC", id), "{}", instant(), std::nullopt);
        made.secondary_key = "key" + id;
        if (number(3) > 0) made.contract = ci_string("C" + std::to_string(number(2)));
        if (number(10) == 0) return made;
        auto& summary = made.summary.emplace();
        summary.category = categories[static_cast<std::size_t>(number(2))];
        if (number(4) > 0) summary.started_at = instant();
        if (number(4) > 0) summary.kwh = number(99'000'000);
        if (number(2) > 0) summary.cost = number(20'000'000) - 1'000'000;
        summary.currency = number(1) == 0 ? "EUR" : "GBP";
        summary.search_text = "SESS" + id + "\nLOC" + std::to_string(number(3));
        return made;
    }

    template <class Query>
    Query make_query()
    {
        Query query;
        for (const char* category : categories) {
            if (number(2) == 0) continue;
            category_range range;
            range.category = category;
            if (number(1) == 0) range.from = instant();
            if (number(1) == 0) range.to = instant();
            query.ranges.push_back(std::move(range));
        }
        if (number(3) == 0) query.contracts = std::vector<ci_string>{ci_string("c1")};
        const std::array<const char*, 6> texts{"", "", "SS1", "LOC2", "3", "SESS12\nLOC"};
        query.text = texts[static_cast<std::size_t>(number(5))];
        return query;
    }

private:
    std::mt19937 random_;
};

void write(store& sqlite, memory_crud& memory, const document& made)
{
    const auto stored = run_awaitable(memory.get("sessions", side, made.key));
    if (stored.has_error()) {
        sqlite.insert(made);
        REQUIRE(run_awaitable(memory.create("sessions", side, made)).has_value());
    } else if (made.key.id.str().back() == '9') {
        sqlite.remove(made);
        REQUIRE(run_awaitable(memory.remove("sessions", side, made.key)).has_value());
    } else {
        sqlite.update(made, find_record(sqlite.connection, "sessions", made.key)->revision);
        REQUIRE(run_awaitable(memory.update("sessions", side, made, stored->revision)).has_value());
    }
}

template <class Page>
std::string ids_of(const Page& listed)
{
    std::string ids;
    for (const auto& each : listed.records) ids += each.document.key.id.str() + " ";
    return ids + (listed.is_last_page ? "end" : "more");
}

void compare_searches(store& sqlite, memory_crud& memory, generator& random)
{
    auto query = random.make_query<search_query>();
    query.limit = static_cast<std::uint64_t>(random.number(9) + 1);
    if (random.number(1) == 0) {
        auto& place = random.number(1) == 0 ? query.after.emplace() : query.before.emplace();
        place.last_updated = random.instant();
    }
    const auto expected = run_awaitable(memory.search("sessions", side, query));
    const auto found = sqlite.search(query);
    CHECK(ids_of(found) == ids_of(*expected));
    CHECK(found.reached == expected->reached);
}

void compare_totals(store& sqlite, memory_crud& memory, generator& random)
{
    auto query = random.make_query<totals_query>();
    query.by_start = random.number(1) == 0;
    query.max_records = query.by_start ? 0 : static_cast<std::uint64_t>(random.number(20));
    const auto expected = run_awaitable(memory.find_totals("sessions", side, query));
    const auto found = sum_records(sqlite.connection, "sessions", query);
    REQUIRE(found->has_value());
    CHECK((*found)->parts == (*expected)->parts);
    REQUIRE((*found)->records.has_value() == (*expected)->records.has_value());
    if ((*found)->records) CHECK((*found)->records->size() == (*expected)->records->size());
}

document numbered(int number, const std::string& text)
{
    const auto id = std::to_string(number);
    document made(object_key("ES", "ABC", id), "{}", date_time::from_milliseconds(number),
                  std::nullopt);
    made.secondary_key = id;
    made.summary.emplace().category = "live";
    made.summary->search_text = text;
    return made;
}

}  // namespace

TEST_CASE("crud/sqlite/record_search: searches and totals are those of the store in memory")
{
    const auto seed = std::random_device()();
    CAPTURE(seed);
    generator random(seed);
    store sqlite;
    memory_crud memory;
    for (int round = 0; round < 300; ++round) {
        sqlite.change([&] { write(sqlite, memory, random.make_document()); });
        compare_searches(sqlite, memory, random);
        compare_totals(sqlite, memory, random);
    }
}

TEST_CASE("crud/sqlite/record_search: too many to look at: a page ends early and goes on later")
{
    store sqlite;
    const int count = static_cast<int>(std::max(max_walked, max_candidates)) + 2'500;
    sqlite.change([&] {
        for (int i = 0; i < count; ++i) {
            const char* text = i == 100 ? "XY" : i == 3'000 ? "ABCD" : "ABC";
            sqlite.insert(numbered(i, text));
        }
    });
    search_query wanted;
    wanted.ranges.emplace_back().category = "live";
    wanted.limit = 2;
    SUBCASE("a text too short to be looked up")
    {
        wanted.text = "XY";
        auto page = sqlite.search(wanted);
        CHECK(ids_of(page) == "more");
        REQUIRE(page.reached);
        wanted.after = page.reached;
        page = sqlite.search(wanted);
        CHECK(ids_of(page) == "100 end");
        wanted.after.reset();
        wanted.before = page.reached;
        page = sqlite.search(wanted);
        CHECK(ids_of(page) == "more");
    }
    SUBCASE("a text that too many have")
    {
        wanted.text = "ABC";
        CHECK(ids_of(sqlite.search(wanted)) ==
              std::to_string(count - 1) + " " + std::to_string(count - 2) + " more");
    }
    SUBCASE("a text that few have is found at once")
    {
        wanted.text = "ABCD";
        CHECK(ids_of(sqlite.search(wanted)) == "3000 end");
    }
    SUBCASE("totals are not known where they are not kept")
    {
        totals_query sum;
        sum.ranges = wanted.ranges;
        const auto total_of = [&] { return *sum_records(sqlite.connection, "sessions", sum); };
        REQUIRE(total_of());
        CHECK(total_of()->parts.at(0).count == static_cast<std::uint64_t>(count));
        sum.text = "ABC";
        CHECK_FALSE(total_of());
        sum.text = "ABCD";
        CHECK(total_of());
        sum.text.clear();
        sum.ranges[0].to = date_time::from_milliseconds(count - 1);
        CHECK_FALSE(total_of());
    }
}

TEST_CASE("crud/sqlite/record_search: sums that do not fit an integer do not refuse a write")
{
    store sqlite;
    sqlite.change([&] {
        for (int i = 0; i < 3; ++i) {
            auto made = numbered(i, "");
            made.summary->kwh = std::numeric_limits<std::int64_t>::max() / 2;
            made.summary->cost = -*made.summary->kwh;
            sqlite.insert(made);
        }
    });
    totals_query sum;
    sum.ranges.emplace_back().category = "live";
    const auto sums = sum_records(sqlite.connection, "sessions", sum);
    CHECK((*sums)->parts.at(0).count == 3);
}

TEST_CASE("crud/sqlite/record_search: totals that have become empty are not kept")
{
    store sqlite;
    sqlite.change([&] {
        auto made = numbered(1, "SESS");
        const auto first = sqlite.insert(made);
        made.summary->category = "completed";
        sqlite.update(made, first);
        sqlite.remove(made);
    });
    query rows(sqlite.connection,
               "SELECT (SELECT count(*) FROM record_total) + (SELECT count(*) FROM list_total)");
    REQUIRE(rows.step());
    CHECK(rows.integer(0) == 0);
}

TEST_CASE("crud/sqlite/record_search: a page is merged of categories without a sort")
{
    store sqlite;
    std::string sql;
    for (int i = 0; i < 3; ++i) {
        if (i > 0) sql += " UNION ALL ";
        sql +=
            "SELECT sequence, last_updated, secondary_key FROM record INDEXED BY "
            "record_by_category WHERE module = 1 AND category = 'live' AND "
            "(last_updated, secondary_key) > (1, '') AND (last_updated, secondary_key) < (2, '')";
    }
    for (const char* order :
         {"last_updated DESC, secondary_key DESC LIMIT 5", "last_updated, secondary_key LIMIT 5"}) {
        const auto plan = sqlite.explain(sql + " ORDER BY " + order);
        CAPTURE(plan);
        CHECK(plan.find("TEMP B-TREE") == std::string::npos);
        CHECK(plan.find("COVERING INDEX record_by_category") != std::string::npos);
    }
}

TEST_CASE("crud/sqlite/candidates: the trigrams of a text are of characters, each once")
{
    using list = std::vector<std::string>;
    CHECK(trigrams_of("") == list{});
    CHECK(trigrams_of("AB") == list{});
    CHECK(trigrams_of("ABC") == list{"ABC"});
    CHECK(trigrams_of("ABABA") == list{"ABA", "BAB"});
    CHECK(trigrams_of("A\xc3\x89"
                      "BC") == list{"A\xc3\x89"
                                    "B",
                                    "\xc3\x89"
                                    "BC"});
}

}  // namespace record_search_test
