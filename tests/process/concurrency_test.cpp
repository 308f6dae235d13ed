#include "ocpi/json/document.hpp"
#include "tests/support/ocpi_client.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdio>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace concurrency_test {

using namespace ocpi;

namespace {

constexpr const char* target = "/ocpi/emsp/2.3.0/sessions/ES/ABC/CONTENDED";

std::string whole_session()
{
    return R"({"country_code":"ES","party_id":"ABC","id":"CONTENDED",)"
           R"("start_date_time":"2026-06-01T10:00:00Z","kwh":0,"location_id":"L","evse_uid":"E",)"
           R"("connector_id":"1","currency":"EUR","status":"ACTIVE",)"
           R"("last_updated":"2026-06-01T10:00:00Z"})";
}

/// One period of its own for every number, all under one last_updated.
std::string patch(int number)
{
    char period[256];
    std::snprintf(period, sizeof period,
                  R"({"charging_periods":[{"start_date_time":"2026-06-01T10:%02d:%02dZ",)"
                  R"("dimensions":[{"type":"ENERGY","volume":%d.125}]}],)"
                  R"("last_updated":"2026-06-01T11:00:00Z"})",
                  number / 60 % 60, number % 60, number);
    return period;
}

}  // namespace

TEST_CASE("concurrency: 64 connections append 1,000 periods to one session, and each is there once")
{
    constexpr int connections = 64;
    constexpr int patches = 1000;
    const test::temporary_directory directory;
    test::server_process server({"--dev", "--database", "sqlite:" + directory.file("sessions.db")});
    test::ocpi_client owner(server.endpoint(), "your-token");
    REQUIRE(test::is_acknowledged(owner.request("PUT", target, whole_session())));

    std::atomic<int> next{0};
    std::atomic<int> refused{0};
    {
        std::vector<std::jthread> writers;
        for (int i = 0; i < connections; ++i) {
            writers.emplace_back([&] {
                test::ocpi_client client(server.endpoint(), "your-token");
                for (int number = next++; number < patches; number = next++) {
                    const auto answer = client.request("PATCH", target, patch(number));
                    if (!test::is_acknowledged(answer)) ++refused;
                }
            });
        }
    }
    CHECK(refused == 0);

    const auto answer = owner.request("GET", target);
    REQUIRE(answer);
    const auto parsed = json::parse(answer->body);
    REQUIRE(parsed.has_value());
    const auto periods = parsed->root().find("data")->find("charging_periods");
    REQUIRE(periods);
    std::set<std::string> volumes;
    std::string previous;
    bool sorted = true;
    for (auto period : *periods) {
        const auto dimensions = *period.find("dimensions");
        volumes.emplace((*dimensions.begin()).find("volume")->text());
        const std::string start(period.find("start_date_time")->string());
        sorted = sorted && previous <= start;
        previous = start;
    }
    CHECK(periods->size() == patches);
    CHECK(volumes.size() == patches);
    CHECK(sorted);
    CHECK(server.terminate() == 0);
}

}  // namespace concurrency_test
