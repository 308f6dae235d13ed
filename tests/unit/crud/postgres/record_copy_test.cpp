#include "crud/postgres/record_copy.hpp"

#include "crud/postgres/postgres_crud.hpp"
#include "crud/sqlite/record_copy.hpp"
#include "crud/sqlite/sqlite_crud.hpp"
#include "tests/support/odd_records.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/record_copies.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

namespace postgres_record_copy_test {

using namespace ocpi;
using crud::interface_side;
using test::contents_of;
using test::copy;
using test::failure_of;
using test::open_file;
using test::run_awaitable;

namespace {

crud::postgres::connection_options at(const std::string& url)
{
    crud::postgres::connection_options options;
    options.url = url;
    return options;
}

std::unique_ptr<crud::postgres_crud> open(const std::string& url)
{
    crud::postgres_options options;
    options.connection = at(url);
    return std::make_unique<crud::postgres_crud>(options);
}

test::sink_opener sink_in(const test::postgres_database& database)
{
    return [url = database.url()] { return crud::postgres::open_record_sink(at(url)); };
}

/// Every row of the tables of counts and sums, in one text.
std::string totals_of(test::postgres_database& in)
{
    return in.execute("SELECT string_agg(t::text, E'\\n' ORDER BY t::text) FROM list_total AS t") +
           '\n' +
           in.execute("SELECT string_agg(t::text, E'\\n' ORDER BY t::text) FROM record_total AS t");
}

}  // namespace

TEST_CASE("crud/postgres/record_copy: from SQLite to PostgreSQL and back everything is as it was")
{
    const test::temporary_directory directory;
    const auto from = directory.file("from.db");
    const auto back = directory.file("back.db");
    test::postgres_database database;
    {
        const auto store = open_file(from);
        test::write_odd_records(*store);
        test::write_many_records(*store, 30);
    }
    const auto copied = copy(from, sink_in(database));
    CHECK(copied == contents_of(from, directory.file("a")));
    {
        const auto store = open(database.url());
        const auto page =
            run_awaitable(store->list("sessions", interface_side::receiver, crud::list_query{}));
        REQUIRE(page.has_value());
        CHECK(page->total == 33);
        CHECK(page->as_of == copied.last_revision);
        CHECK(page->records.front().document.json == test::odd_records().front().second.json);
        CHECK(page->records.front().document.summary == test::odd_records().front().second.summary);
    }
    {
        const auto source = crud::postgres::open_record_source(at(database.url()));
        const auto sink = crud::sqlite::open_record_sink(back);
        CHECK(copy(*source, *sink) == copied);
    }
    CHECK(copied == contents_of(back, directory.file("b")));
}

TEST_CASE("crud/postgres/record_copy: counts and sums are those that the store itself keeps")
{
    const test::temporary_directory directory;
    const auto file = directory.file("file.db");
    test::postgres_database written;
    test::postgres_database copied;
    for (const auto& store :
         std::vector<std::shared_ptr<Crud>>{open_file(file), open(written.url())}) {
        test::write_odd_records(*store);
        test::write_many_records(*store, 100);
    }
    copy(file, sink_in(copied));
    CHECK(totals_of(copied) == totals_of(written));
    CHECK(totals_of(copied).size() > 1000);
}

TEST_CASE("crud/postgres/record_copy: wherever a copy is interrupted, the next one goes on")
{
    const test::temporary_directory directory;
    test::postgres_database database;
    test::check_going_on(directory.file("from.db"), sink_in(database), [&] {
        // No server takes half of it for a whole store, nor is it a source.
        CHECK_THROWS_WITH_AS(open(database.url()), doctest::Contains("copy into the database"),
                             std::runtime_error);
        CHECK_THROWS_WITH_AS(crud::postgres::open_record_source(at(database.url())),
                             doctest::Contains("copy into the database"), std::runtime_error);
    });
    CHECK(database.execute("SELECT count(*) FROM record") == "2506");
}

TEST_CASE(
    "crud/postgres/record_copy: what an interrupted copy of another state has left is removed")
{
    const test::temporary_directory directory;
    test::postgres_database database;
    test::copy_later_state(directory.file("from.db"), sink_in(database));
    CHECK(database.execute("SELECT count(*) FROM record") == "5");
}

TEST_CASE(
    "crud/postgres/record_copy: a database with data, or one that a server works on, is refused")
{
    const test::temporary_directory directory;
    const auto from = directory.file("from.db");
    test::postgres_database database;
    test::write_odd_records(*open_file(from));
    const auto store = open(database.url());
    const auto leases = store->leases();
    REQUIRE(leases);
    const auto claim =
        run_awaitable(leases->claim("host:1:x", {"policies"}, std::chrono::milliseconds(60'000)));
    REQUIRE(claim.has_value());
    CHECK(failure_of(from, sink_in(database)).find("a server works on") == 0);
    CHECK_THROWS_WITH_AS(crud::postgres::open_record_source(at(database.url())),
                         doctest::Contains("(host:1:x): stop all of them first"),
                         std::runtime_error);
    REQUIRE(run_awaitable(leases->release("host:1:x", *claim)).has_value());
    CHECK_THROWS_WITH_AS(crud::postgres::open_record_source(at(database.url())),
                         doctest::Contains("is connected to"), std::runtime_error);
    const crud::document one(crud::object_key("ES", "ABC", "1"), "{}", date_time(), std::nullopt);
    REQUIRE(run_awaitable(store->create("sessions", interface_side::receiver, one)).has_value());
    CHECK(failure_of(from, sink_in(database)).find("has data of its own") != std::string::npos);
    test::postgres_database empty;
    CHECK_THROWS_WITH_AS(crud::postgres::open_record_source(at(empty.url())),
                         doctest::Contains("it is no database of ocpi-sessions"),
                         std::runtime_error);
}

TEST_CASE("crud/postgres/record_copy: tables of another program are left alone")
{
    const test::temporary_directory directory;
    const auto from = directory.file("from.db");
    test::postgres_database database;
    database.execute("CREATE TABLE writer (name text); INSERT INTO writer VALUES ('Borges')");
    test::write_odd_records(*open_file(from));
    CHECK(failure_of(from, sink_in(database)).find("\"writer\" already exists") !=
          std::string::npos);
    CHECK(database.execute("SELECT name FROM writer") == "Borges");
    database.execute("DROP TABLE writer; CREATE TABLE author (name text)");
    CHECK(failure_of(from, sink_in(database)) == "none");
    CHECK(database.execute("SELECT count(*) FROM author") == "0");
}

TEST_CASE("crud/postgres/record_copy: an empty store that has been opened is no other data")
{
    const test::temporary_directory directory;
    const auto from = directory.file("from.db");
    test::postgres_database database;
    test::write_odd_records(*open_file(from));
    open(database.url());
    CHECK(failure_of(from, sink_in(database)) == "none");
    CHECK(database.execute("SELECT count(*) FROM record") == "6");
}

}  // namespace postgres_record_copy_test
