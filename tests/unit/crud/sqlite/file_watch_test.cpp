#include "crud/sqlite/file_watch.hpp"

#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

namespace file_watch_test {

using ocpi::crud::sqlite::file_watch;
namespace fs = std::filesystem;

namespace {

struct three_files {
    ocpi::test::temporary_directory directory;
    std::string database = directory.file("store.db");

    three_files()
    {
        for (const char* end : {"", "-wal", "-shm"}) write(database + end);
    }
    static void write(const std::string& path) { std::ofstream(path) << "x"; }
};

std::string complaint(const file_watch& files)
{
    try {
        files.require_in_place();
    } catch (const std::runtime_error& missing) {
        return missing.what();
    }
    return "none";
}

}  // namespace

TEST_CASE("crud/sqlite/file_watch: each of the three files is missed, and found when it is back")
{
    const three_files on_disk;
    const file_watch files(on_disk.database);
    CHECK(complaint(files) == "none");
    CHECK(files.seem_in_place());
    for (const char* end : {"", "-wal", "-shm"}) {
        const auto path = on_disk.database + end;
        fs::rename(path, path + ".away");
        CHECK(complaint(files).starts_with(path + " was removed while the server had it open"));
        CHECK_FALSE(files.are_in_place());
        CHECK_FALSE(files.seem_in_place());
        CHECK_FALSE(files.seem_in_place());
        CHECK(files.is_database_in_place() == (path != on_disk.database));
        three_files::write(path);
        CHECK(complaint(files).starts_with(path + " was replaced while the server had it open"));
        CHECK_FALSE(files.seem_in_place());
        fs::rename(path + ".away", path);
        CHECK(complaint(files) == "none");
        CHECK(files.seem_in_place());
        CHECK(files.seem_in_place());
    }
}

TEST_CASE("crud/sqlite/file_watch: other files of the directory may come and go")
{
    const three_files on_disk;
    const file_watch files(on_disk.database);
    const auto other = on_disk.directory.file("backup.db");
    three_files::write(other);
    CHECK(files.seem_in_place());
    fs::remove(other);
    CHECK(files.seem_in_place());
}

TEST_CASE("crud/sqlite/file_watch: files are missed with their directory")
{
    const ocpi::test::temporary_directory above;
    const auto directory = above.file("data");
    fs::create_directory(directory);
    for (const char* end : {"", "-wal", "-shm"}) three_files::write(directory + "/store.db" + end);
    const file_watch files(directory + "/store.db");
    CHECK(files.seem_in_place());
    fs::rename(directory, directory + ".away");
    CHECK_FALSE(files.seem_in_place());
    fs::rename(directory + ".away", directory);
    CHECK(files.seem_in_place());
}

TEST_CASE("crud/sqlite/file_watch: what is written to a file does not make it another one")
{
    const three_files on_disk;
    const file_watch files(on_disk.database);
    std::ofstream(on_disk.database, std::ios::app) << "more";
    std::ofstream(on_disk.database + "-wal", std::ios::trunc) << "less";
    CHECK(files.are_in_place());
}

}  // namespace file_watch_test
