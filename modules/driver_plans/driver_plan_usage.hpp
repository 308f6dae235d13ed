#pragma once

#include "crud/crud.hpp"
#include "modules/driver_plans/driver_plan.hpp"
#include "modules/driver_plans/driver_plan_price.hpp"
#include "modules/driver_plans/energy_curve.hpp"

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ocpi::driver_plans {

/// Usage of one plan's sessions, cached so that pricing one session does not read the others again.
/// A changed session invalidates its billing periods, which are computed again for the next price.
/// Not thread safe.
class plan_usage {
public:
    explicit plan_usage(driver_plan plan);

    const driver_plan& plan() const noexcept { return plan_; }

    /// Adds or updates a session. Older revisions than the known one are ignored, so changes may
    /// arrive in any order. Events as required by energy_curve.
    void set(const std::string& session, crud::revision revision,
             const std::vector<metering_event>& events);

    /// The session's price; std::nullopt when unknown here. Sessions not added use up no tier.
    std::optional<plan_price> price(const std::string& session);

    /// The number of sessions.
    std::size_t sessions() const noexcept { return sessions_.size(); }

    /// The number of stored events and sessions: about 60 bytes per event, about 200 per session.
    std::size_t size() const noexcept { return size_; }

private:
    struct known_session {
        crud::revision revision = 0;
        energy_curve curve;
    };
    struct known_period {
        billing_period period;
        std::vector<tier_crossing> marks;
    };

    const std::vector<tier_crossing>& marks_of(const billing_period& period);
    void forget_marks(const energy_curve& touched);

    const driver_plan plan_;
    const std::vector<rational> bounds_;
    std::unordered_map<std::string, known_session> sessions_;
    std::size_t size_ = 0;
    std::map<date_time, known_period> periods_;  // by start
};

}  // namespace ocpi::driver_plans
