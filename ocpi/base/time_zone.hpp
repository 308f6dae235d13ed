#pragma once

#include "ocpi/base/date_time.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace ocpi {

/// Local wall-clock time in milliseconds; the calendar types of <chrono> give its day and weekday.
using local_time = std::chrono::local_time<std::chrono::milliseconds>;

/// A time zone of this machine's IANA database. The rules of 2037 apply to later years. Cheap to
/// copy; safe from any thread.
class time_zone {
public:
    /// UTC.
    time_zone();

    /// std::nullopt when the database has no zone of that name, such as `Europe/Madrid`. Throws
    /// std::runtime_error when the machine has no database.
    static std::optional<time_zone> find(std::string_view name);

    const std::string& name() const noexcept { return name_; }

    /// The local time at that instant.
    local_time local(date_time instant) const;

    /// The instant of that local time. A time skipped when clocks are set forward gives the moment
    /// of the change; a time that occurs twice gives the first of the two.
    date_time instant(local_time shown) const;

    /// The first clock change after that instant; std::nullopt when none is known within ten years.
    std::optional<date_time> next_shift(date_time after) const;

private:
    time_zone(const void* zone, std::string name);

    std::chrono::days distance_to_known(local_time shown) const;

    const void* zone_;  ///< of the database, which lives as long as the process
    std::string name_;
    bool sets_clocks_for_ever_ = false;
};

}  // namespace ocpi
