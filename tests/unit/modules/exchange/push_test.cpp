#include "modules/exchange/push.hpp"

#include "tests/unit/modules/exchange/push_fixture.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>
#include <string>
#include <vector>

namespace push_test {

using namespace ocpi;
using namespace ocpi::exchange;
using exchange::fixtures::push_fixture;
using lines = std::vector<std::string>;

namespace {

const std::string first_period = R"([{"start_date_time":"2024-01-01T10:00:00Z",)"
                                 R"("dimensions":[{"type":"ENERGY","volume":1}]}])";
const std::string two_periods =
    R"([{"start_date_time":"2024-01-01T10:00:00Z","dimensions":[{"type":"ENERGY","volume":1}]},)"
    R"({"start_date_time":"2024-01-01T10:15:00Z","dimensions":[{"type":"ENERGY","volume":2}]}])";

}  // namespace

TEST_CASE("modules/exchange/push: a session goes by PUT, its changes by PATCH of what is new")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.put("S1", 1, {{"charging_periods", first_period}});
    at.run_until_marked("emp", "S1");
    at.put("S1", 2, {{"kwh", "11.00"}, {"charging_periods", two_periods}});
    at.run_until_marked("emp", "S1");
    CHECK(at.sent() == lines{"PUT S1", "PATCH S1"});

    const auto requests = at.network->requests();
    CHECK(requests[0].url == "https://emp.example/ocpi/sessions/ES/ABC/S1");
    CHECK(*requests[0].headers.find("OCPI-from-country-code") == "ES");
    CHECK(*requests[0].headers.find("OCPI-from-party-id") == "ABC");
    CHECK(*requests[0].headers.find("OCPI-to-country-code") == "DE");
    CHECK(*requests[0].headers.find("OCPI-to-party-id") == "EMP");
    CHECK(
        requests[1].body ==
        R"({"kwh":11.00,"charging_periods":[{"start_date_time":"2024-01-01T10:15:00Z",)"
        R"("dimensions":[{"type":"ENERGY","volume":2}]}],"last_updated":"2024-01-01T11:02:00Z"})");
}

TEST_CASE("modules/exchange/push: a message goes on with the trace of the request that caused it")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.trace = protocol::make_trace_context();
    at.put("S1", 1);
    at.run_until_marked("emp", "S1");
    const auto trace_of = [&](std::size_t place) {
        const auto requests = at.network->requests();
        return *protocol::parse_traceparent(*requests.at(place).headers.find("traceparent"));
    };
    CHECK(trace_of(0).trace_id == at.trace.trace_id);
    CHECK(trace_of(0).parent_id != at.trace.parent_id);

    // What no request has caused begins a trace.
    at.trace = protocol::trace_context();
    at.put("S1", 2, {{"kwh", "11.00"}});
    at.run_until_marked("emp", "S1");
    CHECK(trace_of(1).trace_id != trace_of(0).trace_id);
}

TEST_CASE("modules/exchange/push: sessions of others, and for nobody we know, stay here")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.put("S1", 1, {}, "OTH");
    at.put("S2", 1);
    at.run_until_marked("emp", "S2");
    CHECK(at.sent() == lines{"PUT S2"});
}

TEST_CASE("modules/exchange/push: what changes during a push goes once more, as it is then")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.network->hold("emp");
    at.put("S1", 1);
    at.run_until([&] { return at.network->waiting("emp") == 1; });
    for (int minute = 2; minute < 10; ++minute) at.put("S1", minute);
    CHECK(at.network->waiting("emp") == 1);
    at.network->release("emp");
    at.run_until_marked("emp", "S1");
    CHECK(at.sent() == lines{"PUT S1", "PATCH S1"});
}

TEST_CASE("modules/exchange/push: a PATCH that the partner cannot place becomes GET and PUT")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.put("S1", 1);
    at.run_until_marked("emp", "S1");
    at.network->wipe("emp");
    at.put("S1", 2);
    at.run_until_marked("emp", "S1");
    CHECK(at.sent() == lines{"PUT S1", "PATCH S1", "GET S1", "PUT S1"});
}

TEST_CASE("modules/exchange/push: a PATCH that was refused although it is there is enough")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.put("S1", 1);
    at.run_until_marked("emp", "S1");
    at.network->set_script({}, [](const http::outbound_request& request) {
        std::optional<result<http::response>> lost;
        if (request.method == "PATCH") lost = ocpi::test::partner_network::envelope(200, 2001);
        return lost;
    });
    at.put("S1", 2);
    at.run_until_marked("emp", "S1");
    CHECK(at.sent() == lines{"PUT S1", "PATCH S1", "GET S1"});
}

TEST_CASE("modules/exchange/push: a refused session stops no other, and goes again when it changes")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.network->set_script([](const http::outbound_request& request) {
        std::optional<result<http::response>> refusal;
        const bool is_bad = request.body.find("\"meter_id\":\"bad\"") != std::string::npos;
        if (is_bad) refusal = ocpi::test::partner_network::envelope(200, 2001);
        return refusal;
    });
    at.put("S1", 1, {{"meter_id", R"("bad")"}});
    at.put("S2", 1);
    at.run_until_marked("emp", "S2");
    at.run_until([&] { return at.log->text().find("refuses") != std::string::npos; });
    at.put("S1", 2, {{"meter_id", R"("bad")"}});
    at.put("S3", 1);
    at.run_until_marked("emp", "S3");
    at.put("S1", 3);
    at.run_until_marked("emp", "S1");
    const auto entries = at.log->entries();
    const auto warnings = std::count_if(entries.begin(), entries.end(), [](const auto& entry) {
        return entry.level == log_level::warning;
    });
    CHECK(warnings == 1);
    CHECK(at.log->text().find("emp refuses the session ES*ABC/S1: HTTP 200, status code 2001") !=
          std::string::npos);
}

TEST_CASE("modules/exchange/push: a refused session is tried again by itself, also after a restart")
{
    push_fixture at;
    at.options.session_backoff =
        backoff{std::chrono::milliseconds(1), std::chrono::milliseconds(2)};
    at.add_partner("emp", "EMP");
    at.begin();
    at.network->set_script([](const http::outbound_request&) {
        std::optional<result<http::response>> refusal;
        refusal = ocpi::test::partner_network::envelope(200, 2001);
        return refusal;
    });
    at.put("S1", 1);
    at.run_until([&] { return at.sent().size() > 3; });
    at.options.session_backoff = push_fixture::quick().session_backoff;
    at.end();
    CHECK(at.progress_of("emp") > 0);
    at.network->set_script({});
    at.begin();
    at.run_until_marked("emp", "S1");
}

TEST_CASE(
    "modules/exchange/push: a partner that fails gets the present state by PUT when it is back")
{
    using network = ocpi::test::partner_network;
    const std::vector<result<http::response>> failures{
        network::envelope(500, 3000),
        network::envelope(200, 3001),
        network::envelope(401, 2000),
        network::envelope(429, 2000),
        network::bare(502, "<html>Bad Gateway</html>"),
        network::bare(302, ""),
        error(errc::partner_failure, "connection refused"),
        network::envelope(408, 2000),
    };
    for (const auto& failure : failures) {
        push_fixture at;
        at.add_partner("emp", "EMP");
        at.begin();
        at.put("S1", 1);
        at.run_until_marked("emp", "S1");
        at.network->forget_requests();
        at.network->set_script([failure](const http::outbound_request&) {
            return std::optional<result<http::response>>(failure);
        });
        at.put("S1", 2);
        at.put("S2", 1);
        at.run_until([&] { return at.sent().size() > 6; });
        at.put("S1", 3);
        // One of S2 that is on its way may be answered after the script has changed.
        const auto failed = at.sent();
        at.network->forget_requests();
        at.network->set_script({});
        at.run_until_marked("emp", "S1");
        at.run_until_marked("emp", "S2");
        const auto sent = at.sent();
        CHECK(std::count(sent.begin(), sent.end(), "PATCH S1") == 0);
        CHECK(std::count(sent.begin(), sent.end(), "PUT S2") +
                  std::count(failed.begin(), failed.end(), "PUT S2") >=
              1);
        std::vector<log_level> levels;
        for (const auto& entry : at.log->entries()) {
            if (entry.level != log_level::debug) levels.push_back(entry.level);
        }
        CHECK(levels == std::vector<log_level>{log_level::warning, log_level::info});
        CHECK(at.log->text().find("token-of") == std::string::npos);
    }
}

TEST_CASE("modules/exchange/push: an acknowledgement that was lost does no harm")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.put("S1", 1, {{"charging_periods", first_period}});
    at.run_until_marked("emp", "S1");
    at.network->set_script({}, [](const http::outbound_request&) {
        return std::optional<result<http::response>>(error(errc::partner_failure, "timed out"));
    });
    at.put("S1", 2, {{"charging_periods", two_periods}});
    at.run_until([&] { return at.sent().size() > 2; });
    CHECK_FALSE(at.is_marked("emp", "S1"));
    at.network->set_script({});
    at.run_until_marked("emp", "S1");
}

TEST_CASE("modules/exchange/push: a partner that hangs delays no other")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.add_partner("oth", "OTH");
    at.begin();
    at.network->hold("emp");
    for (int i = 0; i < 20; ++i) at.put("A" + std::to_string(i), 1);
    for (int i = 0; i < 20; ++i) at.put("B" + std::to_string(i), 1, {}, "OTH");
    for (int i = 0; i < 20; ++i) at.run_until_marked("oth", "B" + std::to_string(i));
    CHECK(at.network->waiting("emp") == 8);
    at.network->release("emp");
    for (int i = 0; i < 20; ++i) at.run_until_marked("emp", "A" + std::to_string(i));
}

TEST_CASE("modules/exchange/push: after a restart only what the partner lacks is sent, by PUT")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.put("S1", 1);
    at.put("S2", 1);
    at.run_until_marked("emp", "S1");
    at.run_until_marked("emp", "S2");
    at.end();
    CHECK(at.progress_of("emp") > 0);
    at.put("S2", 2);
    at.put("S3", 1);
    at.network->forget_requests();
    at.begin();
    at.run_until_marked("emp", "S2");
    at.run_until_marked("emp", "S3");
    at.end();
    auto sent = at.sent();
    std::sort(sent.begin(), sent.end());
    CHECK(sent == lines{"PUT S2", "PUT S3"});
}

TEST_CASE("modules/exchange/push: of a session that is too long for one message goes what is new")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.put("S1", 1);
    at.run_until_marked("emp", "S1");
    at.end();
    at.network->set_script([](const http::outbound_request& request) {
        std::optional<result<http::response>> too_long;
        if (request.method == "PUT") too_long = ocpi::test::partner_network::envelope(413, 2000);
        return too_long;
    });
    at.put("S1", 2);
    at.network->forget_requests();
    at.begin();
    at.run_until_marked("emp", "S1");
    CHECK(at.sent() == lines{"PUT S1", "GET S1", "PATCH S1"});
}

TEST_CASE("modules/exchange/push: without a note of its progress the marks tell what is missing")
{
    push_fixture at;
    at.options.page_size = 3;
    at.add_partner("emp", "EMP");
    at.begin();
    for (int i = 0; i < 20; ++i) at.put("S" + std::to_string(i), 1);
    for (int i = 0; i < 20; ++i) at.run_until_marked("emp", "S" + std::to_string(i));
    // It was killed: stop() never came.
    acknowledgements stored_state(at.crud);
    auto stored = **at.run(stored_state.find_progress("emp"));
    stored.value.revision = 0;
    at.end();
    stored.revision = (*at.run(stored_state.find_progress("emp")))->revision;
    REQUIRE(at.run(stored_state.save_progress("emp", stored.value, stored.revision)).has_value());
    at.put("S7", 2);
    at.network->forget_requests();
    at.begin();
    at.run_until_marked("emp", "S7");
    at.run_until([&] { return at.progress_of("emp") > 0; });
    CHECK(at.sent() == lines{"PUT S7"});
}

TEST_CASE("modules/exchange/push: what another process writes is found by polling the store")
{
    push_fixture at;
    at.options.poll_interval = std::chrono::milliseconds(5);
    at.add_partner("emp", "EMP");
    at.begin();
    at.put("S1", 1);
    at.run_until_marked("emp", "S1");
    at.sessions = std::make_shared<sessions::session_writer>(at.crud);
    at.put("S1", 2);
    at.put("S2", 1);
    at.run_until_marked("emp", "S1");
    at.run_until_marked("emp", "S2");
}

TEST_CASE("modules/exchange/push: two processes push from one store")
{
    push_fixture at;
    at.options.poll_interval = std::chrono::milliseconds(3);
    at.options.progress_interval = std::chrono::milliseconds(3);
    at.options.session_backoff =
        backoff{std::chrono::milliseconds(1), std::chrono::milliseconds(3)};
    at.add_partner("emp", "EMP");
    at.begin();
    const auto another = at.make_pusher();
    another->start(at.context.get_executor());
    const auto sessions_here = at.sessions;
    const auto sessions_there =
        std::make_shared<sessions::session_writer>(at.crud, sessions::change_listeners{another});
    for (int i = 0; i < 100; ++i) {
        at.sessions = i % 2 == 0 ? sessions_here : sessions_there;
        at.put("S" + std::to_string(i % 7), i / 2, {{"kwh", std::to_string(i)}});
    }
    for (int i = 0; i < 7; ++i) at.run_until_marked("emp", "S" + std::to_string(i));
    at.run_until([&] { return at.progress_of("emp") > 0; });
    at.run(another->stop());
}

TEST_CASE("modules/exchange/push: a new partner gets all its sessions")
{
    push_fixture at;
    at.options.page_size = 2;
    for (int i = 0; i < 10; ++i) at.put("S" + std::to_string(i), 1);
    at.begin();
    at.add_partner("emp", "EMP");
    for (int i = 0; i < 10; ++i) at.run_until_marked("emp", "S" + std::to_string(i));
    CHECK(at.sent().size() == 10);
}

TEST_CASE("modules/exchange/push: a partner that another process registers is seen soon")
{
    push_fixture at;
    at.options.partner_poll = std::chrono::milliseconds(2);
    at.put("S1", 1);
    at.begin();
    const auto partner = push_fixture::make_partner("emp", "EMP");
    REQUIRE(at.run(at.partners->save(partner, std::nullopt)).has_value());
    at.run_until_marked("emp", "S1");
}

TEST_CASE("modules/exchange/push: a session that moves to another eMSP is sent to that one")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.add_partner("oth", "OTH");
    at.begin();
    at.put("S1", 1);
    at.run_until_marked("emp", "S1");
    at.put("S1", 2, {}, "OTH");
    at.run_until_marked("oth", "S1");
    at.put("S1", 3);
    at.run_until_marked("emp", "S1");
    CHECK(at.network->requests()[1].pool == "oth");
    CHECK(at.network->requests()[2].pool == "emp");
}

TEST_CASE("modules/exchange/push: a partner that leaves gets nothing, one that returns everything")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.put("S1", 1);
    at.put("S2", 1);
    at.run_until_marked("emp", "S1");
    at.run_until_marked("emp", "S2");
    auto gone = push_fixture::make_partner("emp", "EMP");
    gone.state = partners::partner_state::unregistered;
    at.save(gone);
    acknowledgements stored_state(at.crud);
    at.run_until([&] { return (*at.run(stored_state.find_progress("emp")))->value.url.empty(); });
    at.put("S2", 2);
    at.network->wipe("emp");
    at.network->forget_requests();
    at.add_partner("emp", "EMP");
    at.run_until([&] { return at.is_with("emp", "S1") && at.is_with("emp", "S2"); });
    auto sent = at.sent();
    std::sort(sent.begin(), sent.end());
    CHECK(sent == lines{"PUT S1", "PUT S2"});
}

TEST_CASE("modules/exchange/push: at a new address a partner gets everything again")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.put("S1", 1);
    at.run_until_marked("emp", "S1");
    auto moved = push_fixture::make_partner("emp", "EMP");
    moved.endpoints.front().url = "https://elsewhere.example/sessions";
    at.save(moved);
    at.run_until([&] { return at.sent().size() == 2; });
    CHECK(at.network->requests()[1].url == "https://elsewhere.example/sessions/ES/ABC/S1");
    CHECK(at.network->requests()[1].method == "PUT");
}

TEST_CASE("modules/exchange/push: a new token is used, and nothing is sent again for it")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.put("S1", 1);
    at.run_until_marked("emp", "S1");
    const auto before = *at.network->requests()[0].headers.find("Authorization");
    auto rotated = push_fixture::make_partner("emp", "EMP");
    rotated.token = "another";
    at.save(rotated);
    int minute = 2;
    at.run_until([&] {
        at.put("S1", minute++);
        at.run_until_marked("emp", "S1");
        return *at.network->requests().back().headers.find("Authorization") != before;
    });
    CHECK(at.sent().back() == "PATCH S1");
}

TEST_CASE("modules/exchange/push: changes are read from the store page by page")
{
    push_fixture at;
    at.options.page_size = 4;
    at.add_partner("emp", "EMP");
    at.begin();
    at.network->hold("emp");
    for (int i = 0; i < 60; ++i) at.put("S" + std::to_string(i), 1);
    at.network->release("emp");
    for (int i = 0; i < 60; ++i) at.run_until_marked("emp", "S" + std::to_string(i));
}

TEST_CASE("modules/exchange/push: one session that breaks the partner does not stop the others")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.network->set_script([](const http::outbound_request& request) {
        std::optional<result<http::response>> broken;
        if (request.url.ends_with("/BAD")) {
            broken = ocpi::test::partner_network::envelope(500, 3000);
        }
        return broken;
    });
    at.put("BAD", 1);
    for (int i = 0; i < 50; ++i) {
        at.put("S" + std::to_string(i), 1);
        at.run_until_marked("emp", "S" + std::to_string(i));
    }
    CHECK(at.log->text().find("refuses the session ES*ABC/BAD: HTTP 500") != std::string::npos);
}

TEST_CASE("modules/exchange/push: stopping waits no longer than it must, and then nothing happens")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.network->hold("emp");
    at.put("S1", 1);
    at.run_until([&] { return at.network->waiting("emp") == 1; });
    at.end();
    const auto log = at.log->text();
    at.network->release("emp");
    at.context.restart();
    at.context.poll();
    CHECK(at.is_with("emp", "S1"));
    CHECK_FALSE(at.is_marked("emp", "S1"));
    CHECK(at.log->text() == log);
}

TEST_CASE("modules/exchange/push: whatever fails, in the end both sides hold the same")
{
    const auto seed = std::random_device{}();
    INFO("seed ", seed);
    std::mt19937 random(seed);
    using network = ocpi::test::partner_network;
    push_fixture at;
    at.options.session_backoff =
        backoff{std::chrono::milliseconds(1), std::chrono::milliseconds(3)};
    at.options.page_size = 3;
    at.options.seed = seed;
    at.add_partner("emp", "EMP");
    at.add_partner("oth", "OTH");
    const auto fail_at_random = [&random](const http::outbound_request&) {
        std::optional<result<http::response>> failure;
        switch (random() % 12) {
            case 0: failure = network::envelope(500, 3000); break;
            case 1: failure = network::envelope(404, 2001); break;
            case 2: failure = network::envelope(200, 2001); break;
            case 3: failure = error(errc::partner_failure, "timed out"); break;
            case 4: failure = network::bare(503, ""); break;
            default: break;
        }
        return failure;
    };
    at.network->set_script(fail_at_random, fail_at_random);
    at.begin();
    int minute = 0;
    for (int step = 0; step < 400; ++step) {
        const auto number = std::to_string(random() % 20);
        const bool is_other = std::stoi(number) % 2 == 1;
        if (step % 8 == 0) ++minute;
        at.put("S" + number, minute,
               {{"kwh", std::to_string(step)},
                {"charging_periods", random() % 3 == 0 ? first_period : two_periods}},
               is_other ? "OTH" : "EMP");
        if (random() % 100 == 0) at.network->wipe(is_other ? "oth" : "emp");
        if (random() % 60 == 0) {
            at.end();
            at.begin();
        }
        for (auto handlers = random() % 40; handlers > 0; --handlers) {
            at.context.restart();
            at.context.poll_one();
        }
    }
    at.network->set_script({});
    // A partner that has lost everything says so only when the session changes.
    for (int i = 0; i < 20; ++i) {
        at.put("S" + std::to_string(i), 59, {{"kwh", "5000"}}, i % 2 == 1 ? "OTH" : "EMP");
    }
    for (int i = 0; i < 20; ++i) {
        at.run_until_marked(i % 2 == 1 ? "oth" : "emp", "S" + std::to_string(i));
    }
    for (const auto& request : at.network->requests()) {
        const bool has_date = request.body.find("\"last_updated\"") != std::string::npos;
        CHECK((request.method == "GET" || has_date));
    }
}

TEST_CASE("modules/exchange/push: an eMSP behind a hub gets its sessions through the hub")
{
    push_fixture at;
    auto hub = push_fixture::make_partner("hub", "EMP");
    hub.is_hub = true;
    hub.allowed_roles = std::exchange(hub.roles, {*parse_credentials_role("HUB:DE*HUB")});
    at.save(hub);
    at.begin();
    at.put("S1", 1);
    at.run_until_marked("hub", "S1");
    const auto sent = at.network->requests().front();
    CHECK(*sent.headers.find("OCPI-to-country-code") == "DE");
    CHECK(*sent.headers.find("OCPI-to-party-id") == "EMP");
    CHECK(*sent.headers.find("OCPI-from-party-id") == "ABC");
}

TEST_CASE("modules/exchange/push: a slash more at the end of an endpoint makes no other platform")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.put("S1", 1);
    at.run_until_marked("emp", "S1");
    at.end();
    at.network->forget_requests();
    auto renewed = push_fixture::make_partner("emp", "EMP");
    renewed.endpoints.front().url += '/';
    at.save(renewed);
    at.begin();
    at.put("S2", 1);
    at.run_until_marked("emp", "S2");
    CHECK(at.sent() == std::vector<std::string>{"PUT S2"});
    CHECK(at.network->requests().front().url == "https://emp.example/ocpi/sessions/ES/ABC/S2");
}

TEST_CASE("modules/exchange/push: its report has each partner that receives sessions")
{
    push_fixture at;
    at.add_partner("emp", "EMP");
    at.begin();
    at.network->hold("emp");
    at.put("S1", 1);
    at.run_until([&] { return at.push->report().size() == 1 && !at.network->requests().empty(); });
    at.run_until([&] { return at.push->report()[0].state.backlog == 1; });
    const auto waiting = at.push->report()[0];
    CHECK(waiting.partner == "emp");
    CHECK(waiting.state.lacking_since.has_value());
    at.network->release("emp");
    at.run_until_marked("emp", "S1");
    at.run_until([&] { return !at.push->report()[0].state.lacking_since; });
    CHECK(at.push->report()[0].state.backlog == 0);

    auto gone = push_fixture::make_partner("emp", "EMP");
    gone.endpoints.clear();
    at.save(gone);
    at.run_until([&] { return at.push->report().empty(); });
}

}  // namespace push_test
