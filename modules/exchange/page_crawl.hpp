#pragma once

#include "modules/exchange/page_course.hpp"
#include "modules/exchange/page_retry.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/protocol/routing_headers.hpp"
#include "partners/platform_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <unordered_set>
#include <utility>
#include <vector>

namespace ocpi::exchange {

/// How patient a crawl is, with whom it speaks and with what it is told.
struct crawl_limits : retry_limits, course_limits {};

/// Suspends a coroutine for so long.
using pause_function = std::function<boost::asio::awaitable<void>(std::chrono::milliseconds)>;

/// A page of a list as another platform sent it.
struct crawled_page {
    /// Holds the objects.
    partners::platform_answer answer;
    /// The elements of its data, null for those of answer.lost.
    std::vector<json::value> objects;
    /// X-Total-Count: what the platform says, which need not be true.
    std::optional<std::uint64_t> total;

    explicit crawled_page(partners::platform_answer from);

    /// What is known of the element at that place if it could not be read; else nullptr.
    const json::lost_element* find_lost(std::size_t index) const noexcept;
};

/// Reads a list of another platform page by page; page_course.hpp says which way. One coroutine at
/// a time may use it.
class page_crawl {
public:
    struct parts {
        std::shared_ptr<partners::platform_client> client;
        partners::platform_access to;
        protocol::routing between;
        pause_function pause;
        /// Called before anything comes of what is remarked; may be empty.
        std::function<void(const crawl_remark&)> on_remark;
    };

    page_crawl(parts of, list_request list, crawl_limits limits);

    /// True once the last page was given.
    bool is_finished() const noexcept { return course_.is_over() && !failure_; }

    /// True when it is finished and the list should be read again (page_course.hpp).
    bool is_doubtful() const noexcept { return course_.is_doubtful(); }

    /// The next page; only while it is not finished. std::nullopt when it turns out that there is
    /// none. errc::partner_failure when it cannot be had, when it is no list, or when there is no
    /// way to it. The crawl is then over.
    boost::asio::awaitable<result<std::optional<crawled_page>>> next();

    /// For how long the platform asks not to be called again; of the page that could not be had.
    std::optional<std::chrono::seconds> asked_pause() const noexcept { return asked_pause_; }

private:
    boost::asio::awaitable<result<partners::platform_answer>> fetch();
    result<crawled_page> give(partners::platform_answer answer);
    page_facts note(const crawled_page& page);
    void report();

    parts parts_;
    crawl_limits limits_;
    page_course course_;
    /// Why there will be no page after the last one.
    std::optional<error> failure_;
    std::optional<std::chrono::seconds> asked_pause_;
    /// Of the objects that have come: hashes, to hold little for each.
    std::unordered_set<std::size_t> met_;
};

}  // namespace ocpi::exchange
