#pragma once

#include "ocpi/base/time_zone.hpp"

#include <chrono>

namespace ocpi::pricing {

/// Local times of ascending instants: the zone is queried once between two clock changes, or once
/// in ten years.
class local_clock {
public:
    explicit local_clock(const time_zone& zone) : zone_(zone) {}

    /// Not earlier than the previous instant.
    local_time show(date_time instant);

    /// End of the constant UTC offset at the last instant shown: the next clock change, or ten
    /// years later when none is known.
    date_time steady_until() const { return until_; }

private:
    const time_zone& zone_;
    bool is_set_ = false;
    std::chrono::milliseconds offset_{0};
    date_time until_;
};

}  // namespace ocpi::pricing
