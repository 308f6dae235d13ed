// What PostgreSQL may answer when the server starts: each failure is one clear line, the process
// ends, and no password is in its output.

#include "tests/support/old_postgres.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/run_shell.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <memory>
#include <string>

namespace postgres_start_test {

using namespace ocpi;

namespace {

constexpr const char* password = "not-for-any-output";

/// A server on TCP that asks for a password.
test::postgres_server& guarded_server()
{
    static test::postgres_server server([] {
        test::postgres_setting setting;
        setting.listens_on_tcp = true;
        setting.password = password;
        return setting;
    }());
    return server;
}

/// `postgresql://user:secret@…` of such a URL.
std::string with_user(std::string url, const std::string& user, const std::string& secret)
{
    const auto begin = url.find("//") + 2;
    return url.replace(begin, url.find('@') - begin, user + ':' + secret);
}

/// Starts and must fail. `more` of the command line.
std::string start_in_vain(const std::string& url, const std::string& more = {})
{
    const auto outcome =
        test::run_shell("timeout --signal=KILL 60 '" + test::executable_path() +
                        "' serve --dev --listen 127.0.0.1:0 --database '" + url + "' " + more);
    CHECK_MESSAGE(outcome.exit_status == 2 << 8, outcome.exit_status, ": ", outcome.output);
    CHECK_MESSAGE(outcome.output.find(password) == std::string::npos, outcome.output);
    CHECK_MESSAGE(outcome.output.find("listening on") == std::string::npos, outcome.output);
    return outcome.output;
}

void check_has(const std::string& output, const std::string& part)
{
    CHECK_MESSAGE(output.find(part) != std::string::npos, output, "\nhas not: ", part);
}

/// A new database, and a user who may connect to it and do no more.
std::string create_guest_database(const std::string& name)
{
    auto& server = guarded_server();
    auto url = server.create_database(name);
    const auto database = url.substr(url.rfind('/') + 1);
    server.execute(
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'guest') THEN "
        "CREATE ROLE guest LOGIN PASSWORD '" +
        std::string(password) + "'; END IF; END $$");
    return database;
}

}  // namespace

TEST_CASE("faults/postgres_start: a wrong password, and none")
{
    auto& server = guarded_server();
    const auto output =
        start_in_vain(with_user(server.tcp_url(), "ocpi", std::string(password) + "-wrong"));
    check_has(output, "password authentication failed for user \"ocpi\"");
    check_has(output, "database_password_file");
    check_has(start_in_vain(server.tcp_url()), "no password supplied");
}

TEST_CASE("faults/postgres_start: the right password, by each way that there is")
{
    const test::temporary_directory directory;
    auto& server = guarded_server();
    const auto name = create_guest_database("ways");
    const auto url = server.tcp_url(name);
    const auto file = directory.file("password");
    std::ofstream(file) << password << '\n';
    ::chmod(file.c_str(), 0600);
    const auto config = directory.file("server.toml");
    std::ofstream(config) << "database_password_file = \"" << file << "\"\n";
    const auto pass_file = directory.file("pgpass");
    std::ofstream(pass_file) << "127.0.0.1:*:*:ocpi:" << password << '\n';
    ::chmod(pass_file.c_str(), 0600);

    const auto check = [](const std::vector<std::string>& arguments,
                          const std::vector<std::string>& environment) {
        test::process_setting setting;
        setting.environment = environment;
        test::server_process running(arguments, "127.0.0.1:0", setting);
        CHECK(running.terminate() == 0);
        CHECK(running.errors().find(password) == std::string::npos);
        CHECK(running.further_output().find(password) == std::string::npos);
    };
    check({"--dev", "--database", with_user(url, "ocpi", password)}, {});
    check({"--dev", "--database", url}, {std::string("PGPASSWORD=") + password});
    check({"--dev", "--database", url}, {"PGPASSFILE=" + pass_file});
    check({"--dev", "--database", url, "--config", config}, {});
}

TEST_CASE("faults/postgres_start: a user without rights, and a database that is not there")
{
    auto& server = guarded_server();
    const auto name = create_guest_database("rights");
    const auto as_guest = with_user(server.tcp_url(name), "guest", password);
    // Nothing is there yet, and it may not make it.
    auto output = start_in_vain(as_guest);
    check_has(output, "permission denied for schema public");
    check_has(output, "give the user that right");
    // Made by the owner: it may not read it.
    {
        test::server_process owner(
            {"--dev", "--database", with_user(server.tcp_url(name), "ocpi", password)});
        CHECK(owner.terminate() == 0);
    }
    check_has(start_in_vain(as_guest), "permission denied for table");

    output = start_in_vain(with_user(server.tcp_url("nowhere"), "ocpi", password));
    check_has(output, "database \"nowhere\" does not exist");
    check_has(output, "CREATE DATABASE");
}

TEST_CASE("faults/postgres_start: a server that is too old, and a schema that is too new")
{
    const test::old_postgres server("12.9");
    auto output = start_in_vain(server.url());
    check_has(output, "12.9");
    check_has(output, "13");

    test::postgres_database database;
    {
        test::server_process first({"--dev", "--database", database.url()});
        CHECK(first.terminate() == 0);
    }
    database.execute("UPDATE schema_version SET version = 999");
    output = start_in_vain(database.url());
    check_has(output, "schema 999");
    check_has(output, "newer");
}

TEST_CASE("faults/postgres_start: a server that may lose writes, unless that is allowed")
{
    const test::temporary_directory directory;
    const auto config = directory.file("server.toml");
    std::ofstream(config) << "allow_lost_writes = true\n";
    test::postgres_database database;
    const auto check = [&](const std::string& setting) {
        CAPTURE(setting);
        database.execute("ALTER DATABASE " + database.name() + " SET " + setting + " = off");
        check_has(start_in_vain(database.url()), setting);
        test::server_process allowed({"--dev", "--database", database.url(), "--config", config});
        CHECK(allowed.terminate() == 0);
        database.execute("ALTER DATABASE " + database.name() + " RESET " + setting);
    };
    check("synchronous_commit");

    test::postgres_server careless([] {
        test::postgres_setting setting;
        setting.lines = {"fsync = off"};
        return setting;
    }());
    const auto url = careless.create_database();
    check_has(start_in_vain(url), "fsync");
    test::server_process allowed({"--dev", "--database", url, "--config", config});
    CHECK(allowed.terminate() == 0);
}

TEST_CASE("faults/postgres_start: a standby, and an address where there is no server")
{
    test::postgres_server primary;
    const auto standby = primary.make_standby();
    check_has(start_in_vain(standby->url()), "read-only");
    standby->stop();
    check_has(start_in_vain(standby->url()), "No such file or directory");
    check_has(start_in_vain("postgresql://ocpi@127.0.0.1:1/ocpi"), "Connection refused");
    check_has(start_in_vain("postgresql://ocpi:" + std::string(password) + "@[bad/ocpi"),
              "postgresql");
}

}  // namespace postgres_start_test
