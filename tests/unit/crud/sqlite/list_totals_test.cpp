#include "crud/sqlite/list_totals.hpp"

#include "crud/memory/memory_crud.hpp"
#include "crud/sqlite/database.hpp"
#include "crud/sqlite/migrations.hpp"
#include "crud/sqlite/records.hpp"
#include "crud/sqlite/statement.hpp"
#include "crud/sqlite/write_transaction.hpp"
#include "crud/total_slots.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace list_totals_test {

using namespace ocpi;
using namespace ocpi::crud;
using namespace ocpi::crud::sqlite;
using test::run_awaitable;

namespace {

constexpr auto side = interface_side::sender;
constexpr std::array<const char*, 2> modules{"sessions", "tariffs"};

/// The same records on SQLite and in memory: of three owners and three eMSPs, of a dozen days.
class two_stores {
public:
    explicit two_stores(unsigned seed) : random_(seed) { migrate(connection_); }

    std::int64_t number(std::int64_t most)
    {
        return std::uniform_int_distribution<std::int64_t>(0, most)(random_);
    }

    /// Creates, updates or removes one of `most` records.
    void change(write_transaction& in, std::int64_t most)
    {
        const char* module = modules[static_cast<std::size_t>(number(1))];
        const auto made = make_document(number(most));
        const auto stored = run_awaitable(memory_.get(module, side, made.key));
        if (stored.has_error()) {
            REQUIRE(insert_record(in, module, made).has_value());
            REQUIRE(run_awaitable(memory_.create(module, side, made)).has_value());
        } else if (number(3) == 0) {
            REQUIRE(delete_record(in, module, made.key).has_value());
            REQUIRE(run_awaitable(memory_.remove(module, side, made.key)).has_value());
        } else {
            const auto expected = find_record(connection_, module, made.key)->revision;
            REQUIRE(update_record(in, module, made, expected).has_value());
            REQUIRE(
                run_awaitable(memory_.update(module, side, made, stored->revision)).has_value());
        }
    }

    list_query make_query(std::int64_t most_offset)
    {
        list_query query;
        if (number(2) > 0) query.date_from = instant();
        if (number(2) == 0) query.date_to = instant();
        if (number(2) == 0) query.owners = parties();
        if (number(3) == 0) query.not_owned_by = parties();
        if (number(2) == 0) query.emsps = parties();
        query.offset = static_cast<std::uint64_t>(number(most_offset));
        query.limit = static_cast<std::uint64_t>(number(40) + 1);
        return query;
    }

    void compare(const list_query& query)
    {
        for (const char* module : modules) {
            const auto expected = run_awaitable(memory_.list(module, side, query));
            const auto found = list_records(connection_, module, query);
            CHECK(found->total == expected->total);
            CHECK(ids_of(*found) == ids_of(*expected));
        }
    }

    database& connection() noexcept { return connection_; }

private:
    static database_options options_in(const test::temporary_directory& directory)
    {
        database_options options;
        options.path = directory.file("store.db");
        return options;
    }

    /// On the first moment of a day as often as within it.
    date_time instant()
    {
        constexpr auto day = std::chrono::milliseconds(std::chrono::days(1)).count();
        const auto within = number(1) == 0 ? 0 : number(day - 1);
        return date_time::from_milliseconds((20'000 + number(11)) * day + within);
    }

    party any_party() { return party("ES", "AB" + std::to_string(number(2))); }

    std::vector<party> parties()
    {
        std::vector<party> some{any_party()};
        if (number(1) == 0) some.push_back(any_party());
        if (number(4) == 0) some.emplace_back("XX", "XXX");
        return some;
    }

    document make_document(std::int64_t id)
    {
        const auto owner = "AB" + std::to_string(id % 3);
        document made(object_key("ES", owner, std::to_string(id)), "{}", instant(), std::nullopt);
        if (number(3) > 0) made.emsp = any_party();
        return made;
    }

    static std::string ids_of(const page& listed)
    {
        std::string ids;
        for (const auto& each : listed.records) ids += each.document.key.id.str() + ' ';
        return ids + (listed.is_last_page ? "end" : "more");
    }

    const test::temporary_directory directory_;
    database connection_{options_in(directory_)};
    memory_crud memory_;
    std::mt19937 random_;
};

std::int64_t number_of_rows(database& connection, const std::string& sql)
{
    query asked(connection, "SELECT count(*) FROM (" + sql + ")");
    REQUIRE(asked.step());
    return asked.integer(0);
}

/// That the table holds what a count of the records gives, and no other row.
void check_totals(database& connection)
{
    const auto slot_width_of_day = std::to_string(slot_width(total_level::day_of_update));
    const auto origin =
        std::to_string(-start_of_slot(0, total_level::day_of_update).milliseconds());
    const std::array<std::string, 4> slots{"0",
                                           "(last_updated + " + origin + ") / " + slot_width_of_day,
                                           "sequence / " + std::to_string(wide_block_size),
                                           "sequence / " + std::to_string(block_size)};
    std::string counted;
    for (std::size_t level = 0; level < slots.size(); ++level) {
        if (level > 0) counted += " UNION ALL ";
        counted +=
            "SELECT module, " + std::to_string(level) + " AS level, " + slots[level] +
            " AS slot, owner, coalesce(emsp, 0), count(*) FROM record GROUP BY 1, 2, 3, 4, 5";
    }
    const std::string kept = "SELECT * FROM list_total";
    CHECK(number_of_rows(connection, kept + " EXCEPT SELECT * FROM (" + counted + ")") == 0);
    CHECK(number_of_rows(connection, "SELECT * FROM (" + counted + ") EXCEPT " + kept) == 0);
}

}  // namespace

TEST_CASE("crud/sqlite/list_totals: totals and pages are those of a count, whatever was written")
{
    const auto seed = std::random_device()();
    CAPTURE(seed);
    two_stores stores(seed);
    for (int round = 0; round < 200; ++round) {
        {
            write_transaction in(stores.connection());
            for (auto changes = stores.number(20); changes >= 0; --changes) stores.change(in, 60);
            in.commit();
        }
        check_totals(stores.connection());
        stores.compare(stores.make_query(30));
    }
}

TEST_CASE("crud/sqlite/list_totals: a deep page is the same as one that was counted to")
{
    const auto seed = std::random_device()();
    CAPTURE(seed);
    two_stores stores(seed);
    {
        write_transaction in(stores.connection());
        for (int i = 0; i < 12'000; ++i) stores.change(in, 6'000);
        in.commit();
    }
    check_totals(stores.connection());
    for (int round = 0; round < 40; ++round) stores.compare(stores.make_query(4'000));
}

TEST_CASE("crud/sqlite/list_totals: bounds beyond all records are none, and blocks are passed over")
{
    two_stores stores(1);
    write_transaction in(stores.connection());
    for (int i = 0; i < 6'000; ++i) stores.change(in, 6'000);
    in.commit();
    selection wanted(stores.connection().numbers(), "sessions", list_query());
    wanted.date_from = date_time::from_milliseconds(0);
    wanted.date_to = date_time::from_milliseconds(4'000'000'000'000);
    const auto total = count_list(stores.connection(), wanted);
    CHECK(total > block_size);
    CHECK_FALSE(wanted.date_from);
    CHECK_FALSE(wanted.date_to);
    wanted.offset = total - 1;
    choose_course(stores.connection(), wanted, total);
    CHECK(*wanted.from_sequence >= block_size);
    CHECK(wanted.offset < static_cast<std::uint64_t>(block_size));
}

TEST_CASE("crud/sqlite/list_totals: hardly a record of a block is passed over by the page itself")
{
    two_stores stores(1);
    write_transaction in(stores.connection());
    for (int i = 0; i < 6'000; ++i) stores.change(in, 6'000);
    in.commit();
    const selection all(stores.connection().numbers(), "sessions", list_query());
    query reading(stores.connection(), "SELECT sequence FROM record WHERE module = ? ORDER BY 1");
    reading.bind(all.module);
    std::vector<std::int64_t> sequences;
    while (reading.step()) sequences.push_back(reading.integer(0));
    for (std::size_t offset = 0; offset < sequences.size(); offset += 7) {
        auto wanted = all;
        wanted.offset = offset;
        choose_course(stores.connection(), wanted, sequences.size());
        CHECK(wanted.offset <= 64);
        const auto first =
            std::lower_bound(sequences.begin(), sequences.end(), wanted.from_sequence.value_or(0));
        CHECK(first[static_cast<std::ptrdiff_t>(wanted.offset)] == sequences[offset]);
    }
}

}  // namespace list_totals_test
