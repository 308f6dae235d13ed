#pragma once

#include "ocpi/base/error.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

namespace ocpi::exchange {

/// The list read by a crawl.
struct list_request {
    /// Absolute, with the query of its filters; without offset and limit.
    std::string url;
    /// Requested objects per page; the platform may send fewer.
    std::uint64_t limit = 100;
    /// Names of the parameters of `url` that select the list's objects.
    std::vector<std::string> filters;
    /// Objects may leave the list while it is read, so that a decreasing total does not mean
    /// missing objects.
    bool may_shrink = false;
};

/// Limits that end an endless course.
struct course_limits {
    /// Maximum consecutive pages without new objects.
    std::size_t max_pages_without_new_ids = 3;
    std::size_t max_pages = 100'000;
};

/// The properties of a page that determine the next one.
struct page_facts {
    /// Number of objects on this page, readable or not.
    std::size_t objects = 0;
    /// Those not seen before in this crawl.
    std::size_t fresh = 0;
    /// Those that cannot be distinguished from others.
    std::size_t nameless = 0;
    /// X-Total-Count and X-Limit as sent by the platform, possibly wrong.
    std::optional<std::uint64_t> total;
    std::optional<std::uint64_t> limit;
    /// The link to the next page, as received.
    std::optional<std::string> link;
};

/// The topic of a remark on a crawl.
enum class crawl_topic {
    foreign_link,  ///< a link names another host
    broken_link,   ///< links end before the list does, or do not end with it
    short_list,    ///< the list ends before its total is reached
    waiting,       ///< the platform asks for a pause
};

/// A notable event of a crawl, other than its failure.
struct crawl_remark {
    crawl_topic topic;
    /// Text to follow the platform's name: `sends …`.
    std::string text;

    crawl_remark(crawl_topic about, std::string what) : topic(about), text(std::move(what)) {}
};

/// The path through a list from page to page, as a value [transport and format, pagination]. It
/// follows links; where they end, repeat or lead nowhere although fewer objects have arrived than
/// the first page's total, it uses offsets. It ends for any answers of the platform.
/// docs/partners.md has the table.
class page_course {
public:
    page_course(list_request list, course_limits limits);

    /// URL of the page to request.
    const std::string& url() const noexcept { return url_; }

    /// True once the list was read to its end.
    bool is_over() const noexcept { return is_over_; }

    /// True if it is over and objects may have been missed, because the list changed while it was
    /// read: its total has decreased, or objects were repeated while others are missing.
    bool is_doubtful() const noexcept;

    /// Call when the page at url() has arrived. errc::partner_failure when there is no next page to
    /// request.
    result<void> take(const page_facts& page);

    /// Call when the page at url() is permanently unavailable. True if the course continues without
    /// it, or is over.
    bool take_dead_end(const std::string& why);

    /// The remarks since the last call.
    std::vector<crawl_remark> take_remarks() { return std::exchange(remarks_, {}); }

private:
    void count(const page_facts& page);
    std::optional<std::uint64_t> expected() const;
    /// Fewer distinct objects have arrived than the list has.
    bool is_short() const;
    /// Fewer objects, repetitions included, have arrived: the list has not ended.
    bool lacks_objects() const;
    std::string progress() const;
    std::optional<std::string> follow(const std::string& link);
    result<void> step_by_offset(const page_facts& page);
    bool pass_over(const std::string& trouble);
    void seek_offset();
    void end();
    error endless() const;

    list_request list_;
    course_limits limits_;
    std::string url_;
    bool is_by_link_ = false;
    bool is_by_offset_ = false;
    bool is_over_ = false;
    std::size_t pages_ = 0;
    std::size_t pages_without_new_ids_ = 0;
    /// Objects received, without pages of only repetitions: the offset of the next one.
    std::uint64_t received_ = 0;
    /// Distinct objects received.
    std::uint64_t different_ = 0;
    std::optional<std::uint64_t> first_total_;
    std::optional<std::uint64_t> last_total_;
    bool has_shrunk_ = false;
    bool has_repeated_ = false;
    /// Hashes of the URLs requested, to save memory.
    std::unordered_set<std::size_t> visited_;
    std::vector<crawl_remark> remarks_;
};

}  // namespace ocpi::exchange
