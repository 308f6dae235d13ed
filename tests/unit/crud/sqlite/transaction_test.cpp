#include "crud/sqlite/transaction.hpp"

#include "crud/sqlite/database.hpp"
#include "crud/sqlite/sqlite_error.hpp"
#include "crud/sqlite/statement.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <string>

namespace transaction_test {

using namespace ocpi::crud::sqlite;

namespace {

struct numbers {
    ocpi::test::temporary_directory directory;
    database connection{database_options{.path = directory.file("numbers.db")}};

    numbers() { connection.execute("CREATE TABLE number (value INTEGER PRIMARY KEY)"); }

    void add(std::int64_t value)
    {
        query(connection, "INSERT INTO number VALUES (?)").bind(value).step();
    }
    std::int64_t count()
    {
        query counting(connection, "SELECT count(*) FROM number");
        counting.step();
        return counting.integer(0);
    }
};

}  // namespace

TEST_CASE("crud/sqlite/transaction: what is not committed is rolled back")
{
    numbers table;
    {
        transaction change(table.connection, transaction::kind::write);
        table.add(1);
        change.commit();
    }
    {
        transaction change(table.connection, transaction::kind::write);
        table.add(2);
    }
    CHECK(table.count() == 1);
    CHECK_FALSE(table.connection.in_transaction());
}

TEST_CASE("crud/sqlite/transaction: one that was left open is ended by the next")
{
    numbers table;
    table.connection.execute("BEGIN");
    table.add(1);
    transaction change(table.connection, transaction::kind::write);
    CHECK(table.count() == 0);
}

TEST_CASE("crud/sqlite/transaction: an error names what was done and why it failed")
{
    numbers table;
    table.add(1);
    try {
        table.add(1);
        FAIL("a key was taken twice");
    } catch (const sqlite_error& failure) {
        CHECK(std::string(failure.what()) ==
              "running INSERT INTO number VALUES (?): UNIQUE constraint failed: number.value "
              "(SQLite 1555)");
        CHECK(failure.code() == 1555);
    }
    table.add(2);
    CHECK(table.count() == 2);
}

}  // namespace transaction_test
