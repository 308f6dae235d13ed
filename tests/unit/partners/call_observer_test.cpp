#include "partners/call_observer.hpp"

#include "partners/platform_client.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/scripted_http_client.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

namespace call_observer_test {

using namespace ocpi;
using partners::call_outcome;

namespace {

/// A report whose texts last.
struct kept_report {
    explicit kept_report(const partners::call_report& of)
        : report(of),
          partner(of.partner),
          method(of.method),
          path(of.path),
          request_id(of.request_id),
          failure(of.failure)
    {
    }

    partners::call_report report;
    std::string partner, method, path, request_id, failure;
};

class recording_call_observer final : public partners::call_observer {
public:
    void on_call(const partners::call_report& report) noexcept override
    {
        reports.emplace_back(report);
    }

    std::vector<kept_report> reports;
};

/// A platform that gives its answers in order.
struct stage {
    std::vector<result<http::response>> answers;
    std::size_t next = 0;
    std::shared_ptr<test::scripted_http_client> http = std::make_shared<test::scripted_http_client>(
        [this](const http::outbound_request&) -> boost::asio::awaitable<result<http::response>> {
            co_return answers.at(next++);
        });
    std::shared_ptr<recording_call_observer> observer = std::make_shared<recording_call_observer>();
    partners::platform_client client{
        http,
        {},
        [](std::chrono::seconds) -> boost::asio::awaitable<void> { co_return; },
        partners::join_observers({observer})};

    void answer(int http_status, int status_code, const char* retry_after = nullptr)
    {
        http::response made;
        made.status = http_status;
        if (status_code != 0) made.body = R"({"status_code":)" + std::to_string(status_code) + "}";
        if (retry_after) made.headers.add("Retry-After", retry_after);
        answers.emplace_back(made);
    }

    void call(partners::platform_request request = {})
    {
        partners::platform_access access;
        access.name = "bec";
        access.token = "secret";
        access.patience = std::chrono::seconds(60);
        if (request.url.empty()) request.url = "https://bec.example/ocpi/sessions?token=secret";
        (void)test::run_awaitable(client.call(std::move(access), std::move(request)));
    }
};

}  // namespace

TEST_CASE("partners/call_observer: a call is reported with what was sent and answered")
{
    stage bec;
    bec.answer(200, 1000);
    partners::platform_request request;
    request.method = "PUT";
    request.purpose = partners::call_purpose::push;
    bec.call(request);
    REQUIRE(bec.observer->reports.size() == 1);
    const auto& kept = bec.observer->reports[0];
    CHECK(kept.partner == "bec");
    CHECK(kept.method == "PUT");
    CHECK(kept.path == "/ocpi/sessions");
    CHECK(kept.failure.empty());
    CHECK(kept.report.purpose == partners::call_purpose::push);
    CHECK(kept.report.attempt == 1);
    CHECK(kept.report.outcome == call_outcome::accepted);
    CHECK(kept.report.http_status == 200);
    CHECK(kept.report.status_code == 1000);
    const auto sent = bec.http->requests();
    CHECK(*sent[0].headers.find("X-Request-ID") == kept.request_id);
    CHECK(*sent[0].headers.find("traceparent") == protocol::write_traceparent(kept.report.trace));
}

TEST_CASE("partners/call_observer: each attempt is reported on its own")
{
    stage bec;
    bec.answer(429, 2000, "1");
    bec.answer(200, 1000);
    bec.call();
    REQUIRE(bec.observer->reports.size() == 2);
    CHECK(bec.observer->reports[0].report.attempt == 1);
    CHECK(bec.observer->reports[0].report.outcome == call_outcome::refused);
    CHECK(bec.observer->reports[1].report.attempt == 2);
    CHECK(bec.observer->reports[1].report.outcome == call_outcome::accepted);
    CHECK(bec.observer->reports[0].request_id != bec.observer->reports[1].request_id);
    const auto& traces = bec.observer->reports;
    CHECK(traces[0].report.trace.trace_id == traces[1].report.trace.trace_id);
    CHECK(traces[0].report.trace.parent_id != traces[1].report.trace.parent_id);

    stage again;
    again.answer(200, 1000);
    partners::platform_request request;
    request.attempts = 4;
    again.call(request);
    CHECK(again.observer->reports[0].report.attempt == 5);
}

TEST_CASE("partners/call_observer: the trace of the request that caused a call goes on")
{
    stage bec;
    bec.answer(200, 1000);
    partners::platform_request request;
    request.trace = protocol::make_trace_context();
    bec.call(request);
    CHECK(bec.observer->reports[0].report.trace.trace_id == request.trace.trace_id);
    CHECK(bec.observer->reports[0].report.trace.parent_id != request.trace.parent_id);
}

TEST_CASE("partners/call_observer: without a usable answer a call has failed, and says why")
{
    stage bec;
    bec.answers.emplace_back(error(errc::partner_failure, "connection refused"));
    bec.answer(200, 0);
    bec.call();
    bec.call();
    REQUIRE(bec.observer->reports.size() == 2);
    for (const auto& kept : bec.observer->reports) {
        CHECK(kept.report.outcome == call_outcome::failed);
        CHECK(kept.report.http_status == 0);
        CHECK(kept.failure.find("secret") == std::string::npos);
    }
    CHECK(bec.observer->reports[0].failure == "bec cannot be reached: connection refused");
    bec.answer(204, 0);
    partners::platform_request request;
    request.needs_envelope = false;
    bec.call(request);
    CHECK(bec.observer->reports[2].report.outcome == call_outcome::accepted);
}

TEST_CASE("partners/call_observer: a path is reported without secrets")
{
    const auto path_of = [](const std::string& url) {
        stage bec;
        bec.answer(200, 1000);
        partners::platform_request request;
        request.url = url;
        bec.call(request);
        return bec.observer->reports.at(0).path;
    };
    const std::string ids = "/ocpi/emsp/sessions/ES/ABC/123e4567-e89b-12d3-a456-426614174000";
    CHECK(path_of("https://bec.example" + ids + "?a=b") == ids);
    CHECK(path_of("https://bec.example") == "/");
    CHECK(path_of("https://bec.example/a//b/") == "/a//b/");
    CHECK(path_of("https://bec.example/secret/x") == "/***/x");
    CHECK(path_of("https://bec.example/" + std::string(41, 'a') + "/x") == "/***/x");
}

}  // namespace call_observer_test
