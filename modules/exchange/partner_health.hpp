#pragma once

#include "ocpi/base/backoff.hpp"
#include "ocpi/base/log_limiter.hpp"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <random>

namespace ocpi::exchange {

/// Health of a partner: whether it accepts messages, when it is tried again, and what is logged.
/// Decides by the given instants, without side effects. Not thread safe.
///
/// A healthy partner gets several messages at once. One that fails gets none for a while, then one
/// probe.
class partner_health {
public:
    using clock = std::chrono::steady_clock;

    partner_health(backoff after_failure, unsigned seed)
        : after_failure_(after_failure), random_(seed)
    {
    }

    /// True if another message may be sent in addition to those in flight.
    bool may_start(std::size_t in_flight, std::size_t max_in_flight) const noexcept;
    bool is_well() const noexcept { return state_ == state::well; }
    bool is_paused() const noexcept { return state_ == state::paused; }
    /// A probe is in flight.
    bool is_probe_out() const noexcept { return is_probe_out_; }

    /// End of the pause.
    clock::time_point resume_at() const noexcept { return resume_at_; }
    /// Ends the pause if its time is over; true if it does.
    bool resume(clock::time_point now) noexcept;

    /// A message is sent. True if it is the probe.
    bool begin_message() noexcept;
    /// The message has ended; call before the functions below.
    void end_message(bool was_probe) noexcept;

    /// The partner failed on a message. `retry_after`: the pause it requested, which is not
    /// shortened. True if the failure counts: concurrent messages fail together.
    bool fail(bool was_probe, clock::time_point now,
              std::optional<std::chrono::seconds> retry_after);
    /// Call afterwards: if the outage is to be logged now, the number of failures not logged. An
    /// outage that begins within a minute of the last one is logged after that minute.
    std::optional<std::uint64_t> announce_outage(clock::time_point now);

    enum class recovery {
        none,    ///< it was healthy, or the requested pause is not over
        silent,  ///< it has recovered from an outage that was not logged
        logged,  ///< it has recovered, which is to be logged
    };

    /// The partner answered a message and is healthy.
    recovery succeed(clock::time_point now);

    /// The partner's record has changed: it is tried at once, unless it has requested the pause.
    void reconsider() noexcept;
    /// Resets the state for another platform.
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
    /// The partner has requested the pause.
    bool is_asked_for_ = false;
    bool is_down_ = false;
    bool is_announced_ = false;
    log_limiter outages_{std::chrono::minutes(1)};
};

}  // namespace ocpi::exchange
