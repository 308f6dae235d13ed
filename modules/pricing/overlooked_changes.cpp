#include "modules/pricing/overlooked_changes.hpp"

#include "ocpi/base/rational.hpp"

#include <string>

namespace ocpi::pricing {
namespace {

using tariffs::price_component;
using tariffs::tariff_dimension;

/// Of a whole session: no real one has as many, and no other takes long.
constexpr std::size_t max_crossings = 5'000;
constexpr std::size_t max_change_checks = 500'000;
/// That many periods are named.
constexpr std::size_t max_noted = 20;

/// A component of price 0 is another than none: what is free is not billed, nor rounded to steps.
bool is_same_price(const price_component* a, const price_component* b)
{
    if (a == b) return true;
    return a && b && a->price == b->price && a->vat == b->vat && a->step_size == b->step_size;
}

/// `2024-03-01 13:00`, with seconds where there are any.
std::string show(local_time shown)
{
    auto text = to_string(date_time::from_milliseconds(shown.time_since_epoch().count()));
    constexpr std::size_t to_minutes = 16;
    const bool is_minute = shown == std::chrono::floor<std::chrono::minutes>(shown);
    text.resize(is_minute ? to_minutes : text.size() - 1);
    text[text.find('T')] = ' ';
    return text;
}

/// `3 h`; `1000 s` where that has no short number of hours.
std::string show(std::chrono::milliseconds duration)
{
    constexpr std::chrono::milliseconds short_hours(36'000);  // a hundredth
    if (duration % short_hours != std::chrono::milliseconds(0)) {
        return to_text(to_decimal(rational(duration.count()) / 1000)) + " s";
    }
    return to_text(to_decimal(rational(duration.count()) / 3'600'000)) + " h";
}

std::string show(const bound_crossing& inner, const pricing_state& at)
{
    switch (inner.kind) {
        case bound_kind::kwh: return to_text(inner.kwh) + " kWh of the session";
        case bound_kind::duration:
            return show(at.local) + " (" + show(at.elapsed) + " after the start of the session)";
        case bound_kind::time_of_day: break;
    }
    return show(at.local);
}

std::size_t element_of(const tariffs::tariff& tariff, const price_component* component)
{
    for (std::size_t i = 0; i < tariff.elements.size(); ++i) {
        for (const auto& one : tariff.elements[i].price_components) {
            if (&one == component) return i;
        }
    }
    return 0;
}

std::string describe(const tariffs::tariff& tariff, const std::optional<active_component>& next,
                     const price_component* before)
{
    const auto element = next ? next->element : element_of(tariff, before);
    return "element " + std::to_string(element) + " of tariff " + tariff.id.str() +
           (next ? " becomes active at " : " ceases to be active at ");
}

}  // namespace

/// What a period is priced by, in one dimension.
struct overlooked_changes::priced_use {
    tariff_dimension dimension = tariff_dimension::energy;
    phase during = phase::charging;
    /// nullptr: free.
    const price_component* by = nullptr;
};

void overlooked_changes::look_into(const judged_period& period, const local_clock& clock)
{
    const auto* tariff = period.priced->tariff;
    if (!tariff || is_tired()) return;
    const auto& bounds = bounds_of(*tariff);
    if (bounds.empty()) return;
    const auto inner = find_bound_crossings(bounds, period.course, clock);
    if (inner.empty()) return;
    const auto uses = uses_of(period);
    auto own_clock = clock;
    for (const auto& one : inner) {
        ++crossings_;
        if (is_tired()) return;
        const auto at = state_at(one, period.course, own_clock);
        if (note_change(period, one, at, uses)) return;
    }
}

std::vector<overlooked_changes::priced_use> overlooked_changes::uses_of(const judged_period& period)
{
    std::vector<priced_use> uses;
    const auto add = [&](tariff_dimension dimension, phase during, const price_component* by) {
        priced_use use;
        use.dimension = dimension;
        use.during = during;
        use.by = by;
        uses.push_back(use);
    };
    for (const auto& item : period.priced->items) {
        const bool is_fee = item.component && item.component->type == tariff_dimension::flat;
        if (is_fee || item.volume.is_zero()) continue;
        switch (item.dimension) {
            case cost_dimension::energy:
                add(tariff_dimension::energy, phase::charging, item.component);
                break;
            case cost_dimension::time:
                add(tariff_dimension::time, phase::charging, item.component);
                break;
            case cost_dimension::parking_time:
                add(tariff_dimension::parking_time, phase::charging, item.component);
                break;
            case cost_dimension::reservation:
                add(tariff_dimension::time, period.of_reservation, item.component);
                break;
            case cost_dimension::flat: break;
        }
    }
    if (period.is_charging_fee_due) add(tariff_dimension::flat, phase::charging, nullptr);
    if (period.is_reservation_fee_due) {
        add(tariff_dimension::flat, period.of_reservation, nullptr);
    }
    return uses;
}

const tariff_bounds& overlooked_changes::bounds_of(const tariffs::tariff& tariff)
{
    if (last_ == &tariff) return *bounds_of_last_;
    auto found = bounds_.find(&tariff);
    if (found == bounds_.end()) found = bounds_.emplace(&tariff, find_bounds(tariff)).first;
    last_ = &tariff;
    bounds_of_last_ = &found->second;
    return found->second;
}

bool overlooked_changes::is_tired() const
{
    return crossings_ > max_crossings || checks_ > max_change_checks || noted_ > max_noted;
}

/// True when the period is priced otherwise from that moment on.
bool overlooked_changes::note_change(const judged_period& period, const bound_crossing& inner,
                                     const pricing_state& at, const std::vector<priced_use>& uses)
{
    const auto& tariff = *period.priced->tariff;
    for (const auto& use : uses) {
        const auto next = period.elements->find(use.dimension, use.during, at, checks_);
        if (is_same_price(use.by, next ? next->component : nullptr)) continue;
        if (++noted_ > max_noted) {
            notes_.add("another element becomes active in further periods, too");
        } else {
            notes_.add("in period " + std::to_string(period.number) + ' ' +
                       describe(tariff, next, use.by) + show(inner, at) +
                       ": the whole period is priced by its start");
        }
        return true;
    }
    return false;
}

}  // namespace ocpi::pricing
