#pragma once

#include "crud/crud.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <vector>

namespace ocpi::exchange {

/// A page of the store's order of change: sessions of one partner.
struct push_page {
    struct change {
        crud::object_key key;
        crud::revision revision = 0;
    };
    std::vector<change> changes;
    bool is_last_page = true;
    /// Changes up to this revision that the page lacks do not belong to the partner. Not before
    /// the last change.
    crud::revision as_of = 0;
};

/// A place in the store's order of change, and when to read on from there. A value; decides by the
/// given instants.
class change_cursor {
public:
    using time_point = std::chrono::steady_clock::time_point;

    /// Reads all changes after that revision, again if they were read before.
    void restart_after(crud::revision revision)
    {
        read_up_to_ = last_change_ = revision;
        has_more_ = true;
        restart_at_.reset();
    }
    /// Something was lost that only a restart finds: restart_after() is due then.
    void request_restart(time_point at)
    {
        if (!restart_at_) restart_at_ = at;
    }
    std::optional<time_point> restart_at() const noexcept { return restart_at_; }

    /// There may be further changes.
    void changed() noexcept { has_more_ = true; }

    /// When to read the next page: at once if there may be more, else a while after the last one.
    time_point due(std::chrono::milliseconds poll_interval) const
    {
        if (has_more_ || !read_at_) return time_point::min();
        return *read_at_ + poll_interval;
    }
    /// A page is read now. Returns the revision after which it begins.
    crud::revision begin_read(time_point now)
    {
        read_at_ = now;
        has_more_ = false;
        return read_up_to_;
    }
    void page_read(const push_page& page)
    {
        if (!page.changes.empty()) last_change_ = page.changes.back().revision;
        read_up_to_ = page.is_last_page ? std::max(page.as_of, last_change_) : last_change_;
        has_more_ = has_more_ || !page.is_last_page;
    }

    /// The last change that was read.
    crud::revision last_change() const noexcept { return last_change_; }

private:
    /// All changes up to here were read.
    crud::revision read_up_to_ = 0;
    crud::revision last_change_ = 0;
    bool has_more_ = true;
    std::optional<time_point> read_at_;
    std::optional<time_point> restart_at_;
};

}  // namespace ocpi::exchange
