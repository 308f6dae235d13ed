#include "app/simulate/scenario.hpp"

#include <algorithm>

namespace ocpi::app::simulate {
namespace {

using std::chrono::minutes;

constexpr std::array<int, 24> by_day{30,  30,  30,  30,  30,  40,  60,  80, 90, 100, 100, 100,
                                     100, 100, 100, 100, 100, 100, 100, 90, 80, 60,  50,  40};
constexpr std::array<int, 24> at_rush_hours{20, 20, 20, 20, 20,  30,  100, 250, 300, 150, 60, 60,
                                            80, 80, 60, 60, 120, 250, 300, 200, 80,  50,  40, 30};
constexpr std::array<int, 24> in_the_evening{40, 20, 20, 20, 20,  20,  20,  20,  20,  20,  20,  20,
                                             20, 20, 20, 40, 100, 200, 300, 300, 200, 150, 100, 60};
constexpr std::array<int, 24> evenly{100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100,
                                     100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100, 100};

constexpr scenario all[] = {
    {.name = "calm",
     .about = "an ordinary day at twenty charge points",
     .charge_points = 20,
     .sessions_per_hour = 12,
     .dc_share = 25,
     .ac_interval = minutes(5),
     .dc_interval = minutes(2),
     .min_stay = minutes(40),
     .max_stay = minutes(240),
     .arrivals = by_day},
    {.name = "rush-hour",
     .about = "a hundred charge points, full in the morning and in the evening",
     .charge_points = 100,
     .sessions_per_hour = 60,
     .dc_share = 50,
     .ac_interval = minutes(5),
     .dc_interval = minutes(1),
     .min_stay = minutes(20),
     .max_stay = minutes(120),
     .arrivals = at_rush_hours},
    {.name = "overnight",
     .about = "managed charging at home: policies, plans, ready by morning",
     .charge_points = 30,
     .sessions_per_hour = 3,
     .dc_share = 0,
     .ac_interval = minutes(5),
     .dc_interval = minutes(5),
     .min_stay = minutes(0),
     .max_stay = minutes(0),
     .arrivals = in_the_evening,
     .is_overnight = true,
     .duration = std::chrono::hours(36)},
    {.name = "unruly",
     .about = "late, repeated, reordered and stale writes, broken meters and clocks",
     .charge_points = 40,
     .sessions_per_hour = 40,
     .dc_share = 30,
     .ac_interval = minutes(15),
     .dc_interval = minutes(10),
     .min_stay = minutes(30),
     .max_stay = minutes(100),
     .arrivals = evenly,
     .unruly_share = 70,
     .reads_preferences = false},
    {.name = "flood",
     .about = "as fast as the server answers: writes per second and latencies",
     .charge_points = 2000,
     .sessions_per_hour = 4000,
     .dc_share = 50,
     .ac_interval = minutes(5),
     .dc_interval = minutes(5),
     .min_stay = minutes(20),
     .max_stay = minutes(60),
     .arrivals = evenly,
     .reads_preferences = false,
     .is_unpaced = true,
     .duration = std::chrono::hours(1),
     .concurrency = 64},
};

}  // namespace

std::span<const scenario> scenarios()
{
    return all;
}

const scenario* find_scenario(std::string_view name)
{
    const auto* found = std::find_if(std::begin(all), std::end(all),
                                     [name](const scenario& each) { return each.name == name; });
    return found == std::end(all) ? nullptr : found;
}

}  // namespace ocpi::app::simulate
