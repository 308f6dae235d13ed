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
#include <cstddef>
#include <cstdint>
#include <functional>
#include <latch>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
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

/// Begins a copy of a source of that name, which has records.
std::string beginning_failure(crud::record_sink& to, const std::string& source,
                              std::uint64_t latest = 9)
{
    try {
        to.begin({source, {latest, latest}});
    } catch (const std::runtime_error& failure) {
        return failure.what();
    }
    return "none";
}

/// Calls `in_between` after so many batches have been read.
class interleaved_source final : public crud::record_source {
public:
    interleaved_source(crud::record_source& of, int batches, std::function<void()> in_between)
        : of_(of), batches_(batches), in_between_(std::move(in_between))
    {
    }

    crud::store_numbers latest() override { return of_.latest(); }
    std::uint64_t count() override { return of_.count(); }
    std::vector<crud::stored_record> read() override
    {
        if (batches_-- == 0) in_between_();
        return of_.read();
    }

private:
    crud::record_source& of_;
    int batches_;
    std::function<void()> in_between_;
};

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

TEST_CASE(
    "crud/postgres/record_copy: a copy of another source is refused, and the first ends right")
{
    const test::temporary_directory directory;
    const auto from = directory.file("from.db");
    const auto other = directory.file("other.db");
    test::write_many_records(*open_file(from), 2500);
    test::write_odd_records(*open_file(other));
    test::postgres_database database;
    for (int batches = 0; batches <= 3; ++batches) {
        CAPTURE(batches);
        test::postgres_database fresh;
        const auto second = crud::postgres::open_record_sink(at(fresh.url()));
        const auto source = crud::sqlite::open_record_source(from);
        interleaved_source interleaved(*source, batches, [&] {
            const auto refused = crud::sqlite::open_record_source(other);
            CHECK_THROWS_WITH_AS(crud::copy_records("other", *refused, *second, [](const auto&) {}),
                                 doctest::Contains("has an unfinished copy of source: finish that"),
                                 std::runtime_error);
        });
        const auto first = crud::postgres::open_record_sink(at(fresh.url()));
        CHECK(copy(interleaved, *first).records == 2500);
        CHECK(fresh.execute("SELECT count(*) FROM record") == "2500");
        CHECK(beginning_failure(*second, "other").find("has data of its own") != std::string::npos);
    }
    // Also when no one works on it any more.
    test::interrupt_copy(from, sink_in(database), 1);
    const auto later = crud::postgres::open_record_sink(at(database.url()));
    CHECK(beginning_failure(*later, "other").find("has an unfinished copy of source") !=
          std::string::npos);
    CHECK(copy(from, sink_in(database)).records == 2500);
}

TEST_CASE("crud/postgres/record_copy: a copy that another run has resumed is given up")
{
    const test::temporary_directory directory;
    const auto from = directory.file("from.db");
    test::write_many_records(*open_file(from), 2500);
    for (int batches = 0; batches <= 3; ++batches) {
        CAPTURE(batches);
        test::postgres_database database;
        const auto source = crud::sqlite::open_record_source(from);
        const auto second = crud::postgres::open_record_sink(at(database.url()));
        interleaved_source interleaved(*source, batches, [&] {
            second->begin({"source", source->latest()});
        });
        const auto first = crud::postgres::open_record_sink(at(database.url()));
        CHECK_THROWS_WITH_AS(copy(interleaved, *first), doctest::Contains("another process is"),
                             std::runtime_error);
        // No server takes it for a whole store.
        CHECK(database.execute("SELECT version FROM schema_version") == "-1");
    }
}

TEST_CASE("crud/postgres/record_copy: a later state does not remove a copy that goes on")
{
    test::postgres_database database;
    const auto first = crud::postgres::open_record_sink(at(database.url()));
    const auto second = crud::postgres::open_record_sink(at(database.url()));
    CHECK(beginning_failure(*first, "source", 3) == "none");
    CHECK(beginning_failure(*second, "source", 4).find("another command is connected") !=
          std::string::npos);
    first->finish();
    CHECK(database.execute("SELECT revision FROM latest_number") == "3");
}

TEST_CASE("crud/postgres/record_copy: of two that begin at once, one is refused by name")
{
    for (int round = 0; round < 20; ++round) {
        CAPTURE(round);
        test::postgres_database database;
        const std::vector<std::string> names{"A", "B"};
        std::vector<std::unique_ptr<crud::record_sink>> sinks;
        for (int sink = 0; sink < 2; ++sink) {
            sinks.push_back(crud::postgres::open_record_sink(at(database.url())));
        }
        std::vector<std::string> failures(2);
        std::latch both(2);
        const auto begin = [&](std::size_t which) {
            both.arrive_and_wait();
            failures[which] = beginning_failure(*sinks[which], names[which]);
        };
        std::thread other(begin, 1);
        begin(0);
        other.join();
        const std::size_t won = failures[0] == "none" ? 0 : 1;
        CHECK(failures[won] == "none");
        CAPTURE(failures[1 - won]);
        CHECK(failures[1 - won].find("has an unfinished copy of " + names[won]) !=
              std::string::npos);
        sinks[won]->finish();
    }
}

TEST_CASE("crud/postgres/record_copy: of two of one source that begin at once, one goes on")
{
    for (int round = 0; round < 20; ++round) {
        CAPTURE(round);
        test::postgres_database database;
        std::vector<std::unique_ptr<crud::record_sink>> sinks;
        for (int sink = 0; sink < 2; ++sink) {
            sinks.push_back(crud::postgres::open_record_sink(at(database.url())));
        }
        std::vector<std::string> failures(2);
        std::latch both(2);
        const auto run = [&](std::size_t which) {
            both.arrive_and_wait();
            failures[which] = beginning_failure(*sinks[which], "source");
        };
        std::thread other(run, 1);
        run(0);
        other.join();
        int ended = 0;
        for (std::size_t which = 0; which < 2; ++which) {
            CAPTURE(failures[which]);
            if (failures[which] != "none") {
                CHECK(failures[which].find("another process is copying to") == 0);
                continue;
            }
            try {
                sinks[which]->finish();
                ++ended;
            } catch (const std::runtime_error& lost) {
                CHECK(std::string(lost.what()).find("another process is copying to") == 0);
            }
        }
        CHECK(ended == 1);
    }
}

}  // namespace postgres_record_copy_test
