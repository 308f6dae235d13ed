// migrate of the real executable, both ways, and killed in the midst of it.

#include "crud/sqlite/sqlite_crud.hpp"
#include "tests/support/odd_records.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <filesystem>
#include <string>
#include <system_error>
#include <thread>
#include <vector>

extern char** environ;

namespace migrate_test {

using namespace ocpi;
namespace fs = std::filesystem;

namespace {

constexpr int many = 6000;

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

void fill(const std::string& path)
{
    crud::sqlite_options options;
    options.path = path;
    crud::sqlite_crud store(options);
    test::write_odd_records(store);
    test::write_many_records(store, many);
}

test::command_outcome migrate(const std::string& from, const std::string& to)
{
    return test::run_command({"migrate", "--from", from, "--to", to});
}

std::string backup_of(const std::string& path, const std::string& file)
{
    return test::run_command({"backup", "--database", "sqlite:" + path, file}).output;
}

/// A migration that is killed once `has_begun` says so; it may have ended before.
template <class Condition>
void kill_migration(const std::string& from, const std::string& to, Condition has_begun)
{
    std::vector<std::string> words{test::executable_path(), "migrate", "--from", from, "--to", to};
    std::vector<char*> pointers;
    for (auto& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t process = -1;
    REQUIRE(::posix_spawn(&process, pointers[0], &actions, nullptr, pointers.data(), environ) == 0);
    posix_spawn_file_actions_destroy(&actions);
    int status = 0;
    bool is_over = false;
    while (!is_over && !has_begun()) {
        is_over = ::waitpid(process, &status, WNOHANG) == process;
        std::this_thread::yield();
    }
    if (is_over) return;
    ::kill(process, SIGKILL);
    while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    CHECK(WIFSIGNALED(status));
}

}  // namespace

TEST_CASE(
    "migrate: killed on the way to PostgreSQL and on the way back, it goes on and loses nothing")
{
    const test::temporary_directory directory;
    const auto from = directory.file("from.db");
    const auto back = directory.file("back.db");
    test::postgres_database database;
    fill(from);
    const auto before = backup_of(from, directory.file("a"));

    kill_migration("sqlite:" + from, database.url(), [&] {
        return database.execute(
                   "SELECT count(*) FROM information_schema.tables WHERE table_name = "
                   "'migration'") == "1" &&
               database.execute("SELECT count(*) FROM record") != "0";
    });
    const auto unfinished = test::run_command({"token", "list", "--database", database.url()});
    CHECK(unfinished.exit_status == 2);
    const auto there = migrate("sqlite:" + from, database.url());
    CHECK_MESSAGE(there.exit_status == 0, there.errors);
    CHECK(contains(there.errors, "going on with the copy that was interrupted\n"));
    CHECK(contains(there.errors, "verifying the copy\n"));
    CHECK(there.output == before);

    kill_migration(database.url(), "sqlite:" + back, [&] {
        // The log comes and goes while the file is made.
        std::error_code is_absent;
        const auto size = fs::file_size(back + ".migrating-wal", is_absent);
        return !is_absent && size > 1'000'000;
    });
    CHECK_FALSE(fs::exists(back));
    const auto again = migrate(database.url(), "sqlite:" + back);
    CHECK_MESSAGE(again.exit_status == 0, again.errors);
    CHECK(again.output == before);
    CHECK(backup_of(back, directory.file("b")) == before);
    CHECK_FALSE(fs::exists(back + ".migrating"));
    CHECK_FALSE(fs::exists(back + ".migrating-wal"));
}

TEST_CASE("migrate: each failure is one line and a status")
{
    const test::temporary_directory directory;
    const auto from = directory.file("from.db");
    const auto url = "sqlite:" + from;
    test::postgres_database database;
    const auto missing = migrate(url, database.url());
    CHECK(missing.exit_status == 2);
    CHECK(missing.errors == "ocpi-sessions: there is no database " + from + "\n");
    {
        test::server_process server({"--dev", "--database", url});
        const auto busy = migrate(url, database.url());
        CHECK(busy.exit_status == 2);
        CHECK(busy.errors ==
              "ocpi-sessions: a server or another program has " + from + " open: stop it first\n");
        CHECK(server.terminate() == 0);
    }
    CHECK(migrate(url, "memory:").exit_status == 2);
    CHECK(migrate(url, url).exit_status == 2);
    const auto password = migrate(url, "postgresql://u:hidden@127.0.0.1:1/none");
    CHECK(password.exit_status == 2);
    CHECK_FALSE(contains(password.errors, "hidden"));
    CHECK(migrate(url, database.url()).exit_status == 0);
    const auto twice = migrate(database.url(), database.url());
    CHECK(twice.exit_status == 2);
}

}  // namespace migrate_test
