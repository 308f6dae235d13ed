#pragma once

#include "ocpi/base/date_time.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ocpi {

/// What clocks on the wall show somewhere, to the millisecond; which day and weekday that is, the
/// calendar types of <chrono> tell.
using local_time = std::chrono::local_time<std::chrono::milliseconds>;

/// A time zone of the IANA database as this machine has it. What the database says of 2037 goes on
/// after it. Cheap to copy; safe from any thread.
class time_zone {
public:
    /// UTC.
    time_zone();

    /// Nothing when the database has no zone of that name, such as `Europe/Madrid`. Throws
    /// std::runtime_error when the machine has no database.
    static std::optional<time_zone> find(std::string_view name);

    const std::string& name() const noexcept { return name_; }

    /// What local clocks show at that instant.
    local_time local(date_time instant) const;

    /// The instant at which local clocks show that time. When they are set forward and never
    /// show it: the moment at which they are set. When they are set back and show it twice: the
    /// first of the two.
    date_time instant(local_time shown) const;

    /// The first moment after that instant at which local clocks are set forward or back;
    /// nothing when none is known within ten years.
    std::optional<date_time> next_shift(date_time after) const;

private:
    time_zone(const void* zone, std::string name);

    std::chrono::days distance_to_known(local_time shown) const;

    const void* zone_;  ///< of the database, which lives as long as the process
    std::string name_;
    bool sets_clocks_for_ever_ = false;
};

}  // namespace ocpi
