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

/// What the sessions of one plan have used, kept so that the price of one session needs no other
/// to be read again. A changed session costs a new look at the billing periods that it touches,
/// when the next price is asked for. For one thread at a time.
class plan_usage {
public:
    explicit plan_usage(driver_plan plan);

    const driver_plan& plan() const noexcept { return plan_; }

    /// Takes a session in, or what it has become. What is of an older revision than what is known
    /// changes nothing, so changes may arrive in any order. Events as energy_curve wants them.
    void set(const std::string& session, crud::revision revision,
             const std::vector<metering_event>& events);

    /// The session's price; nothing when it is not known here. As far as it goes: sessions that
    /// were not taken in use up no tier.
    std::optional<plan_price> price(const std::string& session);

    /// How many sessions are known here.
    std::size_t sessions() const noexcept { return sessions_.size(); }

    /// How many events of all sessions are kept, and sessions: some 60 bytes for an event, some 200
    /// for a session.
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
