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

/// The list that a crawl reads.
struct list_request {
    /// Absolute, with the query of its filters; without offset and limit.
    std::string url;
    /// Objects per page to ask for; the platform may give fewer.
    std::uint64_t limit = 100;
    /// Names of parameters of `url` without which the platform would list other objects.
    std::vector<std::string> filters;
    /// Objects may leave the list while it is read, so that a total that falls is no sign of
    /// objects that did not come.
    bool may_shrink = false;
};

/// What ends a course that would have no end.
struct course_limits {
    /// So many pages in a row may bring no object that the crawl has not met before.
    std::size_t max_barren_pages = 3;
    std::size_t max_pages = 100'000;
};

/// What a page says that the way to the next one depends on.
struct page_facts {
    /// On this page, readable or not.
    std::size_t objects = 0;
    /// Of these, such as the crawl has not met before.
    std::size_t fresh = 0;
    /// Of these, such as cannot be told apart from others.
    std::size_t nameless = 0;
    /// X-Total-Count and X-Limit: what the platform says, which need not be true.
    std::optional<std::uint64_t> total;
    std::optional<std::uint64_t> limit;
    /// The link to the next page, as it was sent.
    std::optional<std::string> link;
};

/// What a remark on a crawl is about.
enum class crawl_topic {
    foreign_link,  ///< a link names another host
    broken_link,   ///< links end before the list does, or do not end with it
    short_list,    ///< the list ends before its total is reached
    waiting,       ///< the platform asks for a pause
};

/// What a person should know of a crawl, beside its failure.
struct crawl_remark {
    crawl_topic topic;
    /// What the platform does, to stand behind its name: `sends …`.
    std::string text;

    crawl_remark(crawl_topic about, std::string what) : topic(about), text(std::move(what)) {}
};

/// The way through a list from page to page, as a value [transport and format, pagination]. Links
/// lead on; where they end, lead in a circle or lead nowhere although fewer objects have come than
/// the first page's total says, offsets do. It ends whatever the platform answers.
/// docs/partners.md has the table.
class page_course {
public:
    page_course(list_request list, course_limits limits);

    /// Of the page to ask for.
    const std::string& url() const noexcept { return url_; }

    /// True once there is no further page; the list was read to its end.
    bool is_over() const noexcept { return is_over_; }

    /// True when it is over and objects may have been passed over, because the list moved while it
    /// was read: its total has fallen, or objects came twice while others are missing.
    bool is_doubtful() const noexcept;

    /// The page at url() has come. errc::partner_failure when there is no way to the next one.
    result<void> take(const page_facts& page);

    /// The page at url() cannot be had, and asking again would not help. True when the course goes
    /// on without it, or is over.
    bool take_dead_end(const std::string& why);

    /// What there is to say since the last call.
    std::vector<crawl_remark> take_remarks() { return std::exchange(remarks_, {}); }

private:
    void count(const page_facts& page);
    std::optional<std::uint64_t> expected() const;
    /// Fewer different objects have come than the list has.
    bool is_short() const;
    /// So have fewer objects at all, counted with repetitions: the list has not ended.
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
    std::size_t barren_pages_ = 0;
    /// Objects that came, but for pages that only repeat: the offset of the next one.
    std::uint64_t received_ = 0;
    /// Different objects that came.
    std::uint64_t different_ = 0;
    std::optional<std::uint64_t> first_total_;
    std::optional<std::uint64_t> last_total_;
    bool has_shrunk_ = false;
    bool has_repeated_ = false;
    /// Of the URLs that were asked for: hashes, to hold little for each.
    std::unordered_set<std::size_t> visited_;
    std::vector<crawl_remark> remarks_;
};

}  // namespace ocpi::exchange
