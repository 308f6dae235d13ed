#include "modules/pricing/period_reading.hpp"

#include "ocpi/base/rational.hpp"

#include <algorithm>
#include <string_view>

namespace ocpi::pricing {
namespace {

/// The types that a price depends on, and where their volumes go.
struct dimension_role {
    std::string_view type;
    std::optional<decimal> period_reading::*volume = nullptr;
    rounding_slack period_reading::*slack = nullptr;
    quantity_range period_reading::*quantity = nullptr;
    std::optional<decimal> quantity_range::*value = nullptr;
};

const dimension_role* role_of(std::string_view type)
{
    using r = period_reading;
    using m = quantity_range;
    static constexpr dimension_role roles[] = {
        {"ENERGY", &r::energy},
        {"TIME", &r::time, &r::time_slack},
        {"PARKING_TIME", &r::parking_time, &r::parking_slack},
        {"RESERVATION_TIME", &r::reservation_time, &r::reservation_slack},
        {"CURRENT", nullptr, nullptr, &r::current, &m::average},
        {"MAX_CURRENT", nullptr, nullptr, &r::current, &m::max},
        {"MIN_CURRENT", nullptr, nullptr, &r::current, &m::min},
        {"POWER", nullptr, nullptr, &r::power, &m::average},
        {"MAX_POWER", nullptr, nullptr, &r::power, &m::max},
        {"MIN_POWER", nullptr, nullptr, &r::power, &m::min},
    };
    const auto* found =
        std::find_if(std::begin(roles), std::end(roles),
                     [type](const dimension_role& role) { return role.type == type; });
    return found == std::end(roles) ? nullptr : found;
}

void add_to(std::optional<decimal>& sum, const decimal& volume)
{
    if (sum) {
        sum = *sum + volume;
    } else {
        sum = volume;
    }
}

void note_odd_volume(const sessions::cdr_dimension& dimension, note_list& notes)
{
    if (dimension.volume.is_negative() && dimension.type == "ENERGY") {
        notes.add("more energy was fed into the grid than charged in a period: it is credited");
    }
}

/// True when the volume of that type must not be below 0.
bool is_duration(std::string_view type)
{
    return type == "TIME" || type == "PARKING_TIME" || type == "RESERVATION_TIME";
}

void note_unpriced(const sessions::cdr_dimension& dimension, note_list& notes)
{
    if (dimension.type == "STATE_OF_CHARGE" || dimension.type == "ENERGY_IMPORT") return;
    if (dimension.type == "ENERGY_EXPORT") {
        if (!dimension.volume.is_zero()) notes.add("ENERGY_EXPORT is not priced");
        return;
    }
    notes.add("dimensions of the unknown type " + dimension.type.substr(0, 64) + " are ignored");
}

}  // namespace

bool period_reading::has_charging() const
{
    const auto is_there = [](const std::optional<decimal>& volume) {
        return volume && !volume->is_zero();
    };
    return is_there(energy) || is_there(time) || is_there(parking_time);
}

void read_period(const sessions::charging_period& period, note_list& notes, period_reading& reading)
{
    std::optional<decimal> imported;
    for (const auto& dimension : period.dimensions) {
        if (!dimension.volume.fits(max_factor_places)) {
            const bool counts = role_of(dimension.type) || dimension.type == "ENERGY_IMPORT";
            if (!counts) continue;
            reading.is_reckonable = false;
            notes.add("a volume of " + dimension.type +
                      " is too large or too fine to reckon with: its period is not priced");
            continue;
        }
        if (dimension.volume.is_negative() && is_duration(dimension.type)) {
            notes.add("a " + dimension.type + " below 0 counts as not sent");
            continue;
        }
        note_odd_volume(dimension, notes);
        if (const auto* role = role_of(dimension.type)) {
            if (role->volume) {
                add_to(reading.*role->volume, dimension.volume);
                if (role->slack) (reading.*role->slack).add(dimension);
            } else {
                reading.*role->quantity.*role->value = dimension.volume;
            }
        } else {
            if (dimension.type == "ENERGY_IMPORT") add_to(imported, dimension.volume);
            note_unpriced(dimension, notes);
        }
    }
    if (!reading.energy && imported) {
        notes.add("ENERGY_IMPORT is priced as ENERGY where no ENERGY was sent");
        reading.energy = std::move(imported);
    }
}

std::chrono::milliseconds stated_length(const period_reading& reading)
{
    static const auto max = *decimal::parse("87660");
    decimal hours;
    for (const auto* stated : {&reading.time, &reading.parking_time, &reading.reservation_time}) {
        if (*stated) hours = hours + **stated;
    }
    if (hours.is_zero() || hours > max) return std::chrono::milliseconds(0);
    const rational milliseconds = to_rational(hours) * 3'600'000;
    const boost::multiprecision::cpp_int whole =
        numerator(milliseconds) / denominator(milliseconds);
    return std::chrono::milliseconds(static_cast<std::int64_t>(whole));
}

}  // namespace ocpi::pricing
