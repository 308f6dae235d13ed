#pragma once

#include "modules/managed/policy.hpp"
#include "modules/managed/target.hpp"
#include "modules/sessions/charging_preferences.hpp"
#include "ocpi/base/rational.hpp"

#include <optional>
#include <string>

/// A managed session's target in the words of OCPI's ChargingPreferences [sessions,
/// ChargingPreferences], and back.
namespace ocpi::managed {

/// What a driver's wish is as a target: FAST is IMMEDIATE_START, the others are REGULAR by
/// departure_time. energy_need is reckoned from the present level; without one, or without a
/// level, FAST means all that the battery takes, and the others mean `scheduled`, the policy's own
/// target, which also says by when where there is no departure_time. Nothing when neither says.
std::optional<target> to_target(const sessions::charging_preferences& wished, const policy& rule,
                                const std::optional<rational>& level,
                                const std::optional<target>& scheduled);

/// What to ask a CPO for: FAST at once, or CHEAP by the deadline; with the energy that is needed
/// in kWh where the present level is known.
std::string to_charging_preferences(const target& goal, const policy& rule,
                                    const std::optional<rational>& level);

}  // namespace ocpi::managed
