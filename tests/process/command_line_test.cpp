#include "tests/support/ocpi_client.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <string>

namespace command_line_test {

using namespace ocpi;

namespace {

std::string write_file(const test::temporary_directory& directory, const std::string& name,
                       const std::string& text)
{
    const auto path = directory.file(name);
    std::ofstream(path) << text;
    return path;
}

std::string without_line_end(std::string text)
{
    while (!text.empty() && text.back() == '\n') text.pop_back();
    return text;
}

}  // namespace

TEST_CASE("command line: serve prints one line on stdout, its log on stderr, and ends on SIGTERM")
{
    test::server_process server({"--dev", "--database", "memory:"});
    CHECK(server.url().starts_with("http://127.0.0.1:"));
    test::ocpi_client client(server.endpoint(), "your-token");
    const auto answer = client.request("GET", "/ocpi/versions");
    REQUIRE(answer);
    CHECK(answer->body.find(server.url() + "/ocpi/2.3.0") != std::string::npos);
    CHECK(server.terminate() == 0);
    CHECK(server.further_output().empty());
    CHECK(server.errors().find("stopped") != std::string::npos);
    CHECK(server.errors().find("your-token") == std::string::npos);
}

TEST_CASE("command line: --dev refuses every address but loopback")
{
    for (const char* address : {"0.0.0.0:0", "[::]:0", "192.0.2.1:8000", "example.com:80"}) {
        const auto outcome =
            test::run_command({"serve", "--dev", "--database", "memory:", "--listen", address});
        CHECK(outcome.exit_status == 2);
        CHECK(outcome.errors.find("loopback") != std::string::npos);
    }
}

TEST_CASE(
    "command line: a token that is added or revoked counts within a second, without a restart")
{
    using real_time = std::chrono::steady_clock;
    const test::temporary_directory directory;
    const auto database = "sqlite:" + directory.file("sessions.db");
    test::server_process server({"--database", database});
    const auto added =
        test::run_command({"token", "add", "--database", database, "--kind", "partner", "--role",
                           "CPO:BE*BEC", "--role", "EMSP:BE*BEC", "--name", "bec"});
    REQUIRE(added.exit_status == 0);
    const auto token = without_line_end(added.output);
    CHECK(token.size() == 64);
    CHECK(added.errors.find(token) == std::string::npos);

    test::ocpi_client client(server.endpoint(), token);
    CHECK(client.request("GET", "/ocpi/versions")->status == 200);

    const auto listed = test::run_command({"token", "list", "--database", database});
    CHECK(listed.output == "bec partner strict CPO:BE*BEC EMSP:BE*BEC\n");
    const auto twice = test::run_command(
        {"token", "add", "--database", database, "--kind", "operator", "--name", "BEC"});
    CHECK(twice.exit_status == 2);
    CHECK(twice.errors.find("already") != std::string::npos);

    REQUIRE(test::run_command({"token", "revoke", "--database", database, "--name", "bec"})
                .exit_status == 0);
    const auto deadline = real_time::now() + std::chrono::seconds(1);
    while (client.request("GET", "/ocpi/versions")->status == 200 && real_time::now() < deadline) {
    }
    CHECK(client.request("GET", "/ocpi/versions")->status == 401);
    CHECK(test::run_command({"token", "list", "--database", database}).output.empty());
    CHECK(test::run_command({"token", "revoke", "--database", database, "--name", "bec"})
              .exit_status == 2);
}

TEST_CASE("command line: token add says what is wrong with a description")
{
    const test::temporary_directory directory;
    const auto database = "sqlite:" + directory.file("sessions.db");
    const auto add = [&](std::vector<std::string> arguments) {
        arguments.insert(arguments.begin(), {"token", "add", "--database", database});
        return test::run_command(arguments);
    };
    CHECK(add({"--kind", "admin"}).errors.find("partner, operator or driver") != std::string::npos);
    CHECK(add({"--kind", "partner", "--role", "CPO"}).errors.find("CPO:ES*ABC") !=
          std::string::npos);
    CHECK(add({"--kind", "partner", "--profile", "lax"}).errors.find("strict or tolerant") !=
          std::string::npos);
    CHECK(add({"--kind", "partner", "--token", "with space"}).errors.find("64") !=
          std::string::npos);
    CHECK(add({"--kind", "driver", "--contract", "C1", "--token", "mine"}).output == "mine\n");
    CHECK(test::run_command({"token", "add", "--database", "memory:", "--kind", "driver"})
              .errors.find("[[token]]") != std::string::npos);
}

TEST_CASE("command line: check names every problem by its JSON pointer")
{
    const test::temporary_directory directory;
    const auto good = write_file(
        directory, "good.json",
        R"({"country_code":"BE","party_id":"BEC","id":"1","start_date_time":"2026-06-01T10:00:00Z",
            "kwh":1,"cdr_token":{"country_code":"NL","party_id":"TNM","uid":"1","type":"RFID",
            "contract_id":"C"},"auth_method":"WHITELIST","location_id":"L","evse_uid":"E",
            "connector_id":"1","currency":"EUR","status":"ACTIVE",
            "last_updated":"2026-06-01T10:00:00Z"})");
    const auto bad = write_file(directory, "bad.json",
                                R"([{"country_code":"BEL","status":"CHARGING","kwh":"1"}])");
    const auto broken = write_file(directory, "broken.json", "{");

    const auto fine = test::run_command({"check", good});
    CHECK(fine.exit_status == 0);
    CHECK(fine.output.empty());

    const auto problems = test::run_command({"check", good, bad, broken});
    CHECK(problems.exit_status == 1);
    for (const char* expected :
         {"bad.json: /0/country_code ", "bad.json: /0/status ", "bad.json: /0/kwh ",
          "bad.json: /0/cdr_token is missing", "broken.json: "}) {
        CAPTURE(expected);
        CHECK(problems.output.find(expected) != std::string::npos);
    }
    CHECK(problems.output.find("good.json") == std::string::npos);
    CHECK(test::run_command({"check", directory.file("absent.json")}).exit_status == 2);
}

TEST_CASE("command line: a configuration file configures the server, and flags override it")
{
    const test::temporary_directory directory;
    const auto file = write_file(directory, "server.toml", R"(
public_url = "https://ocpi.example.com/"
database = "memory:"

[[party]]
country_code = "NL"
party_id = "OUR"
roles = ["CPO"]

[[token]]
name = "tnm"
kind = "partner"
roles = ["EMSP:NL*TNM"]
token = "tnm-token"
)");
    test::server_process server({"--config", file, "--public-url", "https://other.example.com"});
    test::ocpi_client client(server.endpoint(), "tnm-token");
    const auto answer = client.request("GET", "/ocpi/versions");
    REQUIRE(answer);
    CHECK(answer->body.find("https://other.example.com/ocpi/2.3.0") != std::string::npos);
}

TEST_CASE("command line: a mistake in the configuration is named with its line and key")
{
    const test::temporary_directory directory;
    const auto complaint = [&](const std::string& text) {
        const auto file = write_file(directory, "server.toml", text);
        const auto outcome = test::run_command({"serve", "--config", file});
        CHECK(outcome.exit_status == 2);
        return outcome.errors;
    };
    CHECK(complaint("listen = \"127.0.0.1:0\"\nlitsen = 1\n").find("server.toml:2: litsen") !=
          std::string::npos);
    CHECK(complaint("[limits]\nbody_bytes = \"big\"\n").find("server.toml:2: limits.body_bytes") !=
          std::string::npos);
    CHECK(complaint("[[party]]\ncountry_code = \"ES\"\n").find("party.party_id is missing") !=
          std::string::npos);
    CHECK(complaint("[paging]\ndefault_limit = 0\n").find("paging.default_limit") !=
          std::string::npos);
    CHECK(complaint("a = \n").find("server.toml:1") != std::string::npos);
    CHECK(complaint("database = \"mysql:x\"\n").find("sqlite:PATH") != std::string::npos);
}

TEST_CASE("command line: a public URL that is none is refused")
{
    for (const char* url : {"x", "ftp://a", "https://a?x", "https://a#x", "//a", "http://"}) {
        CAPTURE(url);
        const auto outcome =
            test::run_command({"serve", "--dev", "--database", "memory:", "--listen", "127.0.0.1:0",
                               "--public-url", url});
        CHECK(outcome.exit_status == 2);
        CHECK(outcome.errors.find("public URL") != std::string::npos);
    }
}

TEST_CASE("command line: a hang-up does not end the server")
{
    test::server_process server({"--dev", "--database", "memory:"});
    server.signal(SIGHUP);
    test::ocpi_client client(server.endpoint(), "your-token");
    CHECK(client.request("GET", "/ocpi/versions")->status == 200);
    CHECK(server.terminate() == 0);
}

TEST_CASE("command line: tokens are listed and revoked in a database that exists")
{
    const test::temporary_directory directory;
    const auto database = "sqlite:" + directory.file("typo.db");
    CHECK(test::run_command({"token", "list", "--database", database}).exit_status == 2);
    CHECK(test::run_command({"token", "revoke", "--database", database, "--name", "n"})
              .errors.find("there is no database") != std::string::npos);
    CHECK_FALSE(std::filesystem::exists(directory.file("typo.db")));
}

TEST_CASE("command line: the version is printed")
{
    CHECK(test::run_command({"--version"}).output.find("0.1.0") != std::string::npos);
}

}  // namespace command_line_test
