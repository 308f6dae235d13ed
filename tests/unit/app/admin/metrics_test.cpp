#include "app/admin/metrics.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

namespace metrics_test {

using namespace ocpi;
using namespace std::chrono_literals;

namespace {

const std::chrono::steady_clock::time_point now(1000h);

bool contains(const app::metric_page& page, const std::string& line)
{
    return page.text().find(line + "\n") != std::string::npos;
}

}  // namespace

TEST_CASE("app/admin/metrics: a partner has its lag, backlog and deliveries")
{
    application_report report;
    exchange::push_status behind;
    behind.partner = "emp";
    behind.state.backlog = 4;
    behind.state.rejected = 1;
    behind.state.lacking_since = now - 90s;
    report.pushes.push_back(behind);
    exchange::push_status current;
    current.partner = "other";
    report.pushes.push_back(current);
    app::partner_counts counts;
    counts.on_push("emp", "PUT", exchange::message_outcome::failed, {});
    counts.on_push("gone", "PUT", exchange::message_outcome::failed, {});
    app::metric_page page;
    app::add_partners(page, report, counts, now);
    CHECK(contains(page, R"(ocpi_push_lag_seconds{partner="emp"} 90)"));
    CHECK(contains(page, R"(ocpi_push_lag_seconds{partner="other"} 0)"));
    CHECK(contains(page, R"(ocpi_push_backlog{partner="emp"} 4)"));
    CHECK(contains(page, R"(ocpi_push_rejected_sessions{partner="emp"} 1)"));
    CHECK(contains(page, R"(ocpi_push_deliveries_total{partner="emp",outcome="failed"} 1)"));
    CHECK(contains(page, R"(ocpi_push_deliveries_total{partner="other",outcome="failed"} 0)"));
    // Labels are those of partners that there are.
    CHECK(page.text().find("gone") == std::string::npos);
}

TEST_CASE("app/admin/metrics: a partner that is pulled from has its results and its last success")
{
    application_report report;
    report.pulls = {"cpo", "new"};
    app::partner_counts counts;
    exchange::pull_summary pulled;
    pulled.applied = 3;
    counts.on_pull("cpo", pulled);
    counts.on_pull_end("cpo", true);
    app::metric_page page;
    app::add_partners(page, report, counts, now);
    CHECK(contains(page, R"(ocpi_pull_objects_total{partner="cpo",result="applied"} 3)"));
    CHECK(contains(page, R"(ocpi_pull_objects_total{partner="new",result="invalid"} 0)"));
    CHECK(contains(page, R"(ocpi_pull_last_success_timestamp_seconds{partner="new"} 0)"));
    CHECK_FALSE(contains(page, R"(ocpi_pull_last_success_timestamp_seconds{partner="cpo"} 0)"));
}

TEST_CASE("app/admin/metrics: of each lease it tells whether this process holds it")
{
    application_report report;
    report.leases = {{"policies", true}, {"push/emp", false}};
    app::metric_page page;
    app::add_application(page, report);
    CHECK(contains(page, R"(ocpi_lease_held{lease="policies"} 1)"));
    CHECK(contains(page, R"(ocpi_lease_held{lease="push/emp"} 0)"));
}

TEST_CASE("app/admin/metrics: what is not known has no sample")
{
    app::metric_page page;
    app::add_process(page, app::process_status());
    app::add_sessions(page, status::session_counts());
    app::add_store(page, crud::store_report());
    CHECK(page.text().empty());
    application_report report;
    app::add_application(page, report);
    CHECK(page.text().find("certificate") == std::string::npos);
    report.certificate_expiry = std::chrono::system_clock::from_time_t(1'700'000'000);
    app::add_application(page, report);
    CHECK(contains(page, "ocpi_tls_certificate_expiry_timestamp_seconds 1700000000"));
}

}  // namespace metrics_test
