#pragma once

#include "ocpi/base/date_time.hpp"
#include "ocpi/base/rational.hpp"

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace ocpi::driver_plans {

/// Energy counted by a meter between two instants, spread evenly; at one moment when they are
/// equal.
struct metering_event {
    date_time from;
    date_time to;
    /// 0 or more.
    rational kwh;

    metering_event(date_time begin, date_time end, rational energy)
        : from(begin), to(end), kwh(std::move(energy))
    {
    }
};

/// An instant with a fraction of a millisecond.
struct fine_instant {
    std::int64_t milliseconds = 0;
    /// Fraction of the next millisecond; at least 0, less than 1.
    rational past = 0;

    fine_instant() = default;
    explicit fine_instant(date_time instant) : milliseconds(instant.milliseconds()) {}
    fine_instant(std::int64_t whole, rational rest) : milliseconds(whole), past(std::move(rest)) {}
};

/// Cumulative energy of one session. Exact; each query is a search among its events. Immutable,
/// hence safe from any thread.
class energy_curve {
public:
    energy_curve() = default;

    /// Events in order of time without overlap. Throws std::invalid_argument for others, and for
    /// one that ends before it begins or has negative energy.
    explicit energy_curve(const std::vector<metering_event>& events);

    /// True if there is no energy.
    bool empty() const noexcept { return steps_.empty(); }
    /// The number of events with energy.
    std::size_t size() const noexcept { return steps_.size(); }
    /// Start of the first and end of the last energy flow. Only when not empty.
    date_time begin() const { return date_time::from_milliseconds(steps_.front().from); }
    date_time end() const { return date_time::from_milliseconds(steps_.back().to); }

    /// kWh.
    rational total() const;
    /// kWh before that moment, exclusive.
    rational before(const fine_instant& instant) const;
    rational before(date_time instant) const { return before(fine_instant(instant)); }
    /// kWh up to that moment, inclusive.
    rational through(const fine_instant& instant) const;
    rational through(date_time instant) const { return through(fine_instant(instant)); }

    /// Approximates through() at that millisecond, much faster: off by less than 10^-14 of total().
    double estimate_through(std::int64_t milliseconds) const;
    double estimated_total() const { return empty() ? 0 : steps_.back().about_after; }

private:
    using integer = boost::multiprecision::cpp_int;

    struct step {
        std::int64_t from, to;
        integer total_after;  ///< in units of 1 / units_per_kwh_
        double about_after;   ///< in kWh
    };

    rational up_to(std::size_t whole_steps, const fine_instant& instant) const;

    /// Common denominator, so that sums need no fractions.
    integer units_per_kwh_ = 1;
    std::vector<step> steps_;
};

}  // namespace ocpi::driver_plans
