#include "crud/postgres/connection.hpp"

#include "ocpi/base/run_together.hpp"
#include "tests/support/postgres_client.hpp"
#include "tests/support/postgres_server.hpp"

#include <doctest/doctest.h>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace connection_test {

using namespace ocpi;
using namespace ocpi::crud::postgres;
using namespace ocpi::test;

namespace {

using boost::asio::awaitable;

/// All at once, on this strand.
awaitable<void> together(std::vector<std::function<awaitable<void>()>> tasks)
{
    std::vector<awaitable<void>> running;
    for (auto& task : tasks) running.push_back(task());
    co_await run_together(std::move(running));
}

}  // namespace

TEST_CASE("crud/postgres/connection: values come back as they went, byte for byte")
{
    const postgres_database database;
    const connection_task task = [](connection& on) -> awaitable<void> {
        std::string bytes;
        for (int i = 0; i < 256; ++i) bytes += static_cast<char>(i);
        parameters values;
        values.add(std::int64_t{-9'000'000'000'000'000'001})
            .add("it's \\ \"Zürich\" ; --")
            .add_bytes(bytes)
            .add_boolean(true)
            .add_null_number()
            .add_null_text()
            .add_null_bytes()
            .add("");
        const auto answer = co_await run_one(on,
                                             "SELECT $1::bigint, $2::text, $3::bytea, $4::boolean, "
                                             "$5::bigint, $6::text, $7::bytea, $8::text, 7::int, "
                                             "(-3)::smallint",
                                             std::move(values));
        REQUIRE(answer.size() == 1);
        CHECK(answer.integer(0, 0) == -9'000'000'000'000'000'001);
        CHECK(answer.text(0, 1) == "it's \\ \"Zürich\" ; --");
        CHECK(answer.text(0, 2) == bytes);
        CHECK(answer.integer(0, 3) == 1);
        for (const int column : {4, 5, 6}) CHECK(answer.is_null(0, column));
        CHECK(answer.integer(0, 4) == 0);
        CHECK(answer.text(0, 5).empty());
        CHECK_FALSE(answer.is_null(0, 7));
        CHECK(answer.integer(0, 8) == 7);
        CHECK(answer.integer(0, 9) == -3);
        CHECK_THROWS_AS((void)answer.integer(0, 1), std::logic_error);
    };
    with_connection(database.url(), task);
}

TEST_CASE("crud/postgres/connection: arrays become rows, NULLs and empty ones included")
{
    const postgres_database database;
    const connection_task task = [](connection& on) -> awaitable<void> {
        const std::vector<std::optional<std::int64_t>> numbers{1, std::nullopt, -3};
        const std::vector<std::optional<std::string_view>> texts{"a,{}\"", std::nullopt, ""};
        const std::vector<std::optional<std::string_view>> bytes{std::string_view("\0\xff", 2),
                                                                 std::nullopt, ""};
        parameters values;
        values.add_numbers(numbers).add_texts(texts).add_byte_arrays(bytes);
        const std::string sql =
            "SELECT a, b, c FROM unnest($1::bigint[], $2::text[], $3::bytea[]) AS u(a, b, c)";
        const auto answer = co_await run_one(on, sql, std::move(values));
        REQUIRE(answer.size() == 3);
        for (int i = 0; i < 3; ++i) {
            const auto place = static_cast<std::size_t>(i);
            CHECK(answer.is_null(i, 0) == !numbers[place]);
            CHECK(answer.integer(i, 0) == numbers[place].value_or(0));
            CHECK(answer.is_null(i, 1) == !texts[place]);
            CHECK(answer.text(i, 1) == texts[place].value_or(""));
            CHECK(answer.text(i, 2) == bytes[place].value_or(""));
        }
        parameters none;
        none.add_numbers({}).add_texts({}).add_byte_arrays({});
        const auto empty = co_await run_one(on, sql, std::move(none));
        CHECK(empty.size() == 0);
    };
    with_connection(database.url(), task);
}

TEST_CASE("crud/postgres/connection: statements of one run are one transaction")
{
    postgres_database database;
    database.execute("CREATE TABLE t (a bigint PRIMARY KEY)");
    const connection_task task = [](connection& on) -> awaitable<void> {
        auto answers = co_await on.run(statements("INSERT INTO t VALUES (1), (2)",
                                                  "UPDATE t SET a = a + 10 WHERE a = 2",
                                                  "SELECT a FROM t ORDER BY a"));
        REQUIRE(answers.size() == 3);
        CHECK(answers[0].affected() == 2);
        CHECK(answers[1].affected() == 1);
        CHECK(answers[2].integer(1, 0) == 12);

        const auto failed = co_await find_run_failure(
            on, statements("INSERT INTO t VALUES (3)", "INSERT INTO t VALUES (1)",
                           "INSERT INTO t VALUES (4)"));
        REQUIRE(failed);
        CHECK(failed->is_unique_violation());
        CHECK_FALSE(failed->is_connection_lost());
        const auto count = co_await run_one(on, "SELECT count(*) FROM t");
        CHECK(count.integer(0, 0) == 2);
    };
    with_connection(database.url(), task);
}

TEST_CASE("crud/postgres/connection: a failed transaction is rolled back before the next run")
{
    postgres_database database;
    database.execute("CREATE TABLE t (a bigint PRIMARY KEY)");
    const connection_task task = [](connection& on) -> awaitable<void> {
        // Begun in one run, failed in another.
        co_await on.run(statements("BEGIN", "INSERT INTO t VALUES (1)"));
        const auto failed =
            co_await find_run_failure(on, statements("INSERT INTO t VALUES (1)", "COMMIT"));
        REQUIRE(failed);
        CHECK(failed->is_unique_violation());
        const auto count = co_await run_one(on, "SELECT count(*) FROM t");
        CHECK(count.integer(0, 0) == 0);

        // A text, too.
        std::optional<postgres_error> text;
        try {
            co_await on.execute("BEGIN; SELECT 1/0");
        } catch (const postgres_error& failure) {
            text = failure;
        }
        REQUIRE(text);
        CHECK(text->sqlstate() == "22012");
        co_await on.execute("INSERT INTO t VALUES (1); INSERT INTO t VALUES (2)");
        const auto both = co_await run_one(on, "SELECT count(*) FROM t");
        CHECK(both.integer(0, 0) == 2);
    };
    with_connection(database.url(), task);
}

TEST_CASE("crud/postgres/connection: many runs share a connection, each with its own answer")
{
    postgres_database database;
    database.execute("CREATE TABLE t (a bigint PRIMARY KEY)");
    const connection_task task = [](connection& on) -> awaitable<void> {
        int answered = 0;
        int refused = 0;
        std::size_t most = 0;
        std::vector<std::function<awaitable<void>()>> tasks;
        for (int i = 0; i < 300; ++i) {
            tasks.emplace_back([&, i]() -> awaitable<void> {
                if (i % 7 == 3) {
                    // Fails within a transaction that those behind it have not begun.
                    const auto failed = co_await find_run_failure(
                        on, statements("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                                       "SELECT 1 / 0", "COMMIT"));
                    if (failed && failed->sqlstate() == "22012") ++refused;
                } else {
                    parameters values;
                    values.add(i);
                    auto commands = statements("BEGIN");
                    commands.emplace_back("INSERT INTO t VALUES ($1) RETURNING a", values);
                    commands.emplace_back("COMMIT");
                    const auto answers = co_await on.run(std::move(commands));
                    if (answers.at(1).integer(0, 0) == i) ++answered;
                }
                most = std::max(most, on.in_flight());
            });
        }
        co_await together(std::move(tasks));
        CHECK(refused == 43);
        CHECK(answered == 257);
        CHECK(most > 100);
        // The last ROLLBACK may be under way still.
        const auto count = co_await run_one(on, "SELECT count(*) FROM t");
        CHECK(count.integer(0, 0) == 257);
        CHECK(on.in_flight() == 0);
    };
    with_connection(database.url(), task);
}

TEST_CASE("crud/postgres/connection: a statement that cannot be prepared spoils no later one")
{
    postgres_database database;
    const connection_task task = [](connection& on) -> awaitable<void> {
        const std::string sql = "SELECT a FROM late";
        const auto missing = co_await find_run_failure(on, statements(sql));
        REQUIRE(missing);
        CHECK(missing->sqlstate() == "42P01");
        // Nor one that was skipped, as another before it has failed.
        const auto skipped = co_await find_run_failure(on, statements("SELECT 1/0", "SELECT 2"));
        REQUIRE(skipped);
        const auto again = co_await run_one(on, "SELECT 2");
        CHECK(again.size() == 1);

        co_await on.execute("CREATE TABLE late (a bigint); INSERT INTO late VALUES (5)");
        const auto found = co_await run_one(on, sql);
        CHECK(found.integer(0, 0) == 5);
        // A prepared statement does not outlive a change of its columns; the run after does.
        co_await on.execute("ALTER TABLE late ALTER a TYPE integer");
        const auto changed = co_await find_run_failure(on, statements(sql));
        if (changed) CHECK(changed->sqlstate() == "0A000");
        const auto later = co_await run_one(on, sql);
        CHECK(later.integer(0, 0) == 5);
        // Nor the loss of all of them.
        co_await on.execute("DEALLOCATE ALL");
        const auto lost = co_await find_run_failure(on, statements(sql));
        if (lost) CHECK(lost->sqlstate() == "26000");
        const auto last = co_await run_one(on, sql);
        CHECK(last.integer(0, 0) == 5);
    };
    with_connection(database.url(), task);
}

TEST_CASE("crud/postgres/connection: the server keeps a bounded number of statements")
{
    const postgres_database database;
    const connection_task task = [](connection& on) -> awaitable<void> {
        for (int i = 0; i < 1200; ++i) {
            const auto answer = co_await run_one(on, "SELECT " + std::to_string(i));
            CHECK(answer.integer(0, 0) == i);
        }
        const auto kept = co_await run_one(on, "SELECT count(*) FROM pg_prepared_statements");
        CHECK(kept.integer(0, 0) >= 490);
        CHECK(kept.integer(0, 0) <= 501);
    };
    with_connection(database.url(), task);
}

TEST_CASE("crud/postgres/connection: it reads while it writes, so that both ways may be full")
{
    const postgres_database database;
    const connection_task task = [](connection& on) -> awaitable<void> {
        const std::string large(1 << 20, 'x');
        int answered = 0;
        std::vector<std::function<awaitable<void>()>> tasks;
        for (int i = 0; i < 32; ++i) {
            tasks.emplace_back([&]() -> awaitable<void> {
                parameters values;
                values.add_bytes(large);
                const auto answer = co_await run_one(on, "SELECT $1::bytea", std::move(values));
                if (answer.text(0, 0) == large) ++answered;
            });
        }
        co_await together(std::move(tasks));
        CHECK(answered == 32);
    };
    with_connection(database.url(), task);
}

TEST_CASE("crud/postgres/connection: runs wait for a text, and a text for the runs before it")
{
    const postgres_database database;
    const connection_task task = [](connection& on) -> awaitable<void> {
        std::vector<std::int64_t> counts(5);
        std::vector<std::function<awaitable<void>()>> tasks;
        const auto count = [&](std::size_t place) -> awaitable<void> {
            const auto answer =
                co_await run_one(on, "SELECT count(*) FROM pg_class WHERE relname LIKE 'step_'");
            counts[place] = answer.integer(0, 0);
        };
        tasks.emplace_back([&] { return count(0); });
        tasks.emplace_back(
            [&] { return on.execute("CREATE TABLE step1 (); CREATE TABLE step2 ()"); });
        tasks.emplace_back([&] { return count(1); });
        tasks.emplace_back([&] { return count(2); });
        tasks.emplace_back([&] { return on.execute("CREATE TABLE step3 ()"); });
        tasks.emplace_back([&] { return count(3); });
        co_await together(std::move(tasks));
        CHECK(counts == std::vector<std::int64_t>{0, 2, 2, 3, 0});
    };
    with_connection(database.url(), task);
}

TEST_CASE("crud/postgres/connection: the session is set up so that it holds up no other for long")
{
    const postgres_database database;
    const connection_task task = [](connection& on) -> awaitable<void> {
        const auto answer = co_await run_one(
            on,
            "SELECT current_setting('idle_in_transaction_session_timeout'), "
            "current_setting('lock_timeout'), current_setting('statement_timeout'), "
            "current_setting('synchronous_commit'), current_setting('client_encoding'), "
            "current_setting('application_name')");
        CHECK(answer.text(0, 0) == "5s");
        CHECK(answer.text(0, 1) == "10s");
        CHECK(answer.text(0, 2) == "7500ms");
        CHECK(answer.text(0, 3) == "on");
        CHECK(answer.text(0, 4) == "UTF8");
        CHECK(answer.text(0, 5) == "ocpi-sessions");
    };
    with_connection(database.url(), task);
}

}  // namespace connection_test
