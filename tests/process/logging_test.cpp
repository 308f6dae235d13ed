// The log of the real executable, its reload and its check of configurations.

#include "ocpi/json/document.hpp"
#include "tests/support/ocpi_client.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/session_text.hpp"
#include "tests/support/socket_client.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace logging_test {

using namespace ocpi;

namespace {

constexpr const char* secret = "the-hidden-token-of-a-partner";
/// Its Base64.
constexpr const char* secret_base64 = "dGhlLWhpZGRlbi10b2tlbi1vZi1hLXBhcnRuZXI=";

struct log_fixture {
    const test::temporary_directory directory;
    const std::string path = directory.file("server.toml");
    std::unique_ptr<test::server_process> server;

    void write(const std::string& text) const { std::ofstream(path) << text; }

    static std::string config(const std::string& log, const std::string& token = secret)
    {
        return "database = \"memory:\"\n[[party]]\ncountry_code = \"ES\"\nparty_id = \"ABC\"\n"
               "roles = [\"CPO\", \"EMSP\"]\n[[token]]\nname = \"backend\"\nkind = \"operator\"\n"
               "token = \"" +
               token + "\"\n[log]\n" + log;
    }

    void serve(const std::string& log)
    {
        write(config(log));
        server = std::make_unique<test::server_process>(std::vector<std::string>{"--config", path});
    }

    int ask(const std::string& target, const std::string& token) const
    {
        test::ocpi_client client(server->endpoint(), token);
        const auto answer = client.request("GET", target);
        return answer ? answer->status : 0;
    }

    /// Asks with the token until the answer has that status: a reload takes a moment.
    bool await_status(const std::string& token, int status) const
    {
        const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
        while (std::chrono::steady_clock::now() < limit) {
            if (ask("/ocpi/versions", token) == status) return true;
            std::this_thread::yield();
        }
        return false;
    }

    std::string stop()
    {
        CHECK(server->terminate() == 0);
        return server->errors();
    }
};

std::vector<std::string> lines_of(const std::string& text)
{
    std::vector<std::string> lines;
    std::size_t at = 0;
    for (auto end = text.find('\n'); end != text.npos; end = text.find('\n', at)) {
        lines.push_back(text.substr(at, end - at));
        at = end + 1;
    }
    return lines;
}

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE_FIXTURE(log_fixture, "logging: every line of a JSON log is an object")
{
    serve("format = \"json\"\nlevel = \"debug\"\n");
    CHECK(ask("/ocpi/versions", secret) == 200);
    CHECK(ask("/ocpi/versions", "wrong") == 401);
    const auto log = stop();
    bool is_there = false;
    for (const auto& line : lines_of(log)) {
        CAPTURE(line);
        const auto parsed = json::parse(line);
        REQUIRE(parsed.has_value());
        for (const char* name : {"time", "level", "message"}) {
            CHECK(parsed->root().find(name).has_value());
        }
        const auto route = parsed->root().find("route");
        const auto caller = parsed->root().find("caller");
        is_there = is_there || (route && route->string() == "/ocpi/versions" && caller &&
                                caller->string() == "backend");
    }
    CHECK(is_there);
    CHECK(contains(log, "refused: unauthenticated"));
    CHECK(contains(log, "\"stopped\""));
}

TEST_CASE_FIXTURE(log_fixture, "logging: no secret is logged, whatever is sent and at any level")
{
    serve("level = \"debug\"\n");
    const std::string token(secret);
    const auto send = [&](const std::string& bytes) {
        test::socket_client client(server->endpoint());
        client.send(bytes);
        client.shutdown_send();
        CHECK_FALSE(client.read_to_end().empty());
    };
    const auto head = [&](const std::string& line, const std::string& fields) {
        return line + " HTTP/1.1\r\nHost: t\r\n" + fields + "\r\n";
    };
    const std::string good = "Authorization: Token " + std::string(secret_base64) + "\r\n";
    send(head("GET /ocpi/cpo/2.3.0/sessions?token=" + token, good));
    send(head("GET /v1/sessions/" + token + "?limit=" + token, good));
    send(head("GET /" + token, good));
    send(head("GET /ocpi/versions", "Authorization: Token " + token + "x\r\n"));
    send(head("GET /ocpi/versions", "Authorization: Bearer " + token + "\r\n"));
    send(head("GET /ocpi/versions", good + good));
    send(head("GET /ocpi/versions", "X: " + token + "\r\nAuthorization " + token + "\r\n"));
    send(head("GET /ocpi/versions", "Authorization : " + token + "\r\n"));
    send(head("GET http://" + token + "@h/%zz" + token, good));
    send(token + " " + token + "\r\n\r\n");
    send(head("GET /ocpi/versions", good + "traceparent: " + token + "\r\n"));
    send(head("GET /ocpi/versions", good + "OCPI-to-party-id: " + token + "\r\n"));
    for (const std::string& body :
         {"{\"" + token + "\":1,\"" + token + "\":2}", "{\"status\":\"" + token + "\"}",
          "{\"currency\":\"" + token + "\"}", "\"" + token + "\"", token}) {
        for (const char* method : {"PUT", "PATCH"}) {
            send(head(std::string(method) + " /ocpi/emsp/2.3.0/sessions/BE/BEC/1",
                      good + "Content-Length: " + std::to_string(body.size()) + "\r\n") +
                 body);
        }
        send(head("POST /v1/policies",
                  good + "Content-Length: " + std::to_string(body.size()) + "\r\n") +
             body);
    }
    const auto log = stop();
    CHECK(contains(log, "method=PUT"));
    CHECK(contains(log, " debug "));
    for (const auto& line : lines_of(log)) {
        CAPTURE(line);
        CHECK_FALSE(contains(line, "hidden"));
        CHECK_FALSE(contains(line, std::string(secret_base64).substr(0, 16)));
    }
}

TEST_CASE_FIXTURE(log_fixture, "logging: without access there is no line about a request")
{
    serve("access = false\n");
    CHECK(ask("/ocpi/versions", secret) == 200);
    CHECK_FALSE(contains(stop(), "request from"));
}

TEST_CASE_FIXTURE(log_fixture, "logging: SIGHUP brings tokens and the log up to date")
{
    serve("");
    CHECK(await_status(secret, 200));
    write(config("format = \"json\"\n", "another-hidden-token") + "[limits]\nbody_bytes = 1000\n");
    server->signal(SIGHUP);
    CHECK(await_status("another-hidden-token", 200));
    CHECK(ask("/ocpi/versions", secret) == 401);

    // A broken file changes nothing, and a later one is read again.
    write("listen = 1\n[log]\nlevel = \"loud\"\n");
    server->signal(SIGHUP);
    CHECK(server->await_error("log.level must be"));
    CHECK(ask("/ocpi/versions", "another-hidden-token") == 200);
    std::string log;
    const std::string third = "the-third-hidden-token";
    write(config("format = \"json\"\n", third));
    server->signal(SIGHUP);
    CHECK(await_status(third, 200));
    log = stop();
    CHECK_FALSE(contains(log, "hidden"));
    CHECK(contains(log, "the configuration was read again: log.format, token"));
    CHECK(contains(log, "changes that take effect after a restart: limits.body_bytes"));
    CHECK(contains(log, "{\"time\""));
}

TEST_CASE_FIXTURE(log_fixture, "logging: a broken configuration is named with key and line")
{
    serve("");
    write("listen = 1\n[log]\nlevel = \"loud\"\n");
    server->signal(SIGHUP);
    CHECK(server->await_error("log.level"));
    CHECK(ask("/ocpi/versions", secret) == 200);
    const auto log = stop();
    CHECK(contains(log, "the one in use stays: " + path + ":1: listen must be a text in quotes"));
    CHECK(contains(log, path + ":3: log.level must be debug, info, warning or error"));
}

TEST_CASE_FIXTURE(log_fixture, "logging: check-config prints a configuration or its faults")
{
    write(config("level = \"debug\"\n"));
    const auto fine = test::run_command({"check-config", path});
    CHECK(fine.exit_status == 0);
    CHECK(fine.errors.empty());
    CHECK(contains(fine.output, "level = \"debug\""));
    CHECK(contains(fine.output, "header_timeout = 10"));
    CHECK_FALSE(contains(fine.output, "hidden"));
    write(fine.output);
    const auto again = test::run_command({"check-config", path});
    CHECK(again.exit_status == 0);
    CHECK(again.output == fine.output);

    write("x = 1\n[log]\nlevel = 1\n");
    const auto faulty = test::run_command({"check-config", path});
    CHECK(faulty.exit_status == 2);
    CHECK(faulty.output.empty());
    CHECK(contains(faulty.errors, path + ":1: x is not a known key\n"));
    CHECK(contains(faulty.errors, path + ":3: log.level must be a text in quotes\n"));
    write("[log\n");
    CHECK(contains(test::run_command({"check-config", path}).errors, path + ":1: "));
    write("[tls]\ncertificate = \"/no/such.pem\"\nkey = \"/no/such.key\"\n");
    CHECK(test::run_command({"check-config", path}).exit_status == 2);
    CHECK(test::run_command({"check-config", directory.file("none")}).exit_status == 2);
}

}  // namespace logging_test
