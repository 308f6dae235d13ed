#include "modules/exchange/partner_health.hpp"

#include <algorithm>

namespace ocpi::exchange {
namespace {

using std::chrono::milliseconds;

/// Maximum jitter added to a pause requested by a partner, so that its clients do not all return
/// together.
milliseconds max_jitter(std::chrono::seconds asked)
{
    return std::max<milliseconds>(std::chrono::seconds(1), milliseconds(asked) / 10);
}

}  // namespace

bool partner_health::may_start(std::size_t in_flight, std::size_t max_in_flight) const noexcept
{
    switch (state_) {
        case state::well: return in_flight < max_in_flight;
        case state::paused: return false;
        case state::probing: return !is_probe_out_;
    }
    return false;
}

bool partner_health::resume(clock::time_point now) noexcept
{
    if (state_ != state::paused || now < resume_at_) return false;
    state_ = state::probing;
    is_asked_for_ = false;
    return true;
}

bool partner_health::begin_message() noexcept
{
    const bool is_probe = state_ == state::probing;
    if (is_probe) is_probe_out_ = true;
    return is_probe;
}

void partner_health::end_message(bool was_probe) noexcept
{
    if (was_probe) is_probe_out_ = false;
}

bool partner_health::fail(bool was_probe, clock::time_point now,
                          std::optional<std::chrono::seconds> retry_after)
{
    if (retry_after && *retry_after <= std::chrono::seconds(0)) retry_after.reset();
    if (state_ == state::well || was_probe) {
        is_down_ = true;
        ++failures_;
        pause(now, retry_after);
        return true;
    }
    // What was on its way when the partner failed changes only how long to wait.
    if (retry_after) pause(now, retry_after);
    return false;
}

void partner_health::pause(clock::time_point now, std::optional<std::chrono::seconds> retry_after)
{
    const bool is_longer_one_asked_for = state_ == state::paused && is_asked_for_;
    state_ = state::paused;
    if (!retry_after) {
        resume_at_ = now + after_failure_.up_to(failures_, random_);
        is_asked_for_ = false;
        return;
    }
    std::uniform_int_distribution<milliseconds::rep> any(0, max_jitter(*retry_after).count());
    const auto until = now + *retry_after + milliseconds(any(random_));
    resume_at_ = is_longer_one_asked_for ? std::max(resume_at_, until) : until;
    is_asked_for_ = true;
}

std::optional<std::uint64_t> partner_health::announce_outage(clock::time_point now)
{
    if (!is_down_ || is_announced_) return {};
    const auto held_back = outages_.admit("outage", now);
    is_announced_ = held_back.has_value();
    return held_back;
}

partner_health::recovery partner_health::succeed(clock::time_point now)
{
    if (state_ == state::well) return recovery::none;
    // It was on its way before the partner asked for a pause.
    if (state_ == state::paused && is_asked_for_ && now < resume_at_) return recovery::none;
    const bool was_announced = is_announced_;
    reset();
    return was_announced ? recovery::logged : recovery::silent;
}

void partner_health::reconsider() noexcept
{
    if (state_ == state::paused && !is_asked_for_) state_ = state::probing;
}

void partner_health::reset() noexcept
{
    state_ = state::well;
    is_probe_out_ = false;
    failures_ = 0;
    is_asked_for_ = false;
    is_down_ = false;
    is_announced_ = false;
}

}  // namespace ocpi::exchange
