#include "app/admin/http_counts.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace http_counts_test {

using namespace ocpi;

namespace {

http::request_report report_of(std::string_view method, std::string_view route, int status,
                               int ocpi_status)
{
    http::request_report report;
    report.method = method;
    report.route = route;
    report.status = status;
    report.ocpi_status = ocpi_status;
    report.handling = std::chrono::milliseconds(3);
    return report;
}

std::string text_of(const app::http_counts& counts)
{
    app::metric_page page;
    counts.add_to(page);
    app::http_counts::add_closed_connections(page, server::server_report());
    return page.text();
}

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("app/admin/http_counts: requests are counted by method, route and answer")
{
    app::http_counts counts;
    counts.on_finished(report_of("PUT", "/a/{id}", 200, 1000));
    counts.on_finished(report_of("PUT", "/a/{id}", 200, 1000));
    counts.on_finished(report_of("PUT", "/a/{id}", 200, 2001));
    counts.on_finished(report_of("GET", "/v1/me", 200, 0));
    counts.on_finished(report_of("", "unread", 0, 0));
    const auto text = text_of(counts);
    const std::string name = "ocpi_http_requests_total{method=";
    CHECK(contains(text,
                   name + R"("PUT",route="/a/{id}",status="200",ocpi_status="1000"} 2)" + "\n"));
    CHECK(contains(text,
                   name + R"("PUT",route="/a/{id}",status="200",ocpi_status="2001"} 1)" + "\n"));
    CHECK(contains(text, name + R"("GET",route="/v1/me",status="200",ocpi_status=""} 1)" + "\n"));
    CHECK(contains(text, name + R"("",route="unread",status="0",ocpi_status=""} 1)" + "\n"));
    CHECK(contains(text,
                   R"(ocpi_http_request_duration_seconds_count{method="PUT",route="/a/{id}"} 3)"));
    CHECK(contains(
        text,
        R"(ocpi_http_request_duration_seconds_bucket{method="PUT",route="/a/{id}",le="0.0025"} 0)"));
    CHECK(contains(
        text,
        R"(ocpi_http_request_duration_seconds_bucket{method="PUT",route="/a/{id}",le="0.005"} 3)"));
    // A client that has left had no answer to wait for.
    CHECK_FALSE(contains(text, R"(ocpi_http_request_duration_seconds_count{method="",)"));
}

TEST_CASE("app/admin/http_counts: refusals are counted by reason, of tokens apart")
{
    app::http_counts counts;
    auto refused = report_of("PUT", "/a", 413, 2001);
    refused.refusal = "body_too_large";
    counts.on_finished(refused);
    refused = report_of("PUT", "/a", 401, 2001);
    refused.refusal = "unauthenticated";
    counts.on_finished(refused);
    refused.has_credentials = true;
    counts.on_finished(refused);
    refused.caller = std::make_shared<auth::principal>();
    counts.on_finished(refused);
    counts.on_finished(refused);
    const auto text = text_of(counts);
    CHECK(contains(text, "ocpi_http_rejected_total{reason=\"body_too_large\"} 1\n"));
    CHECK(contains(text, "ocpi_http_rejected_total{reason=\"overloaded\"} 0\n"));
    CHECK(contains(text, "ocpi_http_rejected_total{reason=\"too_many_connections\"} 0\n"));
    CHECK_FALSE(contains(text, "reason=\"unauthenticated\""));
    CHECK(contains(text, "ocpi_auth_rejected_total{reason=\"missing\"} 1\n"));
    CHECK(contains(text, "ocpi_auth_rejected_total{reason=\"unknown\"} 1\n"));
    CHECK(contains(text, "ocpi_auth_rejected_total{reason=\"not_permitted\"} 2\n"));
}

TEST_CASE("app/admin/http_counts: threads that meet at new series lose no request")
{
    app::http_counts counts;
    constexpr int rounds = 2000;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&counts] {
                for (int n = 0; n < rounds; ++n) {
                    counts.on_finished(report_of("GET", "/v1/me", 200 + n % 100, 0));
                }
            });
        }
    }
    const auto text = text_of(counts);
    for (int status = 200; status < 300; ++status) {
        CHECK(contains(text, "route=\"/v1/me\",status=\"" + std::to_string(status) +
                                 "\",ocpi_status=\"\"} " + std::to_string(4 * rounds / 100) +
                                 "\n"));
    }
}

TEST_CASE("app/admin/http_counts: series that there is no room for are not counted")
{
    app::http_counts counts;
    for (int status = 0; status < 10'000; ++status) {
        counts.on_finished(report_of("GET", "/v1/me", status, 0));
    }
    CHECK(contains(text_of(counts), "status=\"8191\""));
    CHECK_FALSE(contains(text_of(counts), "status=\"9999\""));
}

}  // namespace http_counts_test
