#pragma once

#include "modules/sessions/session.hpp"
#include "ocpi/base/rational.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace ocpi::pricing {

/// By how much a sum of hours may lie above what was measured, because hours that are written with
/// four decimals or more are rounded figures: half a unit of the last decimal of each. Exact, and
/// cheap to add up.
class rounding_slack {
public:
    /// Counts a volume that is summed.
    void add(const sessions::cdr_dimension& hours)
    {
        const auto own = hours.volume.exponent() < 0 ? -hours.volume.exponent() : 0;
        const auto places = std::max<std::int64_t>(own, hours.written_places);
        if (places < min_places) return;
        if (places >= unit_places) {
            fine_ = fine_.value_or(rational(0)) + half_a_unit_of(places);
            return;
        }
        std::uint64_t half_a_unit = 5;
        for (auto place = places + 1; place < unit_places; ++place) half_a_unit *= 10;
        units_ += half_a_unit;
    }

    void add(const rounding_slack& other)
    {
        units_ += other.units_;
        if (other.fine_) fine_ = fine_.value_or(rational(0)) + *other.fine_;
    }

    rational hours() const
    {
        static const rational unit = to_rational(*decimal::parse("1e-16"));
        return units_ * unit + fine_.value_or(rational(0));
    }

private:
    static constexpr std::int64_t min_places = 4;
    static constexpr std::int64_t unit_places = 16;

    static rational half_a_unit_of(std::int64_t places)
    {
        boost::multiprecision::cpp_int units = 2;
        for (; places > 0; --places) units *= 10;
        return rational(1, units);
    }

    /// Of 10^-16 hours. Not even a million volumes of four decimals overflow it.
    std::uint64_t units_ = 0;
    /// Of figures with more decimals than that, which are rare.
    std::optional<rational> fine_;
};

}  // namespace ocpi::pricing
