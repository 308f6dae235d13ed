// The simulator against the real server, by the command line.

#include "tests/support/ocpi_client.hpp"
#include "tests/support/scripted_peer.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

namespace simulate_test {

using namespace ocpi;

namespace {

/// The configuration of an eMSP that a CPO reports to.
std::string write_config(const test::temporary_directory& directory)
{
    auto path = directory.file("emsp.toml");
    std::ofstream(path) << R"([[party]]
country_code = "NL"
party_id = "TNM"
roles = ["EMSP"]
name = "eMSP"
[[token]]
name = "cpo"
kind = "partner"
roles = ["CPO:ES*ABC"]
token = "cpo-token"
)";
    return path;
}

std::vector<std::string> simulate(const std::string& url, std::vector<std::string> more)
{
    std::vector<std::string> command{"simulate",  "--url",   url,   "--token",
                                     "cpo-token", "--speed", "max", "--verify"};
    command.insert(command.end(), more.begin(), more.end());
    return command;
}

bool has(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("simulate: 2,000 unruly sessions reach the server as they were sent")
{
    const test::temporary_directory directory;
    const test::server_process server({"--config", write_config(directory), "--database",
                                       "sqlite:" + directory.file("sessions.db")});
    const auto outcome = test::run_command(
        simulate(server.url(), {"--scenario", "unruly", "--sessions", "2000", "--sessions-per-hour",
                                "500", "--charge-points", "800", "--concurrency", "64"}));
    CHECK_MESSAGE(outcome.exit_status == 0, outcome.errors, outcome.output);
    CHECK_MESSAGE(has(outcome.output, "verified    2,000 sessions: 0 differences"), outcome.output);
    CHECK(has(outcome.errors, "--seed "));
}

TEST_CASE("simulate: a server that loses one PUT is found out, with session and place")
{
    const test::temporary_directory directory;
    std::mutex mutex;  // the proxy has a thread of its own
    std::optional<test::ocpi_client> beyond;
    std::string lost;
    test::scripted_peer proxy([&](const http::request& received) -> test::peer_reply {
        const std::lock_guard lock(mutex);
        const bool is_start =
            received.method == "PUT" && has(received.body, R"("status":"ACTIVE")");
        if (is_start && lost.empty()) {
            lost = received.target.substr(received.target.rfind('/') + 1);
            return test::make_response(
                200, R"({"status_code":1000,"timestamp":"2026-06-01T12:00:00Z"})");
        }
        const auto answer = beyond->request(received.method, received.target, received.body);
        if (!answer) return test::peer_reply(test::peer_reply::manner::close);
        return test::make_response(answer->status, answer->body);
    });
    const test::server_process server({"--config", write_config(directory), "--database",
                                       "memory:", "--public-url", proxy.url("")});
    {
        const std::lock_guard lock(mutex);
        beyond.emplace(server.endpoint(), "cpo-token");
    }
    // a fixed seed: with some others no session begins with a PUT of status ACTIVE
    const auto outcome = test::run_command(
        simulate(proxy.url(""), {"--sessions", "6", "--seed", "1", "--start",
                                 "2026-06-01T12:00:00Z"}));
    const std::lock_guard lock(mutex);
    CHECK_MESSAGE(outcome.exit_status == 1, outcome.errors, outcome.output);
    REQUIRE_FALSE(lost.empty());
    CHECK_MESSAGE(has(outcome.output, lost + " /start_date_time: expected \""), outcome.output);
}

TEST_CASE("simulate: wrong arguments and a missing server are told, with exit status 2")
{
    const auto no_scenario = test::run_command(
        {"simulate", "--url", "http://127.0.0.1:9", "--token", "x", "--scenario", "no"});
    CHECK(no_scenario.exit_status == 2);
    CHECK(has(no_scenario.errors, "rush-hour"));
    const auto no_server = test::run_command(simulate("http://127.0.0.1:9", {}));
    CHECK(no_server.exit_status == 2);
    CHECK(has(no_server.errors, "cannot be reached"));
}

}  // namespace simulate_test
