#include "crud/sqlite/migrations.hpp"

#include "crud/sqlite/database.hpp"
#include "crud/sqlite/records.hpp"
#include "crud/sqlite/statement.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>

namespace migrations_test {

using namespace ocpi::crud::sqlite;

namespace {

std::int64_t number(database& connection, const char* sql)
{
    query asked(connection, sql);
    REQUIRE(asked.step());
    return asked.integer(0);
}

/// A file as version 0.1 of the schema's second step left it, with one record.
void make_second_schema(const database_options& options)
{
    database connection(options);
    connection.execute(R"sql(
CREATE TABLE record (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    module TEXT NOT NULL,
    country_code TEXT NOT NULL,
    party_id TEXT NOT NULL,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    last_updated INTEGER NOT NULL,
    emsp_country_code TEXT,
    emsp_party_id TEXT,
    given_country_code TEXT NOT NULL,
    given_party_id TEXT NOT NULL,
    given_id TEXT NOT NULL,
    given_emsp_country_code TEXT,
    given_emsp_party_id TEXT,
    json TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX record_by_key ON record (module, country_code, party_id, id);
CREATE INDEX record_by_creation ON record (module);
CREATE INDEX record_by_date
    ON record (module, last_updated, emsp_country_code, emsp_party_id);
CREATE TABLE change_number (last INTEGER NOT NULL) STRICT;
INSERT INTO change_number (last) VALUES (1);
CREATE INDEX record_by_change ON record (module, revision);
INSERT INTO record (module, country_code, party_id, id, revision, last_updated,
                    emsp_country_code, emsp_party_id, given_country_code, given_party_id,
                    given_id, given_emsp_country_code, given_emsp_party_id, json)
VALUES ('sessions', 'ES', 'ABC', '1', 1, 1700000000000, 'NL', 'MSP', 'ES', 'ABC', '1',
        'NL', 'MSP', '{"id":"1"}');
PRAGMA user_version = 2;
)sql");
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
    CHECK(number(connection, "SELECT last FROM change_number") == 0);

    connection.execute("UPDATE change_number SET last = 7");
    migrate(connection);
    CHECK(number(connection, "SELECT last FROM change_number") == 7);
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

TEST_CASE("crud/sqlite/migrations: a database of the first schema keeps its records")
{
    const ocpi::test::temporary_directory directory;
    database_options options;
    options.path = directory.file("store.db");
    make_second_schema(options);
    // As it was before the second step.
    database(options).execute("DROP INDEX record_by_change; PRAGMA user_version = 1");
    database connection(options);
    migrate(connection);
    CHECK(number(connection, "PRAGMA user_version") == latest_schema());
    ocpi::crud::changes_query since;
    CHECK(list_changed_records(connection, "sessions", since)->records.size() == 1);
    since.after = 1;
    CHECK(list_changed_records(connection, "sessions", since)->records.empty());
}

TEST_CASE("crud/sqlite/migrations: records of the second schema have no keys and no contract")
{
    const ocpi::test::temporary_directory directory;
    database_options options;
    options.path = directory.file("store.db");
    make_second_schema(options);
    database connection(options);
    migrate(connection);
    CHECK(number(connection, "PRAGMA user_version") == latest_schema());
    const ocpi::crud::record_key key("ES", "ABC", "1");
    auto stored = find_record(connection, "sessions", key);
    REQUIRE(stored.has_value());
    CHECK(stored->revision == 1);
    CHECK(stored->document.json == R"({"id":"1"})");
    CHECK(stored->document.emsp == ocpi::party("NL", "MSP"));
    CHECK(stored->document.secondary_key.empty());
    CHECK_FALSE(stored->document.contract);
    CHECK(stored->document.sort_key.empty());
    ocpi::crud::sorted_query sorted;
    CHECK(list_sorted_records(connection, "sessions", sorted)->records.empty());

    stored->document.secondary_key = "one";
    stored->document.contract = ocpi::ci_string("c-1");
    stored->document.sort_key = "r";
    CHECK(*update_record(connection, "sessions", stored->document, 1) == 2);
    sorted.contracts = {ocpi::ci_string("C-1")};
    CHECK(list_sorted_records(connection, "sessions", sorted)->records.size() == 1);
    CHECK(find_record_by_secondary_key(connection, "sessions", "one", {}).has_value());
    ocpi::crud::document next(ocpi::crud::record_key("ES", "ABC", "2"), "{}", ocpi::date_time(),
                              std::nullopt);
    CHECK(*insert_record(connection, "sessions", next) == 3);
    CHECK(list_records(connection, "sessions", ocpi::crud::list_query())
              ->records.back()
              .document.key.id.str() == "2");
}

}  // namespace migrations_test
