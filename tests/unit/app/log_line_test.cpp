#include "app/log_line.hpp"

#include "ocpi/json/document.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>

namespace log_line_test {

using namespace ocpi;
using namespace std::chrono_literals;
using app::log_format;

namespace {

constexpr const char* trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

app::log_line::time_point sample_time()
{
    return app::log_line::time_point(1'704'103'200'005ms);
}

http::request_report sample_report()
{
    http::request_report report;
    report.started_at = sample_time();
    report.duration = 12'345'678ns;
    report.peer = boost::asio::ip::make_address("192.0.2.7");
    report.request_id = "r-1";
    report.correlation_id = "c-1";
    report.trace = *protocol::parse_traceparent(trace);
    auth::principal who;
    who.name = "bec";
    report.caller = std::make_shared<const auth::principal>(who);
    report.method = "PUT";
    report.route = "/ocpi/emsp/2.3.0/sessions/{country_code}/{party_id}/{session_id}";
    report.status = 201;
    report.ocpi_status = 1000;
    report.bytes_out = 512;
    report.delivery = http::delivery::complete;
    return report;
}

bool is_one_line(const std::string& text)
{
    return text.ends_with('\n') && text.find('\n') == text.size() - 1;
}

}  // namespace

TEST_CASE("app/log_line: a request as text")
{
    CHECK(app::write_request_line(log_format::text, sample_report()) ==
          "2024-01-01T10:00:00.017Z info request from 192.0.2.7 request_id=r-1 "
          "correlation_id=c-1 traceparent=00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01 "
          "caller=bec method=PUT "
          "route=/ocpi/emsp/2.3.0/sessions/{country_code}/{party_id}/{session_id} status=201 "
          "ocpi_status=1000 bytes=512 duration_ms=12.345\n");
}

TEST_CASE("app/log_line: a request as JSON")
{
    CHECK(app::write_request_line(log_format::json, sample_report()) ==
          R"({"time":"2024-01-01T10:00:00.017Z","level":"info",)"
          R"("message":"request from 192.0.2.7","request_id":"r-1","correlation_id":"c-1",)"
          R"("traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",)"
          R"("caller":"bec","method":"PUT",)"
          R"("route":"/ocpi/emsp/2.3.0/sessions/{country_code}/{party_id}/{session_id}",)"
          R"("status":201,"ocpi_status":1000,"bytes":512,"duration_ms":12.345})"
          "\n");
}

TEST_CASE("app/log_line: what does not apply is left out, and a refusal says why")
{
    http::request_report report;
    report.started_at = sample_time();
    report.refusal = "disconnected";
    CHECK(app::write_request_line(log_format::text, report) ==
          "2024-01-01T10:00:00.005Z info request from 0.0.0.0, refused: disconnected "
          "route=unread bytes=0 duration_ms=0.000\n");
    auto cut = sample_report();
    cut.delivery = http::delivery::interrupted;
    CHECK(app::write_request_line(log_format::text, cut).find(", answer not read to its end ") !=
          std::string::npos);
}

TEST_CASE("app/log_line: a call of a partner names it and the attempt")
{
    partners::call_report call;
    call.partner = "bec";
    call.purpose = partners::call_purpose::push;
    call.method = "PATCH";
    call.path = "/ocpi/sessions/ES/ABC/S1";
    call.attempt = 3;
    call.outcome = partners::call_outcome::failed;
    call.failure = "bec cannot be reached: connection refused";
    call.trace = *protocol::parse_traceparent(trace);
    call.duration = 1ms;
    CHECK(app::write_call_line(log_format::json, call, sample_time()) ==
          R"({"time":"2024-01-01T10:00:00.005Z","level":"info",)"
          R"("message":"push failed: bec cannot be reached: connection refused",)"
          R"("traceparent":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",)"
          R"("method":"PATCH","route":"/ocpi/sessions/ES/ABC/S1","duration_ms":1.000,)"
          R"("partner":"bec","attempt":3})"
          "\n");
}

TEST_CASE("app/log_line: texts from outside stay within their line and their value")
{
    auto report = sample_report();
    report.request_id = "a\nb\x1b[31m=\"\\ \xff\xc3\xa9";
    report.correlation_id = std::string(5000, 'x');
    const auto text = app::write_request_line(log_format::text, report);
    CHECK(is_one_line(text));
    CHECK(text.find('\x1b') == std::string::npos);
    CHECK(text.find(std::string(201, 'x')) == std::string::npos);
    const auto line = app::write_request_line(log_format::json, report);
    CHECK(is_one_line(line));
    CHECK(json::parse(line).has_value());

    const app::log_line::time_point at;
    const auto message =
        app::log_line(log_format::text, at, log_level::error, "two\r\nlines\x7f").finish();
    CHECK(message == "1970-01-01T00:00:00.000Z error two  lines \n");
}

}  // namespace log_line_test
