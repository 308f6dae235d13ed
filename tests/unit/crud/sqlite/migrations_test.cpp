#include "crud/sqlite/migrations.hpp"

#include "crud/sqlite/database.hpp"
#include "crud/sqlite/statement.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <stdexcept>

namespace migrations_test {

using namespace ocpi::crud::sqlite;

namespace {

std::int64_t number(database& connection, const char* sql)
{
    query asked(connection, sql);
    REQUIRE(asked.step());
    return asked.integer(0);
}

}  // namespace

TEST_CASE("crud/sqlite/migrations: an empty file gets the latest schema, once")
{
    const ocpi::test::temporary_directory directory;
    database_options options;
    options.path = directory.file("store.db");
    database connection(options);
    CHECK(number(connection, "PRAGMA user_version") == 0);
    migrate(connection);
    CHECK(number(connection, "PRAGMA user_version") == latest_schema());
    CHECK(number(connection, "SELECT count(*) FROM record") == 0);
    CHECK(number(connection, "SELECT revision FROM latest_number") == 0);

    connection.execute("UPDATE latest_number SET revision = 7");
    migrate(connection);
    CHECK(number(connection, "SELECT revision FROM latest_number") == 7);
}

TEST_CASE("crud/sqlite/migrations: a schema of before the first release is refused by name")
{
    const ocpi::test::temporary_directory directory;
    database_options options;
    options.path = directory.file("store.db");
    database connection(options);
    connection.execute("PRAGMA user_version = 5");
    CHECK_THROWS_WITH_AS(migrate(connection),
                         "the database has schema 5, of a development version before the first "
                         "release; choose another file",
                         std::runtime_error);
    CHECK(number(connection, "SELECT count(*) FROM sqlite_schema") == 0);
    CHECK_FALSE(connection.in_transaction());
}

TEST_CASE("crud/sqlite/migrations: a newer schema is refused and left as it is")
{
    const ocpi::test::temporary_directory directory;
    database_options options;
    options.path = directory.file("store.db");
    database connection(options);
    connection.execute("PRAGMA user_version = 99");
    CHECK_THROWS_AS(migrate(connection), std::runtime_error);
    CHECK(number(connection, "PRAGMA user_version") == 99);
    CHECK(number(connection, "SELECT count(*) FROM sqlite_schema") == 0);
    CHECK_FALSE(connection.in_transaction());
}

}  // namespace migrations_test
