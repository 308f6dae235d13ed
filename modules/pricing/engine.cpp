#include "modules/pricing/engine.hpp"

#include "modules/pricing/active_component.hpp"
#include "modules/pricing/component_total.hpp"
#include "modules/pricing/local_clock.hpp"
#include "modules/pricing/note_list.hpp"
#include "modules/pricing/overlooked_changes.hpp"
#include "modules/pricing/prepared_period.hpp"
#include "modules/pricing/stated_energy.hpp"
#include "modules/pricing/steps.hpp"
#include "modules/pricing/tariff_choice.hpp"
#include "modules/pricing/totals.hpp"

#include <algorithm>
#include <map>
#include <utility>

namespace ocpi::pricing {
namespace {

using tariffs::tariff_dimension;

/// A session of thousands of periods by a tariff of a hundred elements takes fewer.
constexpr std::size_t max_tariff_checks = 5'000'000;

/// Goes through the periods of a session and finds the component for everything in them.
class walk {
public:
    walk(const priced_session& session, std::vector<prepared_period> periods, const time_zone& zone,
         note_list& notes)
        : session_(session),
          periods_(std::move(periods)),
          clock_(zone),
          notes_(notes),
          changes_(notes),
          is_expired_(is_expired(session, periods_)),
          is_energy_missing_(is_energy_missing(session))
    {
        if (!periods_.empty()) start_ = session.start.value_or(periods_.front().start);
        note_start();
    }

    std::vector<priced_period> run()
    {
        std::vector<priced_period> priced;
        priced.reserve(periods_.size());
        for (std::size_t i = 0; i < periods_.size(); ++i) price(i, priced.emplace_back());
        return priced;
    }

    /// Energy that no period reports would have had a price in one of them.
    bool lacks_priced_energy() const { return lacks_priced_energy_; }

private:
    void note_start()
    {
        if (!session_.start && !periods_.empty()) {
            notes_.add("the session's start is unknown: its first period's counts");
        } else if (periods_.empty()) {
            notes_.add("the session has neither a start nor periods: nothing is priced");
        }
    }

    void set_moment(std::size_t index)
    {
        auto& period = periods_[index];
        const bool is_last = index + 1 == periods_.size();
        const auto end = is_last ? session_.end : periods_[index + 1].start;
        now_.local = clock_.show(period.start);
        now_.elapsed = period.start.instant() - start_.instant();
        now_.current = std::move(period.reading.current);
        now_.power = std::move(period.reading.power);
        now_.period_kwh = period.reading.energy;
        now_.period_length = std::chrono::milliseconds(0);
        if (end && *end > period.start) {
            now_.period_length = end->instant() - period.start.instant();
        }
    }

    /// Where its end is unknown, the sum of the times that it states.
    std::chrono::milliseconds length_of(const prepared_period& period) const
    {
        if (now_.period_length.count() > 0 || session_.end) return now_.period_length;
        return &period == &periods_.back() ? stated_length(period.reading) : now_.period_length;
    }

    void look_for_changes(std::size_t index, const priced_period& priced)
    {
        const auto& period = periods_[index];
        if (!period.sent) return;
        judged_period judged;
        judged.number = index + 1;
        judged.priced = &priced;
        judged.elements = priced.tariff ? &elements_of(*priced.tariff) : nullptr;
        judged.course.start = period.start;
        judged.course.length = length_of(period);
        judged.course.at_start = &now_;
        judged.of_reservation = phase_of_reservation();
        judged.is_charging_fee_due = !has_charging_fee_ && is_charging(period.reading);
        judged.is_reservation_fee_due = !has_reservation_fee_ && is_reservation(period.reading);
        changes_.look_into(judged, clock_);
    }

    void look_for_energy(const priced_period& priced, const period_reading& reading)
    {
        if (!is_energy_missing_ || lacks_priced_energy_ || !priced.tariff) return;
        lacks_priced_energy_ =
            is_charging(reading) && may_price_energy(*priced.tariff, now_, checks_);
    }

    phase phase_of_reservation() const
    {
        return is_expired_ ? phase::expired_reservation : phase::reservation;
    }

    void price(std::size_t index, priced_period& priced)
    {
        const auto& period = periods_[index];
        const auto& reading = period.reading;
        set_moment(index);
        priced.start = period.start;
        priced.tariff = reading.is_reckonable ? affordable(period.tariff) : nullptr;
        if (period.sent) priced.tariff_id = period.sent->tariff_id;
        priced.items.reserve(4);
        price_reservation(priced, reading);
        if (is_charging(reading)) {
            add_fee(priced, cost_dimension::flat, phase::charging, has_charging_fee_);
        }
        add_volume(priced, cost_dimension::energy, tariff_dimension::energy, reading.energy);
        add_volume(priced, cost_dimension::time, tariff_dimension::time, reading.time,
                   reading.time_slack);
        add_volume(priced, cost_dimension::parking_time, tariff_dimension::parking_time,
                   reading.parking_time, reading.parking_slack);
        look_for_changes(index, priced);
        look_for_energy(priced, reading);
        if (reading.energy) now_.kwh = now_.kwh + *reading.energy;
    }

    /// The tariff, unless so much has been searched that one has to stop.
    const tariffs::tariff* affordable(const tariffs::tariff* tariff)
    {
        if (!tariff || checks_ <= max_tariff_checks) return tariff;
        notes_.add(
            "there are too many periods and tariff elements: the last periods are not priced");
        return nullptr;
    }

    bool is_reservation(const period_reading& reading) const
    {
        if (session_.status == sessions::session_status::reservation || reading.has_reservation()) {
            return true;
        }
        return reading.reservation_time && !reading.energy && !reading.time &&
               !reading.parking_time;
    }

    bool is_charging(const period_reading& reading) const
    {
        return !is_expired_ && (reading.has_charging() || !is_reservation(reading));
    }

    void price_reservation(priced_period& priced, const period_reading& reading)
    {
        const auto during = phase_of_reservation();
        if (is_reservation(reading)) {
            add_fee(priced, cost_dimension::reservation, during, has_reservation_fee_);
        }
        if (!reading.reservation_time) return;
        add(priced, cost_dimension::reservation, *reading.reservation_time,
            find(priced, tariff_dimension::time, during, *reading.reservation_time),
            reading.reservation_slack);
    }

    /// A FLAT, the first that becomes active in its phase.
    void add_fee(priced_period& priced, cost_dimension dimension, phase during, bool& is_charged)
    {
        static const decimal once = *decimal::parse("1");
        if (is_charged) return;
        const auto found = find(priced, tariff_dimension::flat, during, once);
        if (!found) return;
        is_charged = true;
        add(priced, dimension, once, found);
    }

    void add_volume(priced_period& priced, cost_dimension dimension, tariff_dimension priced_as,
                    const std::optional<decimal>& volume, const rounding_slack& slack = {})
    {
        if (!volume) return;
        add(priced, dimension, *volume, find(priced, priced_as, phase::charging, *volume), slack);
    }

    std::optional<active_component> find(const priced_period& priced, tariff_dimension dimension,
                                         phase during, const decimal& volume)
    {
        if (!priced.tariff || volume.is_zero()) return {};
        const auto found = elements_of(*priced.tariff).find(dimension, during, now_, checks_);
        if (found && found->is_assumed) {
            notes_.add("element " + std::to_string(found->element) + " of tariff " +
                       priced.tariff->id.str() +
                       " is restricted by a current or a power that was not sent: it is taken to "
                       "apply");
        }
        return found;
    }

    const element_index& elements_of(const tariffs::tariff& tariff)
    {
        if (last_tariff_ == &tariff) return *last_elements_;
        last_tariff_ = &tariff;
        last_elements_ = &elements_.try_emplace(&tariff, tariff).first->second;
        return *last_elements_;
    }

    static void add(priced_period& priced, cost_dimension dimension, const decimal& volume,
                    const std::optional<active_component>& by, const rounding_slack& slack = {})
    {
        auto& added = priced.items.emplace_back();
        added.dimension = dimension;
        added.volume = volume;
        added.slack = slack;
        if (by) {
            added.component = by->component;
            added.element = by->element;
        }
    }

    const priced_session& session_;
    std::vector<prepared_period> periods_;
    local_clock clock_;
    note_list& notes_;
    overlooked_changes changes_;
    date_time start_;
    pricing_state now_;
    std::size_t checks_ = 0;
    std::map<const tariffs::tariff*, element_index> elements_;
    const tariffs::tariff* last_tariff_ = nullptr;
    const element_index* last_elements_ = nullptr;
    bool is_expired_ = false;
    bool is_energy_missing_ = false;
    bool lacks_priced_energy_ = false;
    bool has_charging_fee_ = false;
    bool has_reservation_fee_ = false;
};

}  // namespace

breakdown make_breakdown(const priced_session& session,
                         std::span<const tariffs::tariff_ptr> tariffs, const time_zone& zone)
{
    note_list notes;
    for (const auto& note : session.notes) notes.add(note);
    auto choice = choose_tariffs(session, tariffs, notes);
    auto periods = prepare(session, choice, notes);
    const bool is_reckonable = !choice.has_unreckonable_prices && are_reckonable(periods);
    breakdown priced;
    priced.currency = std::move(choice.currency);
    priced.tariffs = std::move(choice.used);
    walk through(session, std::move(periods), zone, notes);
    priced.periods = through.run();
    priced.is_energy_missing = through.lacks_priced_energy();
    if (priced.is_energy_missing) {
        notes.add(
            "energy has a price, and no charging period tells any: what all of it costs is "
            "not known");
    }
    auto totals = collect_totals(priced.periods);
    apply_steps(priced.periods, totals, notes);
    add_up(priced, totals, notes);
    if (!is_reckonable) {
        priced.before_taxes.reset();
        priced.after_taxes.reset();
        priced.before_limits.reset();
        priced.taxes.clear();
    }
    priced.notes = notes.take();
    return priced;
}

}  // namespace ocpi::pricing
