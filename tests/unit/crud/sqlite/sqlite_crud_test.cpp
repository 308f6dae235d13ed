#include "crud/sqlite/sqlite_crud.hpp"

#include "crud/sqlite/database.hpp"
#include "tests/crud_contract/crud_contract.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <doctest/doctest.h>

#include <fstream>
#include <future>
#include <mutex>
#include <string>
#include <vector>

namespace sqlite_crud_test {

namespace {

using namespace ocpi;
using crud::interface_side;
using test::run_awaitable;

/// Keeps what it is told.
class recording_logger final : public logger {
public:
    void write(log_level level, std::string_view text) noexcept override
    {
        const std::lock_guard lock(mutex_);
        lines_.emplace_back((level == log_level::error ? "error: " : "info: ") + std::string(text));
    }
    std::vector<std::string> lines()
    {
        const std::lock_guard lock(mutex_);
        return lines_;
    }

private:
    std::mutex mutex_;
    std::vector<std::string> lines_;
};

/// A file in a directory of its own, the options to open it with, and the operations as plain
/// calls.
struct store {
    test::temporary_directory directory;
    std::shared_ptr<recording_logger> log = std::make_shared<recording_logger>();
    crud::sqlite_options options;

    store()
    {
        options.path = directory.file("store.db");
        options.busy_timeout = std::chrono::milliseconds(0);
        options.logger = log;
    }
};

crud::document make_document(std::string id, std::string json = "{}")
{
    return {crud::object_key("ES", "ABC", std::move(id)), std::move(json), date_time(),
            std::nullopt};
}

result<crud::revision> create(Crud& crud, std::string id, std::string json = "{}")
{
    return run_awaitable(crud.create("sessions", interface_side::receiver,
                                     make_document(std::move(id), std::move(json))));
}

result<crud::revision> update(Crud& crud, std::string id, crud::revision base)
{
    return run_awaitable(
        crud.update("sessions", interface_side::receiver, make_document(std::move(id)), base));
}

result<crud::record> get(Crud& crud, std::string id)
{
    return run_awaitable(crud.get("sessions", interface_side::receiver,
                                  crud::object_key("ES", "ABC", std::move(id))));
}

result<crud::page> list(Crud& crud)
{
    return run_awaitable(crud.list("sessions", interface_side::receiver, crud::list_query()));
}

result<void> remove(Crud& crud, std::string id)
{
    return run_awaitable(crud.remove("sessions", interface_side::receiver,
                                     crud::object_key("ES", "ABC", std::move(id))));
}

template <class T>
errc code_of(const result<T>& outcome)
{
    REQUIRE(outcome.has_error());
    return outcome.error().code();
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
crud::sqlite::database open_beside(const std::string& path)
{
    crud::sqlite::database_options options;
    options.path = path;
    return crud::sqlite::database(options);
}

/// Several operations under way at once, awaited together.
class operations {
public:
    void start(boost::asio::awaitable<result<crud::revision>> operation)
    {
        outcomes_.push_back(
            boost::asio::co_spawn(context_, std::move(operation), boost::asio::use_future));
        context_.poll();
    }
    std::vector<result<crud::revision>> wait()
    {
        context_.restart();
        context_.run();
        std::vector<result<crud::revision>> all;
        for (auto& each : outcomes_) all.push_back(each.get());
        return all;
    }

private:
    boost::asio::io_context context_;
    std::vector<std::future<result<crud::revision>>> outcomes_;
};

}  // namespace

TEST_CASE("crud/sqlite/sqlite_crud: every promise of the port is kept")
{
    for (const auto& each : crud::contract::contract_cases()) {
        CAPTURE(each.name);
        store fresh;
        fresh.options.busy_timeout = std::chrono::seconds(5);
        crud::sqlite_crud crud(fresh.options);
        CHECK_NOTHROW(run_awaitable(each.run(crud)));
        CHECK(fresh.log->lines().empty());
    }
}

TEST_CASE("crud/sqlite/sqlite_crud: opening the file again finds everything and revisions go on")
{
    store file;
    crud::revision last = 0;
    {
        crud::sqlite_crud crud(file.options);
        REQUIRE(create(crud, "kept", R"({"kwh":41.00})").has_value());
        last = *create(crud, "removed");
        REQUIRE(remove(crud, "removed").has_value());
    }
    crud::sqlite_crud crud(file.options);
    const auto kept = get(crud, "kept");
    REQUIRE(kept.has_value());
    CHECK(kept->document.json == R"({"kwh":41.00})");
    CHECK(kept->revision == 1);
    CHECK(*create(crud, "new") > last);
    CHECK(list(crud)->total == 2);
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
        {
            crud::sqlite_crud made(file.options);
        }
        {
            crud::sqlite::database_options options;
            options.path = file.options.path;
            crud::sqlite::database(options).execute("PRAGMA user_version = 4711");
        }
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
    {
        auto other = open_beside(file.options.path);
        other.execute("BEGIN IMMEDIATE");
        for (int i = 0; i < 100; ++i) {
            together.start(crud.create("sessions", interface_side::receiver,
                                       make_document(std::to_string(i))));
        }
        other.execute("COMMIT");
    }
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
    {
        auto other = open_beside(file.options.path);
        other.execute("BEGIN IMMEDIATE");
        const auto side = interface_side::receiver;
        together.start(crud.create("sessions", side, make_document("1")));
        together.start(crud.create("sessions", side, make_document("1")));
        together.start(crud.update("sessions", side, make_document("1"), 4711));
        together.start(crud.update("sessions", side, make_document("missing"), 1));
        together.start(crud.update("sessions", side, make_document("1"), 1));
        other.execute("COMMIT");
    }
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
    {
        auto other = open_beside(file.options.path);
        other.execute("BEGIN IMMEDIATE");
        for (int i = 0; i < 3; ++i) {
            together.start(crud.create("sessions", interface_side::receiver,
                                       make_document(std::to_string(i))));
        }
        const auto refused = create(crud, "one too many");
        CHECK(code_of(refused) == errc::overloaded);
        CHECK(refused.error().text() ==
              "too many requests are waiting for the store; try again in a moment");
        other.execute("COMMIT");
    }
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
        auto other = open_beside(file.options.path);
        other.execute("BEGIN IMMEDIATE");
        for (int i = 0; i < 200; ++i) {
            together.start(crud.create("sessions", interface_side::receiver,
                                       make_document(std::to_string(i))));
        }
        other.execute("COMMIT");
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
    {
        auto other = open_beside(file.options.path);
        other.execute("BEGIN IMMEDIATE");
        for (int i = 0; i < 3; ++i) {
            const auto refused = create(crud, "2");
            CHECK(code_of(refused) == errc::storage);
            CHECK(refused.error().text() ==
                  "the store cannot be reached or written at the moment; try again later");
            CHECK(refused.error().log_text().find("database is locked") != std::string::npos);
        }
        CHECK(get(crud, "1").has_value());
        other.execute("ROLLBACK");
    }
    CHECK(create(crud, "2").has_value());
    CHECK(create(crud, "3").has_value());
    const auto lines = file.log->lines();
    REQUIRE(lines.size() == 2);
    CHECK(lines[0].starts_with("error: writing to " + file.options.path + " fails: "));
    CHECK(lines[1] == "info: writing to " + file.options.path +
                          " works again (and it had failed 2 times more)");
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
    {
        auto other = open_beside(file.options.path);
        other.execute("BEGIN IMMEDIATE");
        const auto side = interface_side::receiver;
        together.start(crud.update("sessions", side, make_document("changed", "new"), *base));
        together.start(crud.create("sessions", side, make_document("small")));
        together.start(
            crud.create("sessions", side, make_document("large", std::string(200'000, 'x'))));
        other.execute("COMMIT");
    }
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
    CHECK(file.log->lines().size() == 2);
}

TEST_CASE("crud/sqlite/sqlite_crud: two stores on one file share records and revisions")
{
    store file;
    file.options.busy_timeout = std::chrono::seconds(60);
    crud::sqlite_crud one(file.options);
    crud::sqlite_crud other(file.options);
    crud::revision last = 0;
    for (int i = 0; i < 20; ++i) {
        Crud& writing = i % 2 == 0 ? one : other;
        Crud& reading = i % 2 == 0 ? other : one;
        const auto made = create(writing, std::to_string(i));
        REQUIRE(made.has_value());
        CHECK(*made > last);
        last = *made;
        CHECK(get(reading, std::to_string(i))->revision == last);
    }
    const auto changed = update(other, "0", 1);
    REQUIRE(changed.has_value());
    CHECK(code_of(update(one, "0", 1)) == errc::conflict);
    CHECK(update(one, "0", *changed).has_value());
}

}  // namespace sqlite_crud_test
