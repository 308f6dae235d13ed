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

/// Retry and course limits of a crawl.
struct crawl_limits : retry_limits, course_limits {};

/// Suspends a coroutine for a period.
using pause_function = std::function<boost::asio::awaitable<void>(std::chrono::milliseconds)>;

/// A page of a list as received.
struct crawled_page {
    /// Holds the objects.
    partners::platform_answer answer;
    /// The elements of its data, null for those of answer.lost.
    std::vector<json::value> objects;
    /// X-Total-Count as sent by the platform, possibly wrong.
    std::optional<std::uint64_t> total;

    explicit crawled_page(partners::platform_answer from);

    /// The unreadable element at that index; nullptr if the element is readable.
    const json::lost_element* find_lost(std::size_t index) const noexcept;
};

/// Reads a list of another platform page by page; page_course.hpp chooses the path. Not for
/// concurrent use.
class page_crawl {
public:
    struct dependencies {
        std::shared_ptr<partners::platform_client> client;
        partners::platform_access to;
        protocol::routing between;
        pause_function pause;
        /// Called with a remark before its consequences; may be empty.
        std::function<void(const crawl_remark&)> on_remark;
    };

    page_crawl(dependencies of, list_request list, crawl_limits limits);

    /// True once the last page was returned.
    bool is_finished() const noexcept { return course_.is_over() && !failure_; }

    /// True if it is finished and the list should be read again (page_course.hpp).
    bool is_doubtful() const noexcept { return course_.is_doubtful(); }

    /// The next page; call only while not finished. std::nullopt when there is none.
    /// errc::partner_failure when it is not available, is not a list, or cannot be located. The
    /// crawl is then over.
    boost::asio::awaitable<result<std::optional<crawled_page>>> next();

    /// The pause requested with the page that was not available.
    std::optional<std::chrono::seconds> asked_pause() const noexcept { return asked_pause_; }

private:
    boost::asio::awaitable<result<partners::platform_answer>> fetch();
    result<crawled_page> give(partners::platform_answer answer);
    page_facts note(const crawled_page& page);
    void report();

    dependencies dependencies_;
    crawl_limits limits_;
    page_course course_;
    /// The reason why there is no further page.
    std::optional<error> failure_;
    std::optional<std::chrono::seconds> asked_pause_;
    /// Hashes of the objects received, to save memory.
    std::unordered_set<std::size_t> seen_ids_;
};

}  // namespace ocpi::exchange
