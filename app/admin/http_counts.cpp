#include "app/admin/http_counts.hpp"

#include "ocpi/base/error.hpp"

#include <chrono>
#include <functional>

namespace ocpi::app {
namespace {

/// Far more than there are routes, methods and answers to them.
constexpr std::size_t request_slots = 8192;
constexpr std::size_t timing_slots = 2048;
constexpr std::size_t reason_slots = 64;

/// Seconds.
const std::vector<double>& duration_bounds()
{
    static const std::vector<double> bounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1,
                                            0.25,  0.5,    1,     2.5,  5,     10};
    return bounds;
}

std::size_t hash_of(std::string_view text) noexcept
{
    return std::hash<std::string_view>{}(text);
}

void add_reasons(metric_page& page, std::string_view name, std::string_view about,
                 std::string_view reason, std::uint64_t count)
{
    page.counter(name, about, static_cast<double>(count), {{"reason", std::string(reason)}});
}

constexpr std::string_view rejected_name = "ocpi_http_rejected_total";
constexpr std::string_view rejected_about =
    "Requests that no handler was asked for, and connections closed without a request, by reason.";

}  // namespace

std::size_t http_counts::request_key::hash() const noexcept
{
    const auto answer =
        static_cast<std::size_t>(status) * 10'000 + static_cast<std::size_t>(ocpi_status);
    return hash_of(route) ^ (hash_of(method) * 31) ^ (answer * 0x9e37'79b9);
}

http_counts::request_series::request_series(const request_key& key)
    : method(key.method), route(key.route), status(key.status), ocpi_status(key.ocpi_status)
{
}

bool http_counts::request_series::matches(const request_key& key) const noexcept
{
    return status == key.status && ocpi_status == key.ocpi_status && route == key.route &&
           method == key.method;
}

std::size_t http_counts::timing_key::hash() const noexcept
{
    return hash_of(route) ^ (hash_of(method) * 31);
}

http_counts::timing_series::timing_series(const timing_key& key)
    : method(key.method), route(key.route), seconds(duration_bounds())
{
}

bool http_counts::timing_series::matches(const timing_key& key) const noexcept
{
    return route == key.route && method == key.method;
}

std::size_t http_counts::reason_key::hash() const noexcept
{
    return hash_of(reason);
}

http_counts::reason_series::reason_series(const reason_key& key) : reason(key.reason) {}

bool http_counts::reason_series::matches(const reason_key& key) const noexcept
{
    return reason == key.reason;
}

http_counts::http_counts()
    : requests_(request_slots),
      timings_(timing_slots),
      rejected_(reason_slots),
      unauthenticated_(reason_slots)
{
    // Rates need a first value of 0.
    for (const auto code : {errc::malformed_http, errc::not_found, errc::method_not_allowed,
                            errc::timed_out, errc::body_too_large, errc::header_too_large,
                            errc::overloaded, errc::storage, errc::internal}) {
        rejected_.find_or_add({to_string(code)});
    }
    for (const auto* reason : {"missing", "unknown", "not_permitted"}) {
        unauthenticated_.find_or_add({reason});
    }
}

void http_counts::count(reasons& among, std::string_view reason) noexcept
{
    if (auto* series = among.find_or_add({reason})) {
        series->count.fetch_add(1, std::memory_order_relaxed);
    }
}

void http_counts::on_finished(const http::request_report& report) noexcept
{
    const request_key key{report.method, report.route, report.status, report.ocpi_status};
    if (auto* series = requests_.find_or_add(key)) {
        series->count.fetch_add(1, std::memory_order_relaxed);
    }
    if (!report.refusal.empty()) {
        if (report.refusal == to_string(errc::unauthenticated)) {
            const auto* known = report.caller ? "not_permitted" : "unknown";
            count(unauthenticated_, report.has_credentials ? known : "missing");
        } else {
            count(rejected_, report.refusal);
        }
    }
    if (report.status == 0) return;
    if (auto* series = timings_.find_or_add({report.method, report.route})) {
        series->seconds.add(std::chrono::duration<double>(report.handling).count());
    }
}

void http_counts::add_to(metric_page& page) const
{
    requests_.for_each([&page](const request_series& each) {
        page.counter("ocpi_http_requests_total",
                     "Requests. status 0: the client left before there was an answer; ocpi_status "
                     "empty: the answer has no envelope.",
                     static_cast<double>(each.count.load(std::memory_order_relaxed)),
                     {{"method", each.method},
                      {"route", each.route},
                      {"status", std::to_string(each.status)},
                      {"ocpi_status",
                       each.ocpi_status == 0 ? std::string() : std::to_string(each.ocpi_status)}});
    });
    timings_.for_each([&page](const timing_series& each) {
        page.histogram("ocpi_http_request_duration_seconds",
                       "From the last byte of a request to the first byte of its answer.",
                       each.seconds.read(), {{"method", each.method}, {"route", each.route}});
    });
    rejected_.for_each([&page](const reason_series& each) {
        add_reasons(page, rejected_name, rejected_about, each.reason,
                    each.count.load(std::memory_order_relaxed));
    });
    unauthenticated_.for_each([&page](const reason_series& each) {
        add_reasons(page, "ocpi_auth_rejected_total",
                    "Requests without a valid token for what they ask, by reason.", each.reason,
                    each.count.load(std::memory_order_relaxed));
    });
}

void http_counts::add_closed_connections(metric_page& page, const server::server_report& server)
{
    add_reasons(page, rejected_name, rejected_about, "too_many_connections",
                server.closed_unanswered);
    add_reasons(page, rejected_name, rejected_about, "tls_handshake", server.failed_handshakes);
    add_reasons(page, rejected_name, rejected_about, "accept_failed", server.failed_accepts);
}

}  // namespace ocpi::app
