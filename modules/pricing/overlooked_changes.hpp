#pragma once

#include "modules/pricing/active_component.hpp"
#include "modules/pricing/breakdown.hpp"
#include "modules/pricing/inner_moments.hpp"
#include "modules/pricing/note_list.hpp"
#include "modules/pricing/tariff_bounds.hpp"
#include "modules/tariffs/tariff.hpp"

#include <cstddef>
#include <map>
#include <vector>

namespace ocpi::pricing {

/// A period as it has been priced.
struct judged_period {
    /// Counts the periods of the session from 1 on.
    std::size_t number = 1;
    const priced_period* priced = nullptr;
    period_course course;
    /// What reservations are in this session.
    phase of_reservation = phase::reservation;
    /// A fee would be charged in it as soon as one becomes active.
    bool is_charging_fee_due = false;
    bool is_reservation_fee_due = false;
};

/// Notes the charging periods in which another price would have begun: a CPO shall begin a new
/// period there [cdrs, ChargingPeriod], and all of such a period is priced by its start. Of each
/// period the first such moment is named; of many periods the first ones are. Bounded: it looks at
/// a limited number of moments and elements over a session.
class overlooked_changes {
public:
    explicit overlooked_changes(note_list& notes) : notes_(notes) {}

    /// `clock` has shown the period's start.
    void look_into(const judged_period& period, const local_clock& clock);

private:
    struct priced_use;

    static std::vector<priced_use> uses_of(const judged_period& period);
    const tariff_bounds& bounds_of(const tariffs::tariff& tariff);
    bool is_tired() const;
    bool note_change(const judged_period& period, const inner_moment& inner, const moment& at,
                     const std::vector<priced_use>& uses);

    note_list& notes_;
    std::map<const tariffs::tariff*, tariff_bounds> bounds_;
    const tariffs::tariff* last_ = nullptr;
    const tariff_bounds* bounds_of_last_ = nullptr;
    std::size_t moments_ = 0;
    std::size_t checks_ = 0;
    std::size_t noted_ = 0;
};

}  // namespace ocpi::pricing
