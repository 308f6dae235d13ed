#include "application/application.hpp"

#include "auth/token_authenticator.hpp"
#include "auth/token_store.hpp"
#include "crud/memory/memory_crud.hpp"
#include "tests/support/recording_observer.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/session_text.hpp"
#include "tests/support/socket_client.hpp"

#include <doctest/doctest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace request_report_test {

using namespace ocpi;
using namespace std::chrono_literals;

namespace {

namespace asio = boost::asio;
using http::delivery;

constexpr const char* trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

/// A whole server on a port of its own, with an observer.
class stage {
public:
    explicit stage(const server::limits& bounds = {})
    {
        application_options options;
        options.parties.emplace_back(party("ES", "ABC"), options.roles);
        options.limits = bounds;
        options.cors = http::cors_policy({"https://app.example"});
        options.request_observers = {observer};
        const auto crud = std::make_shared<crud::memory_crud>();
        auth::principal who;
        who.kind = auth::caller_kind::platform_operator;
        who.name = "op";
        std::vector<auth::token_authenticator::configured_token> tokens;
        tokens.emplace_back(who, "op");
        application = std::make_unique<Application>(
            std::move(options), crud,
            std::make_shared<auth::token_authenticator>(auth::token_store(crud), tokens));
        const auto url = application->listen(context.get_executor(), "127.0.0.1:0");
        const auto port = static_cast<unsigned short>(std::stoi(url.substr(url.rfind(':') + 1)));
        endpoint = {asio::ip::make_address("127.0.0.1"), port};
        for (int i = 0; i < 2; ++i) threads.emplace_back([this] { context.run(); });
    }

    ~stage()
    {
        asio::co_spawn(context, application->stop(), asio::use_future).get();
        work.reset();
        for (auto& thread : threads) thread.join();
    }

    test::socket_client connect() const { return test::socket_client(endpoint); }

    /// The report of a request on a connection of its own.
    http::request_report report_of(const std::string& bytes)
    {
        auto client = connect();
        client.send(bytes);
        client.shutdown_send();
        received = client.read_to_end();
        const auto all = observer->await(++count);
        REQUIRE(all.size() == count);
        return all.back();
    }

    std::string received;
    std::size_t count = 0;
    std::shared_ptr<test::recording_observer> observer =
        std::make_shared<test::recording_observer>();
    std::unique_ptr<Application> application;
    asio::io_context context;
    asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
    asio::ip::tcp::endpoint endpoint;
    std::vector<std::thread> threads;
};

std::string ask(const std::string& line, const std::string& fields, const std::string& body = {})
{
    return line + " HTTP/1.1\r\nHost: t\r\n" + fields + "\r\n" + body;
}

std::string with_length(const std::string& body)
{
    return "Content-Length: " + std::to_string(body.size()) + "\r\n";
}

constexpr const char* token = "Authorization: Token op\r\n";

}  // namespace

TEST_CASE("application/request_report: says what was asked, by whom, and what was answered")
{
    stage running;
    const auto sent = ask("GET /ocpi/cpo/2.3.0/sessions?limit=1",
                          std::string(token) + "X-Request-ID: r\r\nX-Correlation-ID: c\r\n" +
                              "traceparent: " + trace + "\r\nConnection: close\r\n");
    const auto report = running.report_of(sent);
    CHECK(report.method == "GET");
    CHECK(report.route == "/ocpi/cpo/2.3.0/sessions");
    CHECK(report.status == 200);
    CHECK(report.ocpi_status == 1000);
    CHECK(report.refusal.empty());
    CHECK(report.request_id == "r");
    CHECK(report.correlation_id == "c");
    CHECK(protocol::write_traceparent(report.trace) == trace);
    REQUIRE(report.caller);
    CHECK(report.caller->name == "op");
    CHECK(report.peer.to_string() == "127.0.0.1");
    CHECK(report.bytes_in == sent.size());
    CHECK(report.bytes_out == running.received.size());
    CHECK(report.delivery == delivery::complete);
    CHECK_FALSE(report.is_stream);
    CHECK(report.duration >= report.handling);
    CHECK(report.handling.count() > 0);
    CHECK(report.started_at.time_since_epoch().count() > 0);
}

TEST_CASE("application/request_report: ids that were not sent are those of the answer")
{
    stage running;
    const auto report = running.report_of(ask("GET /v1/me", token));
    CHECK(running.received.find("X-Request-ID: " + report.request_id) != std::string::npos);
    CHECK(running.received.find("X-Correlation-ID: " + report.correlation_id) != std::string::npos);
    CHECK(report.trace != protocol::trace_context());
    CHECK(report.ocpi_status == 0);
}

TEST_CASE("application/request_report: refusals before a handler say why")
{
    server::limits bounds;
    bounds.body_bytes = 100;
    bounds.header_bytes = 1000;
    bounds.header_timeout = 30ms;
    bounds.body_timeout = 30ms;
    stage running(bounds);
    constexpr const char* sessions = "/ocpi/cpo/2.3.0/sessions";
    constexpr const char* session =
        "/ocpi/emsp/2.3.0/sessions/{country_code}/{party_id}/{session_id}";
    const std::string large(200, ' ');
    struct example {
        std::string bytes;
        int status;
        const char* refusal;
        const char* route;
    };
    for (const auto& each : {
             example{ask(std::string("GET ") + sessions, ""), 401, "unauthenticated", sessions},
             example{ask("GET /ocpi/nowhere", token), 404, "not_found", "unmatched"},
             example{ask("GET /v1/%zz", token), 400, "malformed_http", "unmatched"},
             example{ask(std::string("DELETE ") + sessions, token), 405, "method_not_allowed",
                     sessions},
             example{
                 ask("PUT /ocpi/emsp/2.3.0/sessions/BE/BEC/1", token + with_length(large), large),
                 413, "body_too_large", session},
             example{"GET / HTTP/1.1\r\nX: " + std::string(2000, 'x'), 431, "header_too_large",
                     "unmatched"},
             example{"nonsense\r\n\r\n", 400, "malformed_http", "unread"},
         }) {
        CAPTURE(each.bytes);
        const auto report = running.report_of(each.bytes);
        CHECK(report.status == each.status);
        CHECK(report.refusal == each.refusal);
        CHECK(report.route == each.route);
        CHECK(report.delivery == delivery::complete);
        CHECK(report.request_id.size() == 36);
    }
}

TEST_CASE("application/request_report: what does not arrive in time is reported as well")
{
    server::limits bounds;
    bounds.header_timeout = 30ms;
    bounds.body_timeout = 30ms;
    stage running(bounds);
    auto slow = running.connect();
    CHECK(slow.exchange("GET ").status == 408);
    CHECK(running.observer->await(1).back().refusal == "timed_out");
    CHECK(running.observer->await(1).back().method.empty());
    auto slower = running.connect();
    CHECK(slower.exchange(ask("PUT /v1/x", std::string(token) + "Content-Length: 9\r\n")).status ==
          408);
    const auto reports = running.observer->await(2);
    REQUIRE(reports.size() == 2);
    CHECK(reports[1].refusal == "timed_out");
    CHECK(reports[1].method == "PUT");
    REQUIRE(reports[1].caller);
    CHECK(reports[1].caller->name == "op");
}

TEST_CASE("application/request_report: one connection too many is overloaded")
{
    server::limits bounds;
    bounds.max_connections = 1;
    stage running(bounds);
    auto first = running.connect();
    CHECK(first.exchange(ask("GET /v1/me", token)).status == 200);
    CHECK(running.observer->await(1).size() == 1);
    running.count = 1;
    const auto report = running.report_of(ask("GET /v1/me", token));
    CHECK(report.status == 503);
    CHECK(report.refusal == "overloaded");
    CHECK(report.route == "/v1/me");
}

TEST_CASE("application/request_report: a client that leaves is reported without a status")
{
    stage running;
    const auto begun = running.report_of("GET /v1/me HT");
    CHECK(begun.status == 0);
    CHECK(begun.refusal == "disconnected");
    CHECK(begun.delivery == delivery::none);
    const auto more = ask("PUT /ocpi/emsp/2.3.0/sessions/BE/BEC/1",
                          std::string(token) + "Content-Length: 9\r\n", "{");
    const auto half = running.report_of(more);
    CHECK(half.status == 0);
    CHECK(half.method == "PUT");
    CHECK(half.refusal == "disconnected");
    CHECK(half.bytes_in == more.size());
    REQUIRE(half.caller);
}

TEST_CASE("application/request_report: requests of one connection are one report each")
{
    stage running;
    auto client = running.connect();
    const auto one = ask("HEAD /v1/me", token);
    const auto page = ask("GET /", "");
    const auto preflight = ask("OPTIONS /v1/me",
                               "Origin: https://app.example\r\n"
                               "Access-Control-Request-Method: GET\r\n");
    const auto server = ask("OPTIONS *", token);
    client.send(one + page + preflight + server);
    const auto reports = running.observer->await(4);
    REQUIRE(reports.size() == 4);
    CHECK(reports[0].method == "HEAD");
    CHECK(reports[0].route == "/v1/me");
    CHECK(reports[0].bytes_in == one.size());
    CHECK(reports[1].route == "page");
    CHECK(reports[1].status == 200);
    CHECK_FALSE(reports[1].caller);
    CHECK(reports[1].refusal.empty());
    CHECK(reports[1].bytes_in == page.size());
    CHECK(reports[2].route == "preflight");
    CHECK(reports[2].status == 204);
    CHECK(reports[3].route == "*");
    CHECK(reports[3].method == "OPTIONS");
    CHECK(reports[3].refusal.empty());
}

TEST_CASE("application/request_report: a handler's refusal is no refusal before a handler")
{
    stage running;
    const auto report = running.report_of(ask("GET /v1/sessions/none", token));
    CHECK(report.status == 404);
    CHECK(report.route == "/v1/sessions/{id}");
    CHECK(report.refusal.empty());
}

TEST_CASE("application/request_report: a stream is reported when it has ended")
{
    stage running;
    {
        auto reader = running.connect();
        reader.send(ask("GET /v1/events", token));
        CHECK(reader.read_until("\r\n\r\n").find("200") != std::string::npos);
        auto other = running.connect();
        CHECK(other.exchange(ask("GET /v1/me", token)).status == 200);
        CHECK(running.observer->await(1).back().route == "/v1/me");
    }
    const auto reports = running.observer->await(2);
    REQUIRE(reports.size() == 2);
    CHECK(reports[1].route == "/v1/events");
    CHECK(reports[1].is_stream);
    CHECK(reports[1].status == 200);
    CHECK(reports[1].delivery == delivery::interrupted);
}

TEST_CASE("application/request_report: a request without a socket is reported once answered")
{
    stage running;
    http::request request;
    request.method = "GET";
    request.target = "/ocpi/versions";
    request.headers.add("Authorization", "Token op");
    const auto answered = test::run_awaitable(running.application->answer(std::move(request)));
    const auto reports = running.observer->await(1);
    REQUIRE(reports.size() == 1);
    CHECK(reports[0].route == "/ocpi/versions");
    CHECK(reports[0].status == 200);
    CHECK(reports[0].ocpi_status == 1000);
    CHECK(reports[0].bytes_out == answered.body.size());
    CHECK(reports[0].delivery == delivery::complete);
}

}  // namespace request_report_test
