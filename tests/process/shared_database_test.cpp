// Two processes that know of each other only by their database.

#include "tests/support/child_process.hpp"
#include "tests/support/ocpi_client.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace shared_database_test {

using namespace ocpi;
using namespace std::chrono_literals;

namespace {

constexpr const char* session_path = "/ocpi/emsp/2.3.0/sessions/ES/ABC/S1";

/// The status of an answer; 0 without one.
int status_of(test::server_process& server, const std::string& token, const std::string& method,
              const std::string& target, const std::string& body = {})
{
    test::ocpi_client client(server.endpoint(), token);
    const auto answer = client.request(method, target, body);
    return answer ? answer->status : 0;
}

/// Two servers that were started at once, on an empty database.
struct pair {
    test::postgres_database database;
    std::optional<test::server_process> first;
    std::optional<test::server_process> second;

    pair()
    {
        const std::vector<std::string> arguments{"--dev", "--database", database.url()};
        std::jthread other([&] { second.emplace(arguments); });
        first.emplace(arguments);
    }

    /// False if it takes a second, by the clock of a wall, at either.
    bool soon_answers(const std::string& token, int status)
    {
        return test::eventually(
            [&] {
                return status_of(*first, token, "GET", "/ocpi/versions") == status &&
                       status_of(*second, token, "GET", "/ocpi/versions") == status;
            },
            1s);
    }
    test::command_outcome command(std::vector<std::string> words) const
    {
        words.push_back("--database");
        words.push_back(database.url());
        return test::run_command(words);
    }
};

}  // namespace

TEST_CASE("process/shared_database: a token that is added or revoked counts at both in a second")
{
    pair both;
    REQUIRE(both.first);
    REQUIRE(both.second);
    // Both have looked for it before.
    const std::string token = "a-token-of-an-operator";
    CHECK(both.soon_answers(token, 401));
    const auto added = both.command(
        {"token", "add", "--kind", "operator", "--name", "colleague", "--token", token});
    REQUIRE_MESSAGE(added.exit_status == 0, added.errors);
    CHECK(both.soon_answers(token, 200));
    const auto revoked = both.command({"token", "revoke", "--name", "colleague"});
    REQUIRE_MESSAGE(revoked.exit_status == 0, revoked.errors);
    CHECK(both.soon_answers(token, 401));
    CHECK(both.first->terminate() == 0);
    CHECK(both.second->terminate() == 0);
}

TEST_CASE(
    "process/shared_database: what one has written the other shows at once, in its events too")
{
    pair both;
    REQUIRE(both.first);
    REQUIRE(both.second);
    test::socket_client events(both.second->endpoint());
    events.send("GET /v1/events HTTP/1.1\r\nHost: t\r\nAuthorization: Token your-token\r\n\r\n");
    events.read_until("\r\n\r\n");
    CHECK(status_of(*both.first, "your-token", "PUT", session_path, test::session_text()) == 201);
    const auto written = std::chrono::steady_clock::now();
    CHECK(status_of(*both.second, "your-token", "GET", session_path) == 200);
    CHECK(events.read_until("\ndata: ").find("event: status") != std::string::npos);
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - written);
    MESSAGE("an event of the other process after ", took.count(), " ms");
    CHECK(took < 1s);
    CHECK(both.first->terminate() == 0);
    CHECK(both.second->terminate() == 0);
}

TEST_CASE("process/shared_database: neither's clock can be set, and the leases can be listed")
{
    pair both;
    REQUIRE(both.first);
    REQUIRE(both.second);
    const std::string now = R"({"now":"2026-01-01T00:00:00Z"})";
    CHECK(status_of(*both.first, "your-token", "PUT", "/v1/dev/clock", now) == 409);
    CHECK(status_of(*both.second, "your-token", "PUT", "/v1/dev/clock", now) == 409);
    const auto has_holder = [&] {
        const auto listed = both.command({"leases"});
        return listed.exit_status == 0 &&
               (listed.output.find(':' + std::to_string(both.first->pid()) + ':') !=
                    std::string::npos ||
                listed.output.find(':' + std::to_string(both.second->pid()) + ':') !=
                    std::string::npos);
    };
    CHECK(test::eventually(has_holder));
    CHECK(both.first->terminate() == 0);
    CHECK(both.second->terminate() == 0);
    const auto listed = both.command({"leases"});
    CHECK_MESSAGE(listed.output.find(':') == std::string::npos, listed.output);
}

}  // namespace shared_database_test
