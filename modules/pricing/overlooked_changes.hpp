#pragma once

#include "modules/pricing/active_component.hpp"
#include "modules/pricing/bound_crossings.hpp"
#include "modules/pricing/breakdown.hpp"
#include "modules/pricing/note_list.hpp"
#include "modules/pricing/tariff_bounds.hpp"
#include "modules/tariffs/tariff.hpp"

#include <cstddef>
#include <map>
#include <vector>

namespace ocpi::pricing {

/// A priced period.
struct judged_period {
    /// Number of the period within the session, from 1.
    std::size_t number = 1;
    const priced_period* priced = nullptr;
    /// Of its tariff; nullptr where it has none.
    const element_index* elements = nullptr;
    period_course course;
    /// Phase of reservations in this session.
    phase of_reservation = phase::reservation;
    /// A fee is charged in it as soon as one becomes active.
    bool is_charging_fee_due = false;
    bool is_reservation_fee_due = false;
};

/// Notes charging periods within which the price should have changed: a CPO must begin a new period
/// there [cdrs, ChargingPeriod], and a whole period is priced by its start. Names the first such
/// moment of each period, and the first of many periods. Bounded: examines a limited number of
/// moments and elements per session.
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
    bool note_change(const judged_period& period, const bound_crossing& inner,
                     const pricing_state& at, const std::vector<priced_use>& uses);

    note_list& notes_;
    std::map<const tariffs::tariff*, tariff_bounds> bounds_;
    const tariffs::tariff* last_ = nullptr;
    const tariff_bounds* bounds_of_last_ = nullptr;
    std::size_t crossings_ = 0;
    std::size_t checks_ = 0;
    std::size_t noted_ = 0;
};

}  // namespace ocpi::pricing
