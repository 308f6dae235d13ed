#pragma once

#include "modules/sessions/session.hpp"
#include "ocpi/base/rational.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace ocpi::pricing {

/// The amount by which a sum of hours may exceed the measured time, because hours with four or more
/// decimals are rounded: half a unit of each last decimal. Exact and cheap to add up.
class rounding_slack {
public:
    /// Adds the slack of a summed volume.
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

    /// In units of 10^-16 hours. A million volumes of four decimals do not overflow it.
    std::uint64_t units_ = 0;
    /// For values with more decimals, which are rare.
    std::optional<rational> fine_;
};

}  // namespace ocpi::pricing
