#pragma once

#include "ocpi/base/error.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/partners/platform_client.hpp"
#include "ocpi/protocol/routing_headers.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>

namespace ocpi::sessions::exchange {

/// How patient a crawl is, with whom it speaks and with what it is told.
struct crawl_limits {
    /// A page that cannot be had for the moment is asked for this many times more …
    int page_retries = 2;
    /// … about so long after the first time, and longer after each time.
    std::chrono::milliseconds retry_delay = std::chrono::milliseconds(500);
    /// So many pages in a row may bring no object that the crawl has not met before.
    std::size_t most_barren_pages = 3;
    std::size_t most_pages = 100'000;
};

/// A page of a list as another platform sent it.
struct crawled_page {
    /// Holds the objects.
    partners::platform_answer answer;
    /// An array.
    json::value objects;
    /// X-Total-Count: what the platform says, which need not be true.
    std::optional<std::uint64_t> total;

    crawled_page(partners::platform_answer from, json::value list,
                 std::optional<std::uint64_t> count)
        : answer(std::move(from)), objects(list), total(count)
    {
    }
};

/// Walks through a list of another platform page by page [transport and format, pagination]. Only
/// the platform's own links lead on, never offsets of our reckoning: the platform alone knows how
/// large its pages are. It ends whatever the platform does. One coroutine at a time may use it.
class page_crawl {
public:
    /// `first_url` is absolute, with its query.
    page_crawl(std::shared_ptr<partners::platform_client> client, partners::platform_access to,
               protocol::routing between, std::string first_url, crawl_limits limits);

    /// True once the last page was given.
    bool is_finished() const noexcept { return pages_ > 0 && !link_; }

    /// The next page; only while it is not finished. errc::partner_failure when it cannot be had,
    /// when it is no list, when the link to it leads elsewhere (page_link.hpp) or to where the
    /// crawl has been, or when pages keep coming that bring nothing new. The crawl is then over.
    boost::asio::awaitable<result<crawled_page>> next();

private:
    result<void> follow_link();
    boost::asio::awaitable<result<partners::platform_answer>> fetch();
    void note_objects(json::value objects);

    std::shared_ptr<partners::platform_client> client_;
    partners::platform_access to_;
    protocol::routing between_;
    crawl_limits limits_;
    /// Of the first page, later of the one that was given last.
    std::string url_;
    /// From the latter to the next.
    std::optional<std::string> link_;
    std::size_t pages_ = 0;
    std::size_t barren_pages_ = 0;
    /// Hashes, to hold little for each.
    std::unordered_set<std::size_t> visited_;
    std::unordered_set<std::size_t> met_;
};

}  // namespace ocpi::sessions::exchange
