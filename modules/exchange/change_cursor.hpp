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
        /// When the session says it has changed.
        std::chrono::steady_clock::time_point changed_at{};
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
        is_catching_up_ = true;
        restart_at_.reset();
    }
    /// Something was lost that only a restart finds: restart_after() is due then.
    void request_restart(time_point at)
    {
        if (!restart_at_) restart_at_ = at;
    }
    std::optional<time_point> restart_at() const noexcept { return restart_at_; }

    /// There may be further changes, the first of them of that time.
    void changed(time_point now) noexcept
    {
        has_more_ = true;
        if (!noticed_at_) noticed_at_ = now;
    }
    /// When the first change was noticed that has not been read; std::nullopt: none is known.
    std::optional<time_point> first_notice() const noexcept
    {
        return reading_since_ ? reading_since_ : noticed_at_;
    }
    /// Since when the partner lacks a change that has just been read. What was noticed when it was
    /// made is as old as the notice; the session's own time can be any. Call before page_read().
    time_point lacked_since(const push_page::change& change) const noexcept
    {
        if (!reading_since_) return change.changed_at;
        return is_catching_up_ ? std::min(change.changed_at, *reading_since_) : *reading_since_;
    }

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
        if (!reading_since_) reading_since_ = noticed_at_;
        noticed_at_.reset();
        return read_up_to_;
    }
    void page_read(const push_page& page)
    {
        if (!page.changes.empty()) last_change_ = page.changes.back().revision;
        read_up_to_ = page.is_last_page ? std::max(page.as_of, last_change_) : last_change_;
        has_more_ = has_more_ || !page.is_last_page;
        if (!page.is_last_page) return;
        is_catching_up_ = false;
        reading_since_.reset();
    }

    /// The last change that was read.
    crud::revision last_change() const noexcept { return last_change_; }

private:
    /// All changes up to here were read.
    crud::revision read_up_to_ = 0;
    crud::revision last_change_ = 0;
    bool has_more_ = true;
    std::optional<time_point> read_at_;
    /// What may have changed long ago is read.
    bool is_catching_up_ = true;
    /// The first notice of a change since the last read began, and of those that it reads.
    std::optional<time_point> noticed_at_;
    std::optional<time_point> reading_since_;
    std::optional<time_point> restart_at_;
};

}  // namespace ocpi::exchange
