#include "ocpi/json/document.hpp"
#include "tests/support/ocpi_client.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <atomic>
#include <cstdlib>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace durability_test {

using namespace ocpi;

namespace {

/// How far one session got: its PUT, and PATCHes that each add one kWh and one period.
struct progress {
    std::string id;
    int acknowledged = -1;   ///< patches answered 1000; -1: not even the PUT
    bool in_flight = false;  ///< one more write was sent, and its answer never came
};

std::string target_of(const std::string& id)
{
    return "/ocpi/emsp/2.3.0/sessions/ES/ABC/" + id;
}

std::string instant(int minute)
{
    std::string text = "2026-06-01T10:00:00Z";
    text[14] = static_cast<char>('0' + minute / 10);
    text[15] = static_cast<char>('0' + minute % 10);
    return text;
}

std::string put_body(const std::string& id)
{
    return R"({"country_code":"ES","party_id":"ABC","id":")" + id +
           R"(","start_date_time":"2026-06-01T10:00:00Z","kwh":0,"location_id":"L",)"
           R"("evse_uid":"E","connector_id":"1","currency":"EUR","status":"ACTIVE",)"
           R"("last_updated":"2026-06-01T10:00:00Z"})";
}

std::string patch_body(int number)
{
    return R"({"kwh":)" + std::to_string(number) + R"(,"charging_periods":[{"start_date_time":")" +
           instant(number) + R"(","dimensions":[{"type":"ENERGY","volume":1}]}],"last_updated":")" +
           instant(number) + "\"}";
}

/// Writes sessions, each with a few patches, until the server is gone.
void write_until_gone(const test::server_process& server, const std::string& prefix,
                      std::vector<progress>& written, std::atomic<int>& acknowledgements)
{
    constexpr int patches = 20;
    test::ocpi_client client(server.endpoint(), "your-token");
    for (int number = 0;; ++number) {
        auto& session = written.emplace_back();
        session.id = prefix + std::to_string(number);
        for (int step = 0; step <= patches; ++step) {
            session.in_flight = true;
            const auto answer =
                step == 0 ? client.request("PUT", target_of(session.id), put_body(session.id))
                          : client.request("PATCH", target_of(session.id), patch_body(step));
            if (!test::is_acknowledged(answer)) return;
            session.in_flight = false;
            session.acknowledged = step;
            ++acknowledgements;
        }
    }
}

/// What a session's stored state must be: all that was acknowledged, and maybe the write that was
/// under way, but nothing half.
void check_session(test::ocpi_client& client, const progress& session)
{
    CAPTURE(session.id);
    const auto answer = client.request("GET", target_of(session.id));
    REQUIRE(answer);
    if (session.acknowledged < 0 && answer->status == 404) return;
    REQUIRE(answer->status == 200);
    const auto parsed = json::parse(answer->body);
    REQUIRE(parsed.has_value());
    const auto data = *parsed->root().find("data");
    const int kwh = std::stoi(std::string(data.find("kwh")->text()));
    CHECK(kwh >= session.acknowledged);
    CHECK(kwh <= session.acknowledged + (session.in_flight ? 1 : 0));
    const auto periods = data.find("charging_periods");
    CHECK((periods ? static_cast<int>(periods->size()) : 0) == kwh);
    CHECK(data.find("last_updated")->string() == instant(kwh));
}

}  // namespace

TEST_CASE(
    "durability: after kill -9 under load every acknowledged write is there, and none is half")
{
    constexpr int writers = 8;
    constexpr int rounds = 3;
    const auto seed = std::random_device()();
    MESSAGE("seed ", seed);
    std::minstd_rand random(seed);
    const test::temporary_directory directory;
    const std::vector<std::string> arguments{"--dev", "--database",
                                             "sqlite:" + directory.file("sessions.db")};
    std::vector<progress> all;
    for (int round = 0; round < rounds; ++round) {
        std::vector<std::vector<progress>> written(writers);
        std::atomic<int> acknowledgements{0};
        {
            test::server_process server(arguments);
            const int enough = static_cast<int>(200 + random() % 1500);
            std::vector<std::jthread> threads;
            for (int i = 0; i < writers; ++i) {
                threads.emplace_back([&, i] {
                    const auto prefix = std::to_string(round) + '-' + std::to_string(i) + '-';
                    write_until_gone(server, prefix, written[static_cast<std::size_t>(i)],
                                     acknowledgements);
                });
            }
            while (acknowledgements < enough) std::this_thread::yield();
            server.kill();
        }
        for (auto& part : written) all.insert(all.end(), part.begin(), part.end());

        test::server_process restarted(arguments);
        test::ocpi_client client(restarted.endpoint(), "your-token");
        for (const auto& session : all) check_session(client, session);
        CHECK(restarted.terminate() == 0);
    }
    CHECK(all.size() >= writers * rounds);
}

}  // namespace durability_test
