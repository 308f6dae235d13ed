#include "crud/sqlite/sqlite_crud.hpp"

#include "crud/sqlite/database.hpp"
#include "tests/crud_contract/crud_contract.hpp"
#include "tests/support/durable_store_checks.hpp"
#include "tests/support/recording_logger.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/store_calls.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <fstream>
#include <memory>
#include <stdexcept>
#include <string>

namespace sqlite_crud_test {

namespace {

using namespace ocpi;
using namespace ocpi::test::store_calls;
using test::run_awaitable;

/// A file in a directory of its own, and the options to open it with.
struct store {
    test::temporary_directory directory;
    std::shared_ptr<test::recording_logger> log = std::make_shared<test::recording_logger>();
    crud::sqlite_options options;

    store()
    {
        options.path = directory.file("store.db");
        options.busy_timeout = std::chrono::milliseconds(0);
        options.logger = log;
    }
};

std::unique_ptr<crud::sqlite_crud> open(const store& file)
{
    return std::make_unique<crud::sqlite_crud>(file.options);
}

std::string start_up_error(const crud::sqlite_options& options)
{
    try {
        crud::sqlite_crud crud(options);
    } catch (const std::runtime_error& failure) {
        return failure.what();
    }
    return "none";
}

/// Another connection to the file, as another process has.
crud::sqlite::database open_beside(const store& file)
{
    crud::sqlite::database_options options;
    options.path = file.options.path;
    return crud::sqlite::database(options);
}

/// Does that while another connection has the write lock, so that writes wait together.
template <class Work>
void while_locked(const store& file, Work work)
{
    auto other = open_beside(file);
    other.execute("BEGIN IMMEDIATE");
    work();
    other.execute("COMMIT");
}

}  // namespace

TEST_CASE("crud/sqlite/sqlite_crud: every promise of the port is kept")
{
    for (const auto& each : crud::contract::contract_cases()) {
        CAPTURE(each.name);
        store fresh;
        fresh.options.busy_timeout = std::chrono::seconds(5);
        crud::sqlite_crud crud(fresh.options);
        CHECK_NOTHROW(run_awaitable(each.run(crud)));
        CHECK(fresh.log->text().empty());
    }
}

TEST_CASE("crud/sqlite/sqlite_crud: opening the file again finds everything and revisions go on")
{
    store file;
    test::check_opening_again([&] { return open(file); });
}

TEST_CASE(
    "crud/sqlite/sqlite_crud: a file that cannot be used is named at start-up, with the reason")
{
    store file;
    SUBCASE("a directory that does not exist")
    {
        file.options.path = file.directory.file("missing/store.db");
        CHECK(start_up_error(file.options) ==
              "cannot use the database " + file.options.path +
                  ": opening the database: unable to open database file (SQLite 14)");
    }
    SUBCASE("a file of another kind")
    {
        std::ofstream(file.options.path) << std::string(4096, 'x');
        CHECK(start_up_error(file.options).find("file is not a database") != std::string::npos);
    }
    SUBCASE("a schema from the future")
    {
        open(file);
        open_beside(file).execute("PRAGMA user_version = 4711");
        const auto text = start_up_error(file.options);
        CHECK(text.find("schema 4711, written by a newer version") != std::string::npos);
    }
}

TEST_CASE("crud/sqlite/sqlite_crud: writes that wait together share one commit")
{
    store file;
    file.options.busy_timeout = std::chrono::seconds(60);
    crud::sqlite_crud crud(file.options);
    const auto before = crud.commits();
    operations together;
    while_locked(file, [&] { together.start_creating(crud, 100); });
    crud::revision last = 0;
    for (const auto& each : together.wait()) {
        REQUIRE(each.has_value());
        CHECK(*each > last);
        last = *each;
    }
    CHECK(crud.commits() == before + 1);
    CHECK(list(crud)->total == 100);
}

TEST_CASE("crud/sqlite/sqlite_crud: a refused write does not take its neighbours along")
{
    store file;
    file.options.busy_timeout = std::chrono::seconds(60);
    crud::sqlite_crud crud(file.options);
    operations together;
    while_locked(file, [&] {
        together.start(crud.create("sessions", side, make_document("1")));
        together.start(crud.create("sessions", side, make_document("1")));
        together.start(crud.update("sessions", side, make_document("1"), 4711));
        together.start(crud.update("sessions", side, make_document("missing"), 1));
        together.start(crud.update("sessions", side, make_document("1"), 1));
    });
    const auto outcomes = together.wait();
    CHECK(outcomes[0].has_value());
    CHECK(code_of(outcomes[1]) == errc::already_exists);
    CHECK(code_of(outcomes[2]) == errc::conflict);
    CHECK(code_of(outcomes[3]) == errc::not_found);
    CHECK(outcomes[4].has_value());
    CHECK(crud.commits() == 1);
}

TEST_CASE("crud/sqlite/sqlite_crud: a full queue refuses at once and loses nothing that it holds")
{
    store file;
    file.options.busy_timeout = std::chrono::seconds(60);
    file.options.queue_capacity = 3;
    crud::sqlite_crud crud(file.options);
    operations together;
    while_locked(file, [&] {
        together.start_creating(crud, 3);
        const auto refused = create(crud, "one too many");
        CHECK(code_of(refused) == errc::overloaded);
        CHECK(refused.error().text() ==
              "too many requests are waiting for the store; try again in a moment");
    });
    for (const auto& each : together.wait()) CHECK(each.has_value());
    CHECK(list(crud)->total == 3);
}

TEST_CASE("crud/sqlite/sqlite_crud: writes waiting at the end are finished")
{
    store file;
    file.options.busy_timeout = std::chrono::seconds(60);
    operations together;
    {
        crud::sqlite_crud crud(file.options);
        while_locked(file, [&] { together.start_creating(crud, 200); });
    }
    for (const auto& each : together.wait()) CHECK(each.has_value());
    crud::sqlite_crud crud(file.options);
    CHECK(list(crud)->total == 200);
}

TEST_CASE("crud/sqlite/sqlite_crud: a locked file fails writes, not reads, until the lock is gone")
{
    store file;
    crud::sqlite_crud crud(file.options);
    REQUIRE(create(crud, "1").has_value());
    while_locked(file, [&] {
        for (int i = 0; i < 3; ++i) {
            const auto refused = create(crud, "2");
            CHECK(code_of(refused) == errc::storage);
            CHECK(refused.error().text() ==
                  "the store cannot be reached or written at the moment; try again later");
            CHECK(refused.error().log_text().find("database is locked") != std::string::npos);
        }
        CHECK(get(crud, "1").has_value());
    });
    CHECK(create(crud, "2").has_value());
    CHECK(create(crud, "3").has_value());
    const auto lines = file.log->entries();
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].level == log_level::error);
    CHECK(lines[0].text.starts_with("writing to " + file.options.path + " fails: "));
    CHECK(lines[1].level != log_level::error);
    CHECK(lines[1].text ==
          "writing to " + file.options.path + " works again (and it had failed 2 times more)");
}

TEST_CASE(
    "crud/sqlite/sqlite_crud: a full disk fails the whole batch and service resumes when there is "
    "room")
{
    store file;
    file.options.max_pages = 72;
    file.options.busy_timeout = std::chrono::seconds(60);
    crud::sqlite_crud crud(file.options);
    REQUIRE(create(crud, "filler", std::string(150'000, 'x')).has_value());
    const auto base = create(crud, "changed");
    REQUIRE(base.has_value());

    operations together;
    while_locked(file, [&] {
        together.start(crud.update("sessions", side, make_document("changed", "new"), *base));
        together.start(crud.create("sessions", side, make_document("small")));
        together.start(
            crud.create("sessions", side, make_document("large", std::string(200'000, 'x'))));
    });
    for (const auto& each : together.wait()) {
        CHECK(code_of(each) == errc::storage);
        CHECK(each.error().log_text().find("full") != std::string::npos);
    }
    CHECK(list(crud)->total == 2);
    CHECK(get(crud, "changed")->revision == *base);
    CHECK(get(crud, "changed")->document.json == "{}");

    REQUIRE(remove(crud, "filler").has_value());
    CHECK(create(crud, "large", std::string(200'000, 'x')).has_value());
    CHECK(update(crud, "changed", *base).has_value());
    CHECK(file.log->entries().size() == 2);
}

TEST_CASE("crud/sqlite/sqlite_crud: two stores on one file share records and revisions")
{
    store file;
    file.options.busy_timeout = std::chrono::seconds(60);
    test::check_sharing([&] { return open(file); });
}

}  // namespace sqlite_crud_test
