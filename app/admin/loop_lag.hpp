#pragma once

#include <algorithm>
#include <chrono>
#include <deque>
#include <optional>
#include <utility>

namespace ocpi::app {

/// How long work waits before an event loop runs it, told by probes that are sent through the loop
/// one after another. A value; decides by the given instants.
class loop_lag {
public:
    using time_point = std::chrono::steady_clock::time_point;
    using duration = std::chrono::steady_clock::duration;

    /// How long a probe counts.
    static constexpr std::chrono::seconds window{30};

    /// True when the last probe has come back: the next one may be sent.
    bool may_send() const noexcept { return !sent_at_; }
    void sent(time_point now) { sent_at_ = now; }
    /// The probe was run at that time.
    void came_back(time_point at)
    {
        if (!sent_at_) return;
        note(at, at - *sent_at_);
        sent_at_.reset();
    }
    /// There is no loop any more that would run it.
    void cancel() noexcept { sent_at_.reset(); }

    /// The longest wait of those that ended within the window or still last.
    duration longest(time_point now) const
    {
        auto longest = sent_at_ ? now - *sent_at_ : duration(0);
        for (const auto& [at, lag] : ended_) {
            if (now - at <= window) longest = std::max(longest, lag);
        }
        return longest;
    }

private:
    /// Keeps those that can still be the longest: each shorter than the one before.
    void note(time_point at, duration lag)
    {
        while (!ended_.empty() && ended_.back().second <= lag) ended_.pop_back();
        ended_.emplace_back(at, lag);
        while (at - ended_.front().first > window) ended_.pop_front();
    }

    std::optional<time_point> sent_at_;
    std::deque<std::pair<time_point, duration>> ended_;
};

}  // namespace ocpi::app
