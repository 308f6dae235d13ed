#pragma once

#include "app/admin/metric_page.hpp"
#include "app/admin/series_table.hpp"
#include "http/request_observer.hpp"
#include "ocpi/base/histogram.hpp"
#include "server/server_report.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace ocpi::app {

/// Counts requests for the metrics. No request waits for another one, or for a scrape. Safe from
/// any thread.
class http_counts final : public http::request_observer {
public:
    http_counts();

    void on_finished(const http::request_report& report) noexcept override;

    void add_to(metric_page& page) const;
    /// Connections that were closed before there was a request, under the same name as requests
    /// that were refused.
    static void add_closed_connections(metric_page& page, const server::server_report& server);

private:
    struct request_key {
        std::string_view method;
        std::string_view route;
        int status = 0;
        int ocpi_status = 0;

        std::size_t hash() const noexcept;
    };
    struct request_series {
        const std::string method;
        const std::string route;
        const int status;
        const int ocpi_status;
        std::atomic<std::uint64_t> count = 0;

        explicit request_series(const request_key& key);
        bool matches(const request_key& key) const noexcept;
    };
    struct timing_key {
        std::string_view method;
        std::string_view route;

        std::size_t hash() const noexcept;
    };
    struct timing_series {
        const std::string method;
        const std::string route;
        histogram seconds;

        explicit timing_series(const timing_key& key);
        bool matches(const timing_key& key) const noexcept;
    };
    struct reason_key {
        std::string_view reason;

        std::size_t hash() const noexcept;
    };
    struct reason_series {
        const std::string reason;
        std::atomic<std::uint64_t> count = 0;

        explicit reason_series(const reason_key& key);
        bool matches(const reason_key& key) const noexcept;
    };
    using reasons = series_table<reason_series, reason_key>;

    static void count(reasons& among, std::string_view reason) noexcept;

    series_table<request_series, request_key> requests_;
    series_table<timing_series, timing_key> timings_;
    reasons rejected_;
    reasons unauthenticated_;
};

}  // namespace ocpi::app
