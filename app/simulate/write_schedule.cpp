#include "app/simulate/write_schedule.hpp"

#include "app/simulate/instants.hpp"

#include <algorithm>
#include <chrono>

namespace ocpi::app::simulate {
void write_schedule::add(session_write made, const session_document& state, date_time now)
{
    auto due = now;
    if (manner_ == delivery::late && random_.chance(40)) {
        due = later_by(now, std::chrono::seconds(random_.between(120, 1200)));
    }
    if (pause_ && due >= pause_->begin && due < pause_->end) due = pause_->end;
    // The first write creates the session: only later ones change places.
    const bool may_wait = !made.is_put && !held_;
    if (manner_ == delivery::reordered && may_wait && random_.chance(50)) {
        held_ = std::move(made);
        return;
    }
    const auto sent = made;
    push(std::move(made), due);
    if (manner_ == delivery::repeated && random_.chance(50)) {
        auto again = sent;
        again.reason = write_reason::repetition;
        push(std::move(again), due);
    }
    if (manner_ == delivery::stale && previous_patch_ && random_.chance(40) &&
        previous_patch_->last_updated < sent.last_updated) {
        auto old = *previous_patch_;
        old.reason = write_reason::stale;
        push(std::move(old), due);
    }
    if (held_) release_held(state, due);
    if (!sent.is_put) previous_patch_ = sent;
}

/// A CPO whose write is refused sends the whole Session [OCPI transport and format, PATCH].
void write_schedule::release_held(const session_document& state, date_time due)
{
    auto late = std::move(*held_);
    held_.reset();
    const bool is_refused = late.last_updated < sent_last_updated_;
    push(std::move(late), due);
    if (!is_refused) return;
    session_write repair;
    repair.is_put = true;
    repair.body = state.text();
    repair.last_updated = sent_last_updated_;
    repair.reason = write_reason::repair;
    push(std::move(repair), due);
}

void write_schedule::push(session_write made, date_time due)
{
    last_due_ = std::max(last_due_, due);
    made.is_out_of_date = made.last_updated < sent_last_updated_;
    sent_last_updated_ = std::max(sent_last_updated_, made.last_updated);
    queue_.emplace_back(last_due_, std::move(made));
}

std::optional<date_time> write_schedule::next() const
{
    if (queue_.empty()) return std::nullopt;
    return queue_.front().first;
}

std::vector<session_write> write_schedule::take(date_time now)
{
    std::vector<session_write> due;
    while (!queue_.empty() && queue_.front().first <= now) {
        due.push_back(std::move(queue_.front().second));
        queue_.pop_front();
    }
    return due;
}

void write_schedule::flush(date_time now)
{
    for (auto& entry : queue_) entry.first = std::min(entry.first, now);
    if (!held_) return;
    auto late = std::move(*held_);
    held_.reset();
    push(std::move(late), now);
    for (auto& entry : queue_) entry.first = std::min(entry.first, now);
}

void write_schedule::clear()
{
    queue_.clear();
    held_.reset();
    previous_patch_.reset();
}

}  // namespace ocpi::app::simulate
