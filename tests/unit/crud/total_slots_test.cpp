#include "crud/total_slots.hpp"

#include <doctest/doctest.h>

#include <cstdint>

namespace total_slots_test {

using namespace ocpi;
using namespace ocpi::crud;

TEST_CASE("crud/total_slots: slots begin on quarter-hours and on days of UTC, from year 0")
{
    constexpr auto quarter = total_level::quarter_hour_of_update;
    constexpr auto day = total_level::day_of_update;
    const auto slot = [](std::int64_t milliseconds, total_level level) {
        const auto at = date_time::from_milliseconds(milliseconds);
        return start_of_slot(slot_of(at, level), level).milliseconds();
    };
    CHECK(slot(0, quarter) == 0);
    CHECK(slot(899'999, quarter) == 0);
    CHECK(slot(900'000, quarter) == 900'000);
    CHECK(slot(-1, quarter) == -900'000);
    CHECK(slot(-1, day) == -86'400'000);
    const auto first = parse_date_time("0000-01-01T00:00:00Z");
    if (first) CHECK(slot_of(first->value, day) > 0);
}

}  // namespace total_slots_test
