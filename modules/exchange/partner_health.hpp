#pragma once

#include "ocpi/base/backoff.hpp"
#include "ocpi/base/log_limiter.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>

namespace ocpi::exchange {

/// Whether a partner takes messages, when it is tried again, and what of that is logged. It
/// decides by the instants that it is given, and does nothing itself. Not thread safe.
///
/// A well partner gets several messages at once. One that fails gets none for a while, then one, to
/// see whether it is back.
class partner_health {
public:
    using clock = std::chrono::steady_clock;

    partner_health(backoff after_failure, unsigned seed)
        : after_failure_(after_failure), random_(seed)
    {
    }

    /// Whether another message may go, besides those that are on their way.
    bool may_start(std::size_t in_flight, std::size_t max_in_flight) const noexcept;
    bool is_well() const noexcept { return state_ == state::well; }
    bool is_paused() const noexcept { return state_ == state::paused; }
    /// A message that shows whether the partner is back is on its way.
    bool is_probe_out() const noexcept { return is_probe_out_; }

    /// When the pause ends.
    clock::time_point resume_at() const noexcept { return resume_at_; }
    /// Ends the pause if it is over; true when it does.
    bool resume(clock::time_point now) noexcept;

    /// A message goes. True when it is the one that shows whether the partner is back.
    bool begin_message() noexcept;
    /// It is back, before what is said of it below.
    void end_message(bool was_probe) noexcept;

    /// The partner failed at a message. `retry_after`: it asked for so long a pause, of which
    /// nothing is taken off. True when that counts: messages that were on their way together fail
    /// together.
    bool fail(bool was_probe, clock::time_point now,
              std::optional<std::chrono::seconds> retry_after);
    /// After that: whether the outage is to be logged now, then with how many failures that were
    /// not. One that begins within a minute of the last one is logged once that has passed.
    std::optional<std::uint64_t> announce_outage(clock::time_point now);

    enum class recovery {
        none,    ///< it was well, or the pause that it asked for is not over
        silent,  ///< it is well again after an outage that was not logged
        logged,  ///< it is well again, which is to be logged
    };

    /// The partner answered a message as one that is well.
    recovery succeed(clock::time_point now);

    /// What is known of the partner has changed, which may be the cure: it is tried at once, unless
    /// it has asked for the pause.
    void reconsider() noexcept;
    /// Another platform takes its place.
    void reset() noexcept;

private:
    enum class state { well, paused, probing };

    void pause(clock::time_point now, std::optional<std::chrono::seconds> retry_after);

    backoff after_failure_;
    std::mt19937 random_;
    state state_ = state::well;
    bool is_probe_out_ = false;
    unsigned failures_ = 0;
    clock::time_point resume_at_{};
    /// The partner has asked for the pause.
    bool is_asked_for_ = false;
    bool is_down_ = false;
    bool is_announced_ = false;
    log_limiter outages_{std::chrono::minutes(1)};
};

}  // namespace ocpi::exchange
