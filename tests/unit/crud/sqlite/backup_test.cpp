#include "crud/sqlite/backup.hpp"

#include "crud/sqlite/database.hpp"
#include "crud/sqlite/sqlite_crud.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <sys/stat.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace backup_test {

using namespace ocpi;
using crud::interface_side;
using crud::sqlite::backup_contents;
using crud::sqlite::backup_progress;
using crud::sqlite::backup_step;
using crud::sqlite::damaged_database;
using test::run_awaitable;
namespace fs = std::filesystem;

namespace {

void create(Crud& store, const std::string& module, const std::string& id,
            const std::string& json = "{}")
{
    crud::document made(crud::object_key("ES", "ABC", id), json, date_time(), std::nullopt);
    made.secondary_key = id;
    made.summary.emplace();
    made.summary->category = "live";
    made.summary->search_text = "text of " + id;
    REQUIRE(run_awaitable(store.create(module, interface_side::sender, made)).has_value());
}

std::string text_of(Crud& store, const std::string& id)
{
    const crud::object_key key("ES", "ABC", id);
    const auto found = run_awaitable(store.get("sessions", interface_side::sender, key));
    return found.has_value() ? found->document.json : "";
}

std::unique_ptr<crud::sqlite_crud> open(const std::string& path)
{
    crud::sqlite_options options;
    options.path = path;
    return std::make_unique<crud::sqlite_crud>(options);
}

void ignore(const backup_progress&) {}

/// What the operator reads; empty when it does not fail.
template <class Work>
std::string failure_of(Work work)
{
    try {
        work();
        return {};
    } catch (const std::runtime_error& failure) {
        return failure.what();
    }
}

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

std::string bytes_of(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

struct world {
    test::temporary_directory directory;
    std::string database = directory.file("store.db");
    std::string backup = directory.file("store.backup");
    std::string restored = directory.file("restored.db");

    /// A store that is closed.
    void make_database() const
    {
        const auto store = open(database);
        for (int i = 0; i < 100; ++i) {
            create(*store, "sessions", "S" + std::to_string(i), std::string(2000, 'x'));
        }
        create(*store, "access_tokens", "T");
    }
    bool has_leftover() const
    {
        for (const auto& entry : fs::directory_iterator(fs::path(database).parent_path())) {
            if (contains(entry.path().string(), ".partial")) return true;
        }
        return false;
    }
};

}  // namespace

TEST_CASE(
    "crud/sqlite/backup: what is restored has the contents and the hash of what was backed up")
{
    const world in;
    const auto store = open(in.database);
    create(*store, "sessions", "1", R"({"kwh":41.00})");
    create(*store, "sessions", "2");
    create(*store, "access_tokens", "T");
    const auto saved = crud::sqlite::back_up(in.database, in.backup, ignore);
    CHECK(saved.records == 3);
    CHECK(saved.last_revision == 3);
    REQUIRE(saved.modules.size() == 2);
    CHECK(saved.modules[0] == backup_contents::module_count{"access_tokens", 1});
    CHECK(saved.modules[1] == backup_contents::module_count{"sessions", 2});
    CHECK(saved.hash.size() == 64);

    create(*store, "sessions", "3");
    CHECK(crud::sqlite::restore(in.backup, in.restored, ignore) == saved);
    const auto again = open(in.restored);
    CHECK(text_of(*again, "1") == R"({"kwh":41.00})");
    CHECK(text_of(*again, "3").empty());
    // It goes on where the backup was made.
    create(*again, "sessions", "4");
    CHECK_FALSE(in.has_leftover());
}

TEST_CASE(
    "crud/sqlite/backup: a backup is one file for its owner alone, of which a copy is a database")
{
    const world in;
    const auto store = open(in.database);
    create(*store, "sessions", "1", "{}");
    crud::sqlite::back_up(in.database, in.backup, ignore);
    struct stat status = {};
    REQUIRE(::stat(in.backup.c_str(), &status) == 0);
    CHECK((status.st_mode & 0777) == 0600);
    CHECK_FALSE(fs::exists(in.backup + "-wal"));
    CHECK(bytes_of(in.backup)[18] == 1);  // no write-ahead log
    fs::copy_file(in.backup, in.restored);
    CHECK(text_of(*open(in.restored), "1") == "{}");
}

TEST_CASE("crud/sqlite/backup: the hash tells any two contents apart, and nothing else")
{
    const world in;
    {
        const auto store = open(in.database);
        create(*store, "sessions", "1", "12");
    }
    const auto first = crud::sqlite::back_up(in.database, in.backup, ignore);
    CHECK(crud::sqlite::back_up(in.database, in.directory.file("2"), ignore) == first);
    std::set<std::string> hashes{first.hash};
    int number = 3;
    for (const char* change :
         {"UPDATE record SET json = '123'", "UPDATE record SET sort_key = ''",
          "UPDATE record SET given_contract = 'C'", "UPDATE record SET sequence = 7",
          "UPDATE latest_number SET revision = 9"}) {
        {
            crud::sqlite::database_options options;
            options.path = in.database;
            options.is_copy = true;
            crud::sqlite::database(options).execute(change);
        }
        const auto file = in.directory.file(std::to_string(number++));
        hashes.insert(crud::sqlite::back_up(in.database, file, ignore).hash);
    }
    CHECK(hashes.size() == 6);
}

TEST_CASE(
    "crud/sqlite/backup: is of one moment and begins once, while others write without a pause")
{
    const world in;
    const auto store = open(in.database);
    const std::string json(50'000, 'x');
    for (int i = 0; i < 200; ++i) create(*store, "sessions", "S" + std::to_string(i), json);
    std::atomic<bool> is_over = false;
    std::atomic<int> written = 0;
    std::jthread writer([&] {
        for (int i = 0; !is_over; ++i) {
            create(*store, "sessions", "W" + std::to_string(i), json);
            ++written;
        }
    });
    while (written < 5) std::this_thread::yield();

    std::uint64_t done = 0;
    int steps = 0;
    int written_before = 0;
    int written_after = 0;
    const auto saved = crud::sqlite::back_up(in.database, in.backup, [&](const auto& so_far) {
        if (so_far.step != backup_step::copy) return;
        CHECK(so_far.done >= done);
        done = so_far.done;
        if (++steps == 1) written_before = written;
        // Writers get through between any two steps.
        const int now = written;
        while (written < now + 2) std::this_thread::yield();
        written_after = written;
    });
    is_over = true;
    writer.join();
    CHECK(steps > 8);
    CHECK(written_after > written_before);
    CHECK(saved.records >= 205);
    CHECK(saved.records <= 200U + static_cast<unsigned>(written_before) + 1);
    CHECK(saved.last_revision == saved.records);
    CHECK(crud::sqlite::restore(in.backup, in.restored, ignore) == saved);
}

TEST_CASE("crud/sqlite/backup: no file is replaced, neither by a backup nor by what is restored")
{
    const world in;
    in.make_database();
    std::ofstream(in.backup) << "mine";
    CHECK(failure_of([&] { crud::sqlite::back_up(in.database, in.backup, ignore); }) ==
          in.backup + " exists; it is not replaced");
    CHECK(bytes_of(in.backup) == "mine");
    fs::remove(in.backup);
    crud::sqlite::back_up(in.database, in.backup, ignore);
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
        std::ofstream(in.restored + suffix) << "mine";
        CHECK(failure_of([&] { crud::sqlite::restore(in.backup, in.restored, ignore); }) ==
              in.restored + suffix + " exists; it is not replaced");
        fs::remove(in.restored + suffix);
    }
    CHECK_FALSE(in.has_leftover());
}

TEST_CASE("crud/sqlite/backup: what a killed backup has left is taken over")
{
    const world in;
    in.make_database();
    for (const char* suffix : {"", "-wal", "-shm", "-journal"}) {
        std::ofstream(in.backup + ".partial" + suffix) << std::string(5000, 'x');
    }
    const auto saved = crud::sqlite::back_up(in.database, in.backup, ignore);
    CHECK(saved.records == 101);
    CHECK_FALSE(in.has_leftover());
}

TEST_CASE("crud/sqlite/backup: two at a time do not write one file")
{
    const world in;
    in.make_database();
    std::string second;
    crud::sqlite::back_up(in.database, in.backup, [&](const auto&) {
        second = failure_of([&] { crud::sqlite::back_up(in.database, in.backup, ignore); });
    });
    CHECK(second == "another process is writing " + in.backup + ".partial");
}

TEST_CASE("crud/sqlite/backup: a damaged file is neither backed up nor restored")
{
    const world in;
    in.make_database();
    crud::sqlite::back_up(in.database, in.backup, ignore);
    for (const auto& path : {in.database, in.backup}) {
        std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
        file.seekp(static_cast<std::streamoff>(fs::file_size(path) / 2));
        file << std::string(8192, '\x55');
    }
    const auto copy = in.directory.file("copy");
    CHECK_THROWS_AS(crud::sqlite::back_up(in.database, copy, ignore), damaged_database);
    CHECK_THROWS_AS(crud::sqlite::restore(in.backup, in.restored, ignore), damaged_database);
    CHECK_FALSE(fs::exists(copy));
    CHECK_FALSE(fs::exists(in.restored));
    CHECK_FALSE(in.has_leftover());
}

TEST_CASE("crud/sqlite/backup: a file that is cut short is damaged")
{
    const world in;
    in.make_database();
    crud::sqlite::back_up(in.database, in.backup, ignore);
    fs::resize_file(in.backup, fs::file_size(in.backup) - 3 * 4096);
    CHECK_THROWS_AS(crud::sqlite::restore(in.backup, in.restored, ignore), damaged_database);
    CHECK_FALSE(fs::exists(in.restored));
}

TEST_CASE("crud/sqlite/backup: a file that is no database, or none of ours, is left as it is")
{
    const world in;
    const auto other = in.directory.file("other");
    std::ofstream(other) << std::string(5000, 'x');
    CHECK(failure_of([&] { crud::sqlite::back_up(other, in.backup, ignore); }) ==
          other + " is no SQLite database");
    fs::remove(other);
    {
        crud::sqlite::database_options options;
        options.path = other;
        options.is_copy = true;
        crud::sqlite::database(options).execute("CREATE TABLE mine (number INTEGER)");
    }
    const auto before = bytes_of(other);
    const auto wanted = other + ": it is no database of ocpi-sessions";
    CHECK(failure_of([&] { crud::sqlite::back_up(other, in.backup, ignore); }) == wanted);
    CHECK(failure_of([&] { crud::sqlite::restore(other, in.restored, ignore); }) == wanted);
    CHECK(bytes_of(other) == before);
    CHECK(failure_of([&] { crud::sqlite::restore(in.backup, in.restored, ignore); }) ==
          "there is no file " + in.backup);
}

TEST_CASE("crud/sqlite/backup: a database of a newer program is refused by name of its schema")
{
    const world in;
    in.make_database();
    crud::sqlite::database_options options;
    options.path = in.database;
    options.is_copy = true;
    crud::sqlite::database(options).execute("PRAGMA user_version = 4711");
    const auto failure = failure_of([&] { crud::sqlite::back_up(in.database, in.backup, ignore); });
    CHECK(contains(failure, "schema 4711, written by a newer version"));
    CHECK(contains(failure, in.database));
    CHECK_FALSE(in.has_leftover());
}

TEST_CASE("crud/sqlite/backup: a database that no server has open stays without a log")
{
    const world in;
    in.make_database();
    crud::sqlite::back_up(in.database, in.backup, ignore);
    CHECK(bytes_of(in.database)[18] == 1);
    CHECK_FALSE(fs::exists(in.database + "-wal"));
}

}  // namespace backup_test
