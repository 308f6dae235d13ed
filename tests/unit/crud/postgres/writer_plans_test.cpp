#include "crud/postgres/postgres_crud.hpp"
#include "crud/postgres/session.hpp"
#include "crud/postgres/write_statements.hpp"
#include "tests/support/postgres_client.hpp"
#include "tests/support/postgres_store.hpp"

#include <doctest/doctest.h>

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace writer_plans_test {

using namespace ocpi;
using namespace ocpi::crud::postgres;
using namespace ocpi::test;

namespace {

using boost::asio::awaitable;

constexpr std::int64_t row_count = 5000;

const char* const fill =
    "INSERT INTO record (module, country_code, party_id, id, sequence, revision, last_updated, "
    "given_country_code, given_party_id, given_id, json) SELECT 'sessions', 'ES', 'ABC', i::text, "
    "i, i, i, 'ES', 'ABC', i::text, '{}' FROM generate_series(1, 5000) AS i";

update_record make_update(int number)
{
    update_record change;
    change.document.key = crud::object_key("ES", "ABC", std::to_string(number));
    change.document.json = "{}";
    change.expected = static_cast<crud::revision>(number);
    return change;
}

/// The rows that make_update() is about, whether they are there or not.
locked_state make_state(const std::vector<row_key>& keys)
{
    locked_state made;
    for (const auto& key : keys) {
        locked_row row;
        row.revision = std::stoull(key.id);
        row.counted = count_of(key, crud::document());
        made.rows.emplace_back(std::move(row));
    }
    return made;
}

/// How many rows of records this session has looked at, since the server has last counted up what
/// its transactions have done.
const char* const count_fetched =
    "SELECT idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relname = 'record'";

/// Locks and updates so many records by the statements of a writer, and rolls back. Returns how
/// many rows they have looked at.
awaitable<std::int64_t> update_records(connection& on, int count)
{
    std::vector<crud::postgres::write> updates;
    for (int i = 1; i <= count; ++i) updates.push_back({"sessions", make_update(i), {}});
    std::vector<const crud::postgres::write*> writes;
    for (const auto& each : updates) writes.push_back(&each);
    batch_name name;
    name.writer = "test";
    auto keys = keys_of(writes);
    auto locking = begin_statements(name, writes, keys);
    locking.insert(locking.begin() + 1, command(count_fetched));
    const auto locked = co_await on.run(std::move(locking));
    const auto state = make_state(keys);
    const auto plan = plan_writes(writes, std::move(keys), state);
    auto storing = commit_statements(name, plan);
    storing.pop_back();
    storing.emplace_back(count_fetched);
    const auto stored = co_await on.run(std::move(storing));
    (void)co_await run_one(on, "ROLLBACK");
    co_return stored.back().integer(0, 0) - locked.at(1).integer(0, 0);
}

/// An empty store whose statistics say that it is empty, and whose newest index is not the primary
/// key. No one makes better statistics later.
void open_empty(postgres_store& stored)
{
    const crud::postgres_crud crud(stored.options);
    for (const char* each : {"ALTER TABLE record SET (autovacuum_enabled = off)",
                             "REINDEX INDEX CONCURRENTLY record_by_date", "ANALYZE record"}) {
        (void)stored.database.execute(each);
    }
}

}  // namespace

TEST_CASE("crud/postgres/writer: plans that were made before there were rows are made again")
{
    postgres_store stored;
    open_empty(stored);
    const connection_task task = [&](connection& on) -> awaitable<void> {
        co_await prepare_plans(on);
        REQUIRE(co_await can_discard_plans(on));
        (void)co_await update_records(on, 1);
        (void)co_await run_one(on, fill);
        // What there is to be afraid of: two statements read all rows for each key.
        CHECK(co_await update_records(on, 10) > row_count);

        std::vector<command> discarding;
        discarding.push_back(discard_plans());
        (void)co_await on.run(std::move(discarding));
        for (const int count : {1, 512, 1}) {
            CAPTURE(count);
            // Each row is locked, and updated.
            CHECK(co_await update_records(on, count) == 2 * count);
        }
    };
    with_connection(stored.options.connection, task);
}

}  // namespace writer_plans_test
