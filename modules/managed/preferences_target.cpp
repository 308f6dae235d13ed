#include "modules/managed/preferences_target.hpp"

#include "ocpi/json/writer.hpp"

#include <algorithm>

namespace ocpi::managed {
namespace {

constexpr unsigned places = 4;  // as OCPI's number has them

/// The level that an energy leads to, as far as the battery goes.
decimal level_after(const rational& level, const decimal& energy, const policy& rule)
{
    const auto capacity = to_rational(rule.vehicle.battery_capacity_kwh);
    const rational reached = level + to_rational(energy) * 100 / capacity;
    return rounded(std::min(reached, rational(100)), places);
}

}  // namespace

std::optional<target> to_target(const sessions::charging_preferences& wished, const policy& rule,
                                const std::optional<rational>& level,
                                const std::optional<target>& scheduled)
{
    target wanted;
    wanted.source = target_source::user_override;
    const bool is_fast = wished.profile == sessions::profile_type::fast;
    wanted.type = is_fast ? target_type::immediate_start : target_type::regular;
    if (level && wished.energy_need && wished.energy_need->fits(100)) {
        wanted.minimum_charge_target = level_after(*level, *wished.energy_need, rule);
    } else if (is_fast) {
        wanted.minimum_charge_target = *decimal::parse("100");
    } else if (scheduled) {
        wanted.minimum_charge_target = scheduled->minimum_charge_target;
    } else {
        return std::nullopt;
    }
    if (is_fast) return wanted;
    wanted.ready_by = wished.departure_time;
    if (!wanted.ready_by && scheduled) wanted.ready_by = scheduled->ready_by;
    if (!wanted.ready_by) return std::nullopt;
    return wanted;
}

std::string to_charging_preferences(const target& goal, const policy& rule,
                                    const std::optional<rational>& level)
{
    const bool is_immediate = goal.type == target_type::immediate_start;
    json::object_writer written;
    written.string("profile_type", to_string(is_immediate ? sessions::profile_type::fast
                                                          : sessions::profile_type::cheap));
    if (goal.ready_by) written.string("departure_time", to_string(*goal.ready_by));
    if (level) {
        const auto capacity = to_rational(rule.vehicle.battery_capacity_kwh);
        const rational missing = to_rational(goal.minimum_charge_target) - *level;
        const rational need = std::max(missing, rational(0)) * capacity / 100;
        written.raw("energy_need", to_text(rounded(need, places)));
    }
    return written.finish();
}

}  // namespace ocpi::managed
