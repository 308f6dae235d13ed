#include "modules/exchange/page_course.hpp"

#include "modules/exchange/page_link.hpp"

#include <algorithm>
#include <functional>

namespace ocpi::exchange {
namespace {

error failure(std::string what)
{
    return error(errc::partner_failure, std::move(what));
}

}  // namespace

page_course::page_course(list_request list, course_limits limits)
    : list_(std::move(list)),
      limits_(limits),
      url_(list_.url + "&limit=" + std::to_string(list_.limit))
{
    visited_.insert(std::hash<std::string>()(url_));
}

bool page_course::is_doubtful() const noexcept
{
    if (!is_over_) return false;
    if (list_.may_shrink && has_shrunk_) return true;
    return is_short() && (has_shrunk_ || has_repeated_);
}

result<void> page_course::take(const page_facts& page)
{
    ++pages_;
    count(page);
    if (is_by_offset_) return step_by_offset(page);
    std::optional<std::string> trouble;
    if (page.link) {
        if (pages_ >= limits_.max_pages) return endless();
        trouble = follow(*page.link);
        if (!trouble) return {};
    } else if (lacks_objects()) {
        trouble = "sends no link to the next page";
    }
    // Without any page, the first offset is where the crawl began.
    if (!trouble || (!page.link && received_ == 0)) {
        end();
        return {};
    }
    if (pass_over(*trouble)) return {};
    return failure(std::move(*trouble));
}

bool page_course::take_dead_end(const std::string& why)
{
    return is_by_link_ && pass_over("sends a link that leads nowhere (" + why + ')');
}

/// Finds another way on than the link; false when without a total there is no telling.
bool page_course::pass_over(const std::string& trouble)
{
    if (!first_total_ || (is_short() && received_ == 0)) return false;
    auto text = trouble + ' ' + progress();
    if (lacks_objects()) {
        text += "; the others are asked for by offset";
        is_by_offset_ = true;
        seek_offset();
    } else {
        text += "; that is taken for all";
        is_over_ = true;
    }
    remarks_.emplace_back(crawl_topic::broken_link, std::move(text));
    return true;
}

void page_course::end()
{
    is_over_ = true;
    if (!lacks_objects()) return;
    remarks_.emplace_back(crawl_topic::short_list, "ends its list " + progress());
}

error page_course::endless() const
{
    return failure("has more than " + std::to_string(limits_.max_pages) + " pages in its list");
}

void page_course::count(const page_facts& page)
{
    if (pages_ == 1) first_total_ = page.total;
    if (page.total) {
        has_shrunk_ = has_shrunk_ || (last_total_ && *page.total < *last_total_);
        last_total_ = page.total;
    }
    const auto known = page.objects - page.fresh - page.nameless;
    has_repeated_ = has_repeated_ || known > 0;
    pages_without_new_ids_ = page.fresh == 0 ? pages_without_new_ids_ + 1 : 0;
    if (page.fresh > 0 || known == 0) {
        received_ += page.objects;
        different_ += page.fresh + page.nameless;
    }
    // Some platforms say here how large a page could be at most.
    const auto max_limit = std::max<std::uint64_t>(list_.limit, page.objects);
    if (page.limit && *page.limit > 0 && *page.limit <= max_limit) list_.limit = *page.limit;
}

/// How many objects the list has according to the platform. Without links only a total says
/// that a list which grows has not ended.
std::optional<std::uint64_t> page_course::expected() const
{
    if (!first_total_ || !last_total_) return first_total_;
    if (list_.may_shrink) return std::min(*first_total_, *last_total_);
    return is_by_offset_ ? std::max(*first_total_, *last_total_) : *first_total_;
}

bool page_course::is_short() const
{
    const auto all = expected();
    return all && different_ < *all;
}

bool page_course::lacks_objects() const
{
    const auto all = expected();
    return all && received_ < *all;
}

std::string page_course::progress() const
{
    return "after " + std::to_string(received_) + " of " + std::to_string(expected().value_or(0)) +
           " objects";
}

/// Goes where the link leads; else says why it does not, as what the platform does.
std::optional<std::string> page_course::follow(const std::string& link)
{
    if (pages_without_new_ids_ >= limits_.max_pages_without_new_ids) {
        return "has sent " + std::to_string(pages_without_new_ids_) +
               " pages in a row with nothing new, and a link to more";
    }
    auto followed = follow_page_link(url_, link);
    if (followed.has_error()) return "sends " + followed.error().text();
    if (is_short() && received_ > 0 && lacks_filters(followed->url, list_.filters)) {
        return "sends a link to a next page that is not of the list that was asked for";
    }
    if (!visited_.insert(std::hash<std::string>()(followed->url)).second) {
        return "links its pages in a circle";
    }
    if (!followed->foreign_origin.empty()) {
        remarks_.emplace_back(crawl_topic::foreign_link,
                              "links its pages to " + followed->foreign_origin +
                                  "; their paths are asked for where the list is");
    }
    url_ = std::move(followed->url);
    is_by_link_ = true;
    return std::nullopt;
}

/// After a page that was asked for by its offset, whatever it links to.
result<void> page_course::step_by_offset(const page_facts& page)
{
    const bool has_fallen = page.total && *page.total <= received_;
    if (!lacks_objects() || (page.objects == 0 && has_fallen)) {
        end();
        return {};
    }
    if (page.objects == 0) {
        return failure("ends its list " + progress() +
                       ": there is no link to the others, and an offset brings none");
    }
    const bool repeats = page.fresh == 0 && page.nameless < page.objects;
    if (repeats || pages_without_new_ids_ >= limits_.max_pages_without_new_ids) {
        return failure("does not give the rest of its list " + progress() +
                       ": there is no link to it, and an offset brings nothing new");
    }
    if (pages_ >= limits_.max_pages) return endless();
    seek_offset();
    return {};
}

void page_course::seek_offset()
{
    url_ = list_.url + "&offset=" + std::to_string(received_) +
           "&limit=" + std::to_string(list_.limit);
    is_by_link_ = false;
}

}  // namespace ocpi::exchange
