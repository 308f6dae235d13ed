#pragma once

#include "ocpi/base/time_zone.hpp"

#include <chrono>

namespace ocpi::pricing {

/// What local clocks show at instants that follow one another: the zone is asked once between two
/// shifts of its clocks, or once in ten years.
class local_clock {
public:
    explicit local_clock(const time_zone& zone) : zone_(zone) {}

    /// No earlier than the instant before.
    local_time show(date_time instant);

    /// Up to when what it shows goes on as it does at the last instant shown: the next shift, or
    /// ten years where none is known.
    date_time steady_until() const { return until_; }

private:
    const time_zone& zone_;
    bool is_set_ = false;
    std::chrono::milliseconds offset_{0};
    date_time until_;
};

}  // namespace ocpi::pricing
