// What the pusher makes of partners' answers.

#include "modules/exchange/push.hpp"

#include "tests/unit/modules/exchange/push_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace push_answers_test {

using namespace ocpi;
using namespace ocpi::exchange;
using exchange::fixtures::push_fixture;
using ocpi::test::partner_network;
using lines = std::vector<std::string>;

namespace {

std::size_t count_lines(const push_fixture& at, log_level level, std::string_view part)
{
    const auto entries = at.log->entries();
    return static_cast<std::size_t>(
        std::count_if(entries.begin(), entries.end(), [&](const auto& entry) {
            return entry.level == level && entry.text.find(part) != std::string::npos;
        }));
}

/// The partner takes what it is sent, and answers like that.
partner_network::script answer_with(http::response answer)
{
    return [answer](const http::outbound_request&) {
        return std::optional<result<http::response>>(answer);
    };
}

http::response wait(int http_status, int status_code, const std::string& seconds)
{
    auto answer = partner_network::envelope(http_status, status_code);
    answer.headers.add("Retry-After", seconds);
    return answer;
}

}  // namespace

TEST_CASE("modules/exchange/push_answers: a success without an envelope is an acknowledgement")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    const std::vector<http::response> answers{
        partner_network::bare(204, ""), partner_network::bare(200, ""),
        partner_network::bare(200, "OK"), partner_network::bare(201, R"({"id":"S1"})")};
    int minute = 1;
    for (const auto& answer : answers) {
        at.network->set_script({}, answer_with(answer));
        at.put("S1", minute++);
        at.run_until_marked("emp", "S1");
    }
    CHECK(at.sent() == lines{"PUT S1", "PATCH S1", "PATCH S1", "PATCH S1"});
    CHECK(count_lines(at, log_level::warning, "emp acknowledges sessions without an OCPI") == 1);
}

TEST_CASE("modules/exchange/push_answers: what a refusal without an envelope says is logged")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.network->set_script(
        answer_with(partner_network::bare(400, "kwh must be an integer" + std::string(300, '.'))));
    at.put("S1", 1);
    at.run_until([&] { return count_lines(at, log_level::warning, "refuses") == 1; });
    CHECK(at.log->text().find("HTTP 400 (\"kwh must be an integer" + std::string(178, '.') +
                              "…\")") != std::string::npos);
}

TEST_CASE(
    "modules/exchange/push_answers: a partner that asks for a pause gets one, and no other does")
{
    for (const auto& answer : {wait(429, 2000, "3600"), wait(503, 3000, "3600"),
                               wait(500, 3000, "3600"), wait(200, 3000, "3600")}) {
        push_fixture at;
        at.add_partner("emp", "EMP");
        at.add_partner("oth", "OTH");
        at.begin();
        at.network->set_script([answer](const http::outbound_request& request) {
            std::optional<result<http::response>> paused;
            if (request.pool == "emp") paused = answer;
            return paused;
        });
        at.put("S1", 1);
        at.run_until([&] { return at.sent().size() == 1; });
        at.put("S2", 1);
        at.put("S1", 2);
        for (int i = 0; i < 20; ++i) {
            const auto id = "T" + std::to_string(i);
            at.put(id, 1, {}, "OTH");
            at.run_until_marked("oth", id);
        }
        const auto requests = at.network->requests();
        CHECK(std::count_if(requests.begin(), requests.end(),
                            [](const auto& each) { return each.pool == "emp"; }) == 1);
    }
}

TEST_CASE(
    "modules/exchange/push_answers: a pause that is asked for with a refusal is that session's own")
{
    push_fixture at;
    at.options.session_backoff =
        backoff{std::chrono::milliseconds(1), std::chrono::milliseconds(2)};
    at.add_partner("emp", "EMP");
    at.begin();
    at.network->set_script([](const http::outbound_request& request) {
        std::optional<result<http::response>> refusal;
        if (request.url.ends_with("/S1")) refusal = wait(409, 2000, "3600");
        return refusal;
    });
    at.put("S1", 1);
    at.run_until([&] { return count_lines(at, log_level::warning, "refuses") == 1; });
    at.put("S1", 2);
    for (int i = 0; i < 20; ++i) {
        const auto id = "T" + std::to_string(i);
        at.put(id, 1);
        at.run_until_marked("emp", id);
    }
    const auto sent = at.sent();
    CHECK(std::count(sent.begin(), sent.end(), "PUT S1") == 1);
}

TEST_CASE("modules/exchange/push_answers: a refused session is first tried again soon")
{
    bool is_damaged = true;
    push_fixture at;
    at.options.session_backoff =
        backoff{std::chrono::hours(1), std::chrono::hours(1), std::chrono::milliseconds(1)};
    at.add_partner("emp", "EMP");
    at.begin();
    at.network->set_script([&is_damaged](const http::outbound_request&) {
        std::optional<result<http::response>> refusal;
        if (std::exchange(is_damaged, false)) refusal = partner_network::envelope(400, 2001);
        return refusal;
    });
    at.put("S1", 1);
    at.run_until_marked("emp", "S1");
    CHECK(at.sent() == lines{"PUT S1", "PUT S1"});
}

TEST_CASE(
    "modules/exchange/push_answers: an eMSP that a hub does not reach costs its sessions alone")
{
    for (const auto code : {4002, 4003}) {
        push_fixture at;
        at.options.unreached_backoff =
            backoff{std::chrono::milliseconds(1), std::chrono::milliseconds(2)};
        auto hub = push_fixture::make_partner("hub", "EMP");
        hub.roles.emplace_back(party_role::emsp, party("DE", "OTH"));
        at.save(hub);
        at.begin();
        at.network->set_script([code](const http::outbound_request& request) {
            std::optional<result<http::response>> unreached;
            if (*request.headers.find("OCPI-to-party-id") == "EMP") {
                unreached = partner_network::envelope(200, code);
            }
            return unreached;
        });
        at.put("S1", 1);
        at.put("S2", 1);
        at.run_until([&] { return at.sent().size() > 6; });
        at.put("T1", 1, {}, "OTH");
        at.run_until_marked("hub", "T1");
        CHECK(count_lines(at, log_level::warning, "does not reach the eMSP") == 1);
        CHECK(count_lines(at, log_level::warning, "refuses") == 0);
        at.network->set_script({});
        at.run_until_marked("hub", "S1");
        at.run_until_marked("hub", "S2");
        for (const auto& line : at.sent()) CHECK(line.starts_with("PUT "));
    }
}

TEST_CASE("modules/exchange/push_answers: a PATCH that a hub could not bring goes on as a PUT")
{
    push_fixture at;
    at.options.unreached_backoff =
        backoff{std::chrono::milliseconds(1), std::chrono::milliseconds(2)};
    at.add_partner("emp", "EMP");
    at.begin();
    at.put("S1", 1);
    at.run_until_marked("emp", "S1");
    at.network->set_script([](const http::outbound_request& request) {
        std::optional<result<http::response>> unreached;
        if (request.method == "PATCH") unreached = partner_network::envelope(200, 4002);
        return unreached;
    });
    at.put("S1", 2);
    at.run_until_marked("emp", "S1");
    CHECK(at.sent() == lines{"PUT S1", "PATCH S1", "PUT S1"});
}

TEST_CASE("modules/exchange/push_answers: a partner that comes and goes fills no log")
{
    bool fails = false;
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.network->set_script([&fails](const http::outbound_request&) {
        std::optional<result<http::response>> failure;
        if (std::exchange(fails, false)) failure = partner_network::bare(502, "");
        return failure;
    });
    for (int minute = 1; minute <= 20; ++minute) {
        fails = true;
        at.put("S1", minute);
        at.run_until_marked("emp", "S1");
    }
    CHECK(count_lines(at, log_level::warning, "cannot bring sessions") == 1);
    CHECK(count_lines(at, log_level::info, "again") == 1);
}

}  // namespace push_answers_test
