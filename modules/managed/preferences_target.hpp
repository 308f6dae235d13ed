#pragma once

#include "modules/managed/policy.hpp"
#include "modules/managed/target.hpp"
#include "modules/sessions/charging_preferences.hpp"
#include "ocpi/base/rational.hpp"

#include <optional>
#include <string>

/// Converts between a managed session's target and OCPI's ChargingPreferences [sessions,
/// ChargingPreferences].
namespace ocpi::managed {

/// A driver's preferences as a target: FAST is IMMEDIATE_START, the others are REGULAR by
/// departure_time. energy_need is added to the present level; without it, or without a level, FAST
/// means a full battery, and the others mean `scheduled`, the policy's own target, which also
/// supplies a missing departure_time. std::nullopt when neither gives one.
std::optional<target> to_target(const sessions::charging_preferences& wished, const policy& rule,
                                const std::optional<rational>& level,
                                const std::optional<target>& scheduled);

/// Preferences to send to a CPO: FAST for at once, or CHEAP by the deadline; with the energy needed
/// in kWh when the present level is known.
std::string to_charging_preferences(const target& goal, const policy& rule,
                                    const std::optional<rational>& level);

}  // namespace ocpi::managed
