// What the store does when its files are removed, replaced, copied or left behind.

#include "crud/sqlite/sqlite_crud.hpp"

#include "crud/sqlite/database.hpp"
#include "tests/support/recording_logger.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <thread>

namespace sqlite_crud_files_test {

using namespace ocpi;
using crud::interface_side;
using test::run_awaitable;
namespace fs = std::filesystem;

namespace {

struct files {
    const test::temporary_directory directory;
    std::shared_ptr<test::recording_logger> log = std::make_shared<test::recording_logger>();
    crud::sqlite_options options;

    files()
    {
        options.path = directory.file("store.db");
        options.logger = log;
    }
    std::string path(const char* end = "") const { return options.path + end; }

    bool logged(const std::string& part) const
    {
        return log->text().find(part) != std::string::npos;
    }
};

std::optional<errc> create(Crud& store, const char* id)
{
    const crud::document made(crud::object_key("ES", "ABC", id), "{}", date_time(), std::nullopt);
    const auto outcome = run_awaitable(store.create("sessions", interface_side::sender, made));
    if (outcome.has_value()) return std::nullopt;
    return outcome.error().code();
}

std::optional<errc> get(Crud& store, const char* id)
{
    const crud::object_key key("ES", "ABC", id);
    const auto outcome = run_awaitable(store.get("sessions", interface_side::sender, key));
    if (outcome.has_value()) return std::nullopt;
    return outcome.error().code();
}

std::uint64_t count(const crud::sqlite_options& options)
{
    crud::sqlite_crud store(options);
    return run_awaitable(store.list("sessions", interface_side::sender, crud::list_query()))->total;
}

/// Reads a database in short transactions, of which the next one begins before the last one ends,
/// until it is destroyed.
class steady_reader {
public:
    explicit steady_reader(const std::string& path) : thread_([this, path] { run(path); }) {}
    ~steady_reader()
    {
        must_end_ = true;
        thread_.join();
    }
    steady_reader(const steady_reader&) = delete;
    steady_reader& operator=(const steady_reader&) = delete;

private:
    void run(const std::string& path)
    {
        crud::sqlite::database_options options;
        options.path = path;
        options.must_exist = true;
        crud::sqlite::database one(options);
        crud::sqlite::database other(options);
        const char* const begin = "BEGIN; SELECT count(*) FROM module";
        other.execute(begin);
        while (!must_end_) {
            one.execute(begin);
            other.execute("COMMIT");
            other.execute(begin);
            one.execute("COMMIT");
        }
    }

    std::atomic<bool> must_end_ = false;
    std::thread thread_;
};

}  // namespace

TEST_CASE("crud/sqlite/sqlite_crud_files: the log stays short although somebody always reads")
{
    files at;
    at.options.checkpoint_pages = 50;
    crud::sqlite_crud store(at.options);
    REQUIRE_FALSE(create(store, "first"));
    const steady_reader reader(at.path());
    const std::string json = '"' + std::string(20'000, 'x') + '"';
    std::uintmax_t longest = 0;
    for (int i = 0; i < 500; ++i) {
        const crud::document made(crud::object_key("ES", "ABC", std::to_string(i)), json,
                                  date_time(), std::nullopt);
        REQUIRE(run_awaitable(store.create("sessions", interface_side::sender, made)).has_value());
        longest = std::max(longest, fs::file_size(at.path("-wal")));
    }
    // All of it has about 6,500 pages. A reader that gets no processor in time doubles the bound.
    constexpr std::uintmax_t page = 4096 + 24;
    CHECK(longest < 2'000 * page);
}

TEST_CASE(
    "crud/sqlite/sqlite_crud_files: nothing is acknowledged once the file is gone, until it is "
    "back")
{
    files on_disk;
    crud::sqlite_crud store(on_disk.options);
    CHECK_FALSE(create(store, "1"));
    fs::rename(on_disk.path(), on_disk.path(".away"));
    for (int i = 0; i < 3; ++i) {
        CHECK(create(store, "2") == errc::storage);
        CHECK(get(store, "1") == errc::storage);
    }
    CHECK(on_disk.logged("writing to " + on_disk.path() + " fails: " + on_disk.path() +
                         " was removed while the server had it open"));
    CHECK(on_disk.log->entries().size() == 2);
    fs::rename(on_disk.path(".away"), on_disk.path());
    CHECK_FALSE(get(store, "1"));
    CHECK(get(store, "2") == errc::not_found);
    CHECK_FALSE(create(store, "2"));
    CHECK(on_disk.logged("works again"));
}

TEST_CASE(
    "crud/sqlite/sqlite_crud_files: a file that was replaced is used after a restart, and left "
    "alone until then")
{
    files on_disk;
    files other;
    {
        crud::sqlite_crud made(other.options);
        CHECK_FALSE(create(made, "other"));
    }
    {
        crud::sqlite_crud store(on_disk.options);
        CHECK_FALSE(create(store, "1"));
        fs::rename(on_disk.path(), on_disk.path(".old"));
        fs::copy_file(other.path(), on_disk.path());
        CHECK(create(store, "2") == errc::storage);
        CHECK(get(store, "1") == errc::storage);
        CHECK(on_disk.logged(on_disk.path() + " was replaced while the server had it open"));
    }
    CHECK(fs::file_size(on_disk.path()) == fs::file_size(other.path()));
    auto old = on_disk.options;
    old.path = on_disk.path(".old");
    CHECK(count(old) == 1);
    crud::sqlite_crud store(on_disk.options);
    CHECK_FALSE(get(store, "other"));
    CHECK(get(store, "1") == errc::not_found);
    CHECK_FALSE(create(store, "2"));
}

TEST_CASE(
    "crud/sqlite/sqlite_crud_files: when the log is removed, what it held is saved and nothing "
    "more is taken")
{
    files on_disk;
    {
        crud::sqlite_crud store(on_disk.options);
        CHECK_FALSE(create(store, "1"));
        CHECK_FALSE(create(store, "2"));
        fs::remove(on_disk.path("-wal"));
        CHECK(create(store, "3") == errc::storage);
        CHECK(create(store, "4") == errc::storage);
        CHECK(on_disk.logged(on_disk.path("-wal") + " was removed"));
        // As if the process were killed now.
        fs::copy_file(on_disk.path(), on_disk.path(".copy"));
    }
    auto copied = on_disk.options;
    copied.path = on_disk.path(".copy");
    CHECK(count(copied) == 2);
    CHECK(count(on_disk.options) == 2);
}

TEST_CASE("crud/sqlite/sqlite_crud_files: the file alone is a database from the beginning")
{
    files on_disk;
    crud::sqlite_crud store(on_disk.options);
    fs::copy_file(on_disk.path(), on_disk.path(".copy"));
    auto copied = on_disk.options;
    copied.path = on_disk.path(".copy");
    CHECK(count(copied) == 0);
    CHECK(on_disk.logged("-wal is missing"));
}

TEST_CASE(
    "crud/sqlite/sqlite_crud_files: the last store to close a file leaves all in it, and nothing "
    "beside it")
{
    files on_disk;
    {
        crud::sqlite_crud one(on_disk.options);
        CHECK_FALSE(create(one, "1"));
        {
            crud::sqlite_crud other(on_disk.options);
            CHECK_FALSE(create(other, "2"));
        }
        CHECK(fs::exists(on_disk.path("-wal")));
        CHECK_FALSE(create(one, "3"));
    }
    CHECK_FALSE(fs::exists(on_disk.path("-wal")));
    CHECK_FALSE(fs::exists(on_disk.path("-shm")));
    auto copied = on_disk.options;
    copied.path = on_disk.path(".copy");
    fs::copy_file(on_disk.path(), copied.path);
    CHECK(count(copied) == 3);
    CHECK(on_disk.log->text().empty());
}

TEST_CASE("crud/sqlite/sqlite_crud_files: a symbolic link to a database is as good as its path")
{
    files on_disk;
    fs::create_symlink(on_disk.path(), on_disk.path(".link"));
    auto linked = on_disk.options;
    linked.path = on_disk.path(".link");
    {
        crud::sqlite_crud store(linked);
        CHECK_FALSE(create(store, "1"));
    }
    CHECK(count(on_disk.options) == 1);
    CHECK(on_disk.log->text().empty());
}

}  // namespace sqlite_crud_files_test
