// Two real servers, a CPO's and an eMSP's, that register with each other by the command line and
// keep a session in step over real sockets.

#include "ocpi/json/document.hpp"
#include "tests/support/ocpi_client.hpp"
#include "tests/support/platform_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <optional>
#include <random>
#include <set>
#include <string>

namespace partners_test {

using namespace ocpi;
using test::comes_true;
using test::platform_process;
using test::register_with;

namespace {

std::string own_path(const std::string& id)
{
    return "/ocpi/cpo/2.3.0/sessions/ES/CPO/" + id;
}

std::string received_path(const std::string& id)
{
    return "/ocpi/emsp/2.3.0/sessions/ES/CPO/" + id;
}

std::string session(const std::string& id, const std::string& kwh, const std::string& updated)
{
    return R"({"country_code":"ES","party_id":"CPO","id":")" + id +
           R"(","start_date_time":"2026-06-01T10:00:00Z","kwh":)" + kwh +
           R"(,"cdr_token":{"country_code":"ES","party_id":"EMP","uid":"U","type":"RFID",)"
           R"("contract_id":"C"},"auth_method":"WHITELIST","location_id":"L","evse_uid":"E",)"
           R"("connector_id":"1","currency":"EUR","status":"ACTIVE","vendor":{"x":[1.50]},)"
           R"("last_updated":")" +
           updated + "\"}";
}

/// What the answer holds, or nothing.
std::optional<json::document> data_of(const std::optional<test::wire_response>& answer)
{
    if (!answer || answer->status != 200) return {};
    const auto parsed = json::parse(answer->body);
    if (parsed.has_error()) return {};
    const auto data = parsed->root().find("data");
    if (!data) return {};
    auto document = json::parse(data->text());
    if (document.has_error()) return {};
    return std::move(*document);
}

bool are_equal(platform_process& cpo, platform_process& emsp, const std::string& id)
{
    const auto sent = data_of(cpo.ask("GET", own_path(id)));
    const auto received = data_of(emsp.ask("GET", received_path(id)));
    return sent && received &&
           json::same(sent->root(), received->root(), json::number_equality::spelling);
}

}  // namespace

TEST_CASE("partners: a session lives on two servers that have registered with each other")
{
    const test::temporary_directory directory;
    platform_process cpo(directory, "cpo", "CPO", "CPO");
    platform_process emsp(directory, "emsp", "EMP", "EMSP");
    register_with(cpo, "emsp", emsp);
    CHECK(cpo.command({"partner", "list"}).output.find("EMSP:ES*EMP") != std::string::npos);
    CHECK(emsp.command({"partner", "list"}).output.find("CPO:ES*CPO") != std::string::npos);

    const auto set = cpo.command({"partner", "set", "ES*EMP", "--closing-put", "on"});
    CHECK_MESSAGE(set.exit_status == 0, set.errors);
    CHECK(cpo.command({"partner", "list"}).output.find(" closing-put ") != std::string::npos);
    CHECK(cpo.command({"partner", "set", "ES*EMP", "--closing-put", "maybe"}).exit_status == 2);

    // Started at the CPO and pushed.
    REQUIRE(test::is_acknowledged(
        cpo.ask("PUT", own_path("S1"), session("S1", "0.00", "2026-06-01T10:00:00Z"))));
    CHECK(comes_true([&] { return are_equal(cpo, emsp, "S1"); }));
    const std::string period =
        R"({"kwh":1.50,"charging_periods":[{"start_date_time":"2026-06-01T10:00:00Z",)"
        R"("dimensions":[{"type":"ENERGY","volume":1.50}]}],"last_updated":"2026-06-01T10:10:00Z"})";
    REQUIRE(test::is_acknowledged(cpo.ask("PATCH", own_path("S1"), period)));
    CHECK(comes_true([&] { return are_equal(cpo, emsp, "S1"); }));

    // Preferences, set at the eMSP and answered by the CPO.
    const auto preferences = received_path("S1") + "/charging_preferences";
    const auto accepted = emsp.ask("PUT", preferences, R"({"profile_type":"FAST"})");
    REQUIRE(accepted);
    CHECK(accepted->body.find(R"("data":"ACCEPTED")") != std::string::npos);
    CHECK(comes_true([&] { return are_equal(cpo, emsp, "S1"); }));
    CHECK(data_of(cpo.ask("GET", own_path("S1")))->root().find("charging_preferences"));
    const auto refused = emsp.ask("PUT", preferences, R"({"profile_type":"GREEN"})");
    REQUIRE(refused);
    CHECK(refused->body.find("PROFILE_TYPE_NOT_SUPPORTED") != std::string::npos);

    // Completed, with what it costs.
    const std::string end =
        R"({"status":"COMPLETED","end_date_time":"2026-06-01T11:00:00Z","total_cost":)"
        R"({"before_taxes":2.10,"taxes":[{"name":"VAT","amount":0.44}]},)"
        R"("last_updated":"2026-06-01T11:00:00Z"})";
    REQUIRE(test::is_acknowledged(cpo.ask("PATCH", own_path("S1"), end)));
    CHECK(comes_true([&] { return are_equal(cpo, emsp, "S1"); }));

    // New tokens for both, and nothing else changes.
    const auto rotated = emsp.command({"partner", "rotate", "ES*CPO"});
    CHECK_MESSAGE(rotated.exit_status == 0, rotated.errors);
    REQUIRE(test::is_acknowledged(
        cpo.ask("PUT", own_path("S2"), session("S2", "3.10", "2026-06-01T10:00:00Z"))));
    CHECK(comes_true([&] { return are_equal(cpo, emsp, "S2"); }));

    // The eMSP loses its database, registers anew and pulls.
    emsp.lose_database();
    emsp.start();
    register_with(cpo, "emsp", emsp);
    const auto synced = emsp.command({"sync", "cpo"});
    CHECK_MESSAGE(synced.exit_status == 0, synced.errors);
    CHECK(synced.output.find("invalid 0") != std::string::npos);
    CHECK(are_equal(cpo, emsp, "S1"));
    CHECK(are_equal(cpo, emsp, "S2"));

    const auto removed = emsp.command({"partner", "remove", "cpo"});
    CHECK_MESSAGE(removed.exit_status == 0, removed.errors);
    CHECK(cpo.command({"partner", "list"}).output.empty());
    CHECK(emsp.command({"partner", "list"}).output.empty());
}

TEST_CASE("partners: kill -9 of either side at random moments leaves both sides equal in the end")
{
    constexpr int sessions = 20;
    constexpr int updates = 1500;
    constexpr std::size_t kills = 6;
    const auto seed = std::random_device()();
    MESSAGE("seed ", seed);
    std::minstd_rand random(seed);
    const test::temporary_directory directory;
    platform_process cpo(directory, "cpo", "CPO", "CPO");
    platform_process emsp(directory, "emsp", "EMP", "EMSP");
    register_with(cpo, "emsp", emsp);

    const auto instant = [](int step) {
        char text[32];
        std::snprintf(text, sizeof text, "2026-06-01T%02d:%02d:%02dZ", 10 + step / 3600,
                      step / 60 % 60, step % 60);
        return std::string(text);
    };
    for (int i = 0; i < sessions; ++i) {
        const auto id = "K" + std::to_string(i);
        REQUIRE(test::is_acknowledged(
            cpo.ask("PUT", own_path(id), session(id, "0", "2026-06-01T10:00:00Z"))));
    }
    std::set<int> kill_at;
    while (kill_at.size() < kills) kill_at.insert(1 + static_cast<int>(random() % updates));
    for (int step = 1; step <= updates; ++step) {
        if (kill_at.contains(step)) {
            auto& victim = random() % 2 == 0 ? cpo : emsp;
            victim.kill();
            victim.start();
        }
        const auto id = "K" + std::to_string(random() % sessions);
        const auto body = R"({"kwh":)" + std::to_string(step) +
                          R"(,"charging_periods":[{"start_date_time":")" + instant(step) +
                          R"(","dimensions":[{"type":"ENERGY","volume":1}]}],"last_updated":")" +
                          instant(step) + "\"}";
        REQUIRE(test::is_acknowledged(cpo.ask("PATCH", own_path(id), body)));
    }
    for (int i = 0; i < sessions; ++i) {
        const auto id = "K" + std::to_string(i);
        CHECK_MESSAGE(comes_true([&] { return are_equal(cpo, emsp, id); }), id);
    }
}

}  // namespace partners_test
