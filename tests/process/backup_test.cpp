// backup, restore and purge of the real executable, beside a server that is written to.

#include "ocpi/json/document.hpp"
#include "tests/support/ocpi_client.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>

namespace process_backup_test {

using namespace ocpi;
namespace fs = std::filesystem;

namespace {

std::string session(const std::string& id, const std::string& status = "ACTIVE",
                    const std::string& end = "")
{
    return R"({"country_code":"ES","party_id":"ABC","id":")" + id +
           R"(","start_date_time":"2026-01-01T10:00:00Z","kwh":1,"location_id":"L",)" + end +
           R"("evse_uid":"E","connector_id":"1","currency":"EUR","status":")" + status +
           R"(","last_updated":"2026-01-01T10:00:00Z"})";
}

std::string completed(const std::string& id)
{
    return session(id, "COMPLETED", R"("end_date_time":"2026-01-01T11:00:00Z",)");
}

std::string target_of(const std::string& id)
{
    return "/ocpi/emsp/2.3.0/sessions/ES/ABC/" + id;
}

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

struct world {
    test::temporary_directory directory;
    std::string path = directory.file("sessions.db");
    std::string url = "sqlite:" + path;
    std::string file = directory.file("backup");

    test::command_outcome back_up() const
    {
        return test::run_command({"backup", "--database", url, file});
    }
    test::command_outcome restore(const std::string& to) const
    {
        return test::run_command({"restore", "--database", "sqlite:" + to, file});
    }
};

}  // namespace

TEST_CASE("backup: a server under load is backed up, and what is restored is served")
{
    const world in;
    const auto other = in.directory.file("restored.db");
    test::command_outcome saved;
    {
        test::server_process server({"--dev", "--database", in.url});
        std::atomic<bool> is_over = false;
        std::atomic<int> written = 0;
        std::jthread writer([&] {
            test::ocpi_client client(server.endpoint(), "your-token");
            for (int i = 0; !is_over; ++i) {
                const auto id = "S" + std::to_string(i);
                CHECK(test::is_acknowledged(client.request("PUT", target_of(id), session(id))));
                ++written;
            }
        });
        while (written < 20) std::this_thread::yield();
        saved = in.back_up();
        is_over = true;
        writer.join();
        CHECK(server.terminate() == 0);
    }
    CHECK(saved.exit_status == 0);
    CHECK(contains(saved.output, "sessions"));
    CHECK(contains(saved.output, "sha256"));
    CHECK(contains(saved.errors, "verifying the copy"));
    const auto restored = in.restore(other);
    CHECK(restored.exit_status == 0);
    CHECK(restored.output == saved.output);
    test::server_process again({"--dev", "--database", "sqlite:" + other});
    test::ocpi_client client(again.endpoint(), "your-token");
    const auto got = client.request("GET", target_of("S0"));
    REQUIRE(got);
    CHECK(contains(got->body, "\"id\":\"S0\""));
    CHECK(again.terminate() == 0);
    // The copy was closed as a database is.
    CHECK_FALSE(contains(again.errors(), "missing"));
}

TEST_CASE("backup: each failure is one line and a status")
{
    const world in;
    const auto missing = in.back_up();
    CHECK(missing.exit_status == 2);
    CHECK(missing.errors == "ocpi-sessions: there is no database " + in.path + "\n");
    CHECK(test::run_command({"backup", "--database", "memory:", in.file}).exit_status == 2);
    CHECK(test::run_command({"backup", "--database", in.url}).exit_status == 2);

    {
        test::server_process server({"--dev", "--database", in.url});
    }
    CHECK(in.back_up().exit_status == 0);
    const auto twice = in.back_up();
    CHECK(twice.exit_status == 2);
    CHECK(twice.errors == "ocpi-sessions: " + in.file + " exists; it is not replaced\n");
    const auto over = in.restore(in.path);
    CHECK(over.exit_status == 2);
    CHECK(contains(over.errors, in.path + " exists"));
    const auto nowhere =
        test::run_command({"backup", "--database", in.url, in.directory.file("no/file")});
    CHECK(nowhere.exit_status == 2);
    CHECK(contains(nowhere.errors, "No such file or directory"));

    std::ofstream(in.file, std::ios::trunc) << "no database at all";
    const auto foreign = in.restore(in.directory.file("restored.db"));
    CHECK(foreign.exit_status == 1);
    CHECK(foreign.errors == "ocpi-sessions: " + in.file + " is no SQLite database\n");
    CHECK_FALSE(fs::exists(in.directory.file("restored.db")));
}

TEST_CASE("backup: when no space is left the file does not appear")
{
    const world in;
    {
        test::server_process server({"--dev", "--database", in.url});
        test::ocpi_client client(server.endpoint(), "your-token");
        CHECK(test::is_acknowledged(client.request("PUT", target_of("1"), session("1"))));
        CHECK(server.terminate() == 0);
    }
    // A command inherits the limit and the disposition of the signal.
    rlimit before{};
    ::getrlimit(RLIMIT_FSIZE, &before);
    rlimit small = before;
    small.rlim_cur = 32 * 1024;
    const auto handler = std::signal(SIGXFSZ, SIG_DFL);
    ::setrlimit(RLIMIT_FSIZE, &small);
    const auto outcome = in.back_up();
    ::setrlimit(RLIMIT_FSIZE, &before);
    std::signal(SIGXFSZ, handler);
    CHECK(outcome.exit_status == 2);
    CHECK(contains(outcome.errors, in.file + ".partial"));
    CHECK_FALSE(fs::exists(in.file));
    CHECK_FALSE(fs::exists(in.file + ".partial"));
    CHECK(in.back_up().exit_status == 0);
}

TEST_CASE("backup: a terminal sees a bar")
{
    const world in;
    {
        test::server_process server({"--dev", "--database", in.url});
    }
    const auto command = "script --quiet --return --command '" + test::executable_path() +
                         " backup --database " + in.url + ' ' + in.file + "' /dev/null";
    std::FILE* pipe = ::popen(command.c_str(), "r");
    REQUIRE(pipe != nullptr);
    std::string output;
    for (int c = 0; (c = std::fgetc(pipe)) != EOF;) output += static_cast<char>(c);
    CHECK_MESSAGE(::pclose(pipe) == 0, output);
    CHECK_MESSAGE(contains(output, "#] copying the pages"), output);
}

TEST_CASE("purge: settled sessions go beside a running server, which takes them again as new")
{
    const world in;
    test::server_process server({"--dev", "--database", in.url});
    test::ocpi_client client(server.endpoint(), "your-token");
    CHECK(test::is_acknowledged(client.request("PUT", target_of("old"), completed("old"))));
    CHECK(test::is_acknowledged(client.request("PUT", target_of("live"), session("live"))));
    const auto purge = [&](std::vector<std::string> more) {
        more.insert(more.begin(), {"purge", "--database", in.url, "--completed-before"});
        return test::run_command(more);
    };
    CHECK(purge({"2026-01-01"}).output ==
          "party  to remove  a partner lacks  changed meanwhile\n"
          "all    0          0                0\n");
    const auto dry = purge({"2026-01-02"});
    CHECK(dry.exit_status == 0);
    CHECK(contains(dry.output, "ES*ABC  1 "));
    CHECK(contains(dry.errors, "dry run"));
    CHECK(client.request("GET", target_of("old"))->status == 200);

    const auto real = purge({"2026-01-02", "--yes"});
    CHECK(real.exit_status == 0);
    CHECK(contains(real.output, "removed"));
    CHECK(client.request("GET", target_of("old"))->status == 404);
    CHECK(client.request("GET", target_of("live"))->status == 200);
    const auto again = client.request("PUT", target_of("old"), completed("old"));
    REQUIRE(again);
    CHECK(again->status == 201);
    CHECK(purge({"yesterday"}).exit_status == 2);
    CHECK(server.terminate() == 0);
}

}  // namespace process_backup_test
