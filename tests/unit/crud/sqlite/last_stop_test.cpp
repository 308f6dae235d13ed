#include "crud/sqlite/last_stop.hpp"

#include "crud/sqlite/sqlite_crud.hpp"
#include "tests/support/recording_logger.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>

namespace last_stop_test {

using namespace ocpi;
using crud::sqlite::find_lost_writes;
namespace fs = std::filesystem;

namespace {

constexpr std::uintmax_t page = 4096;
constexpr std::uintmax_t frame = page + 24;

/// A store with some transactions in its log, and a copy of its files as a killed process would
/// have left them.
struct killed_store {
    const test::temporary_directory directory;
    const std::string database = directory.file("left.db");
    const std::string log = database + "-wal";
    const std::string index = database + "-shm";
    int records = 0;

    killed_store()
    {
        crud::sqlite_options options;
        options.path = directory.file("live.db");
        crud::sqlite_crud store(options);
        for (; records < 20; ++records) {
            const crud::document made(crud::object_key("ES", "ABC", std::to_string(records)),
                                      std::string(6'000, 'x'), date_time(), std::nullopt);
            REQUIRE(
                test::run_awaitable(store.create("sessions", crud::interface_side::sender, made))
                    .has_value());
        }
        for (const char* end : {"", "-wal", "-shm"}) {
            fs::copy_file(options.path + end, database + end);
        }
    }

    void overwrite(const std::string& path, std::uintmax_t place, char with) const
    {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekp(static_cast<std::streamoff>(place));
        file.put(with);
    }

    /// Gives the byte another value, whatever it was: parts of the log are random.
    void damage(const std::string& path, std::uintmax_t place) const
    {
        std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
        file.seekg(static_cast<std::streamoff>(place));
        const auto before = file.get();
        file.seekp(static_cast<std::streamoff>(place));
        file.put(static_cast<char>(~before));
    }

    /// What the log says at the next start, and how many records there are then.
    std::string start(std::uint64_t& left) const
    {
        crud::sqlite_options options;
        options.path = database;
        const auto lines = std::make_shared<test::recording_logger>();
        options.logger = lines;
        crud::sqlite_crud store(options);
        left = test::run_awaitable(
                   store.list("sessions", crud::interface_side::sender, crud::list_query()))
                   ->total;
        return lines->text();
    }
};

bool has(const std::optional<std::string>& text, const std::string& part)
{
    return text && text->find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("crud/sqlite/last_stop: after a kill everything is there and nothing is said")
{
    const killed_store store;
    CHECK_FALSE(find_lost_writes(store.database));
    // As after the machine has stopped.
    fs::remove(store.index);
    CHECK_FALSE(find_lost_writes(store.database));
    std::uint64_t left = 0;
    CHECK(store.start(left).empty());
    CHECK(left == 20);
}

TEST_CASE("crud/sqlite/last_stop: an unfinished transaction at the end is no damage")
{
    const killed_store store;
    fs::remove(store.index);
    std::ofstream(store.log, std::ios::app | std::ios::binary) << std::string(1'000, 'x');
    CHECK_FALSE(find_lost_writes(store.database));
    std::ofstream(store.log, std::ios::app | std::ios::binary) << std::string(9'000, 'x');
    CHECK_FALSE(find_lost_writes(store.database));
}

TEST_CASE("crud/sqlite/last_stop: a log that is gone is missed, and the start says so")
{
    const killed_store store;
    fs::remove(store.log);
    CHECK(has(find_lost_writes(store.database), store.log + " is missing: "));
    CHECK(has(find_lost_writes(store.database), " pages of acknowledged writes are lost"));
    fs::remove(store.index);
    CHECK(has(find_lost_writes(store.database),
              store.log + " is missing, though the database was not closed"));
    std::uint64_t left = 0;
    CHECK(store.start(left).starts_with(store.log + " is missing"));
    CHECK(left < 20);
    // It was closed now.
    CHECK(store.start(left).empty());
}

TEST_CASE("crud/sqlite/last_stop: a log that was cut short is told by its index")
{
    const killed_store store;
    const auto size = fs::file_size(store.log);
    fs::resize_file(store.log, size - frame);
    CHECK(has(find_lost_writes(store.database),
              store.log + " is damaged or cut short: 1 page of acknowledged writes are lost"));
    fs::resize_file(store.log, 32 + 3 * frame);
    CHECK(has(find_lost_writes(store.database), " pages of acknowledged writes are lost"));
    fs::resize_file(store.log, 0);
    CHECK(has(find_lost_writes(store.database), store.log + " is damaged: "));
}

TEST_CASE("crud/sqlite/last_stop: a damage within the log is found without an index")
{
    const killed_store store;
    fs::remove(store.index);
    SUBCASE("in its header")
    {
        store.damage(store.log, 17);
        CHECK(has(find_lost_writes(store.database), store.log + " is damaged: "));
    }
    SUBCASE("in a page")
    {
        store.damage(store.log, 32 + 2 * frame + 2'000);
        CHECK(
            has(find_lost_writes(store.database), "transactions of acknowledged writes are lost"));
        std::uint64_t left = 0;
        CHECK(store.start(left).find("is damaged") != std::string::npos);
        CHECK(left < 20);
    }
}

TEST_CASE("crud/sqlite/last_stop: a file that was closed needs nothing beside it")
{
    const killed_store store;
    std::uint64_t left = 0;
    (void)store.start(left);
    CHECK_FALSE(fs::exists(store.log));
    CHECK_FALSE(fs::exists(store.index));
    CHECK_FALSE(find_lost_writes(store.database));
    CHECK(store.start(left).empty());
    CHECK(left == 20);
}

TEST_CASE("crud/sqlite/last_stop: a database that is gone is missed when its log is there")
{
    const killed_store store;
    fs::remove(store.database);
    CHECK(has(find_lost_writes(store.database), store.database + " is missing"));
    std::uint64_t left = 0;
    CHECK(store.start(left).starts_with(store.database + " is missing"));
    CHECK(left == 0);
    CHECK(store.start(left).empty());
}

TEST_CASE("crud/sqlite/last_stop: of what is no database of ours nothing is said")
{
    const test::temporary_directory directory;
    const auto path = directory.file("none.db");
    CHECK_FALSE(find_lost_writes(path));
    std::ofstream(path) << "x";
    CHECK_FALSE(find_lost_writes(path));
    std::ofstream(path) << std::string(4'096, '\2');
    CHECK_FALSE(find_lost_writes(path + "-other"));
}

TEST_CASE("crud/sqlite/last_stop: a database without a schema of ours is not reported")
{
    const killed_store store;
    fs::remove(store.log);
    fs::remove(store.index);
    REQUIRE(find_lost_writes(store.database));
    store.overwrite(store.database, 63, '\0');
    CHECK_FALSE(find_lost_writes(store.database));
}

}  // namespace last_stop_test
