#include "crud/total_slots.hpp"

#include <chrono>

namespace ocpi::crud {
namespace {

/// From the beginning of the slots to 1970: a number of whole days that makes every instant of OCPI
/// (from year 0 on) positive, so that integer division rounds down.
constexpr std::int64_t slot_origin = std::chrono::milliseconds(std::chrono::days(720'000)).count();

}  // namespace

std::int64_t slot_width(total_level level) noexcept
{
    using std::chrono::milliseconds;
    const bool is_day = level == total_level::day_of_update;
    return is_day ? milliseconds(std::chrono::days(1)).count()
                  : milliseconds(std::chrono::minutes(15)).count();
}

std::int64_t slot_of(date_time instant, total_level level) noexcept
{
    return (instant.milliseconds() + slot_origin) / slot_width(level);
}

date_time start_of_slot(std::int64_t slot, total_level level) noexcept
{
    return date_time::from_milliseconds(slot * slot_width(level) - slot_origin);
}

}  // namespace ocpi::crud
