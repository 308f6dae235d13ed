#include "modules/sessions/cost/engine.hpp"

#include "modules/sessions/cost/active_component.hpp"
#include "modules/sessions/cost/component_total.hpp"
#include "modules/sessions/cost/local_clock.hpp"
#include "modules/sessions/cost/note_list.hpp"
#include "modules/sessions/cost/period_reading.hpp"
#include "modules/sessions/cost/steps.hpp"
#include "modules/sessions/cost/tariff_choice.hpp"
#include "modules/sessions/cost/totals.hpp"

#include <algorithm>
#include <utility>

namespace ocpi::sessions::cost {
namespace {

using tariffs::tariff_dimension;

/// A session of thousands of periods by a tariff of a hundred elements takes fewer.
constexpr std::size_t most_checks = 5'000'000;

/// A period with all that its price depends on, in order of time.
struct prepared_period {
    const charging_period* sent = nullptr;
    const tariffs::tariff* tariff = nullptr;
    date_time start;
    period_reading reading;
};

std::vector<prepared_period> prepare(const priced_session& session, const tariff_choice& choice,
                                     note_list& notes)
{
    std::vector<prepared_period> prepared;
    prepared.reserve(session.periods.size());
    for (std::size_t i = 0; i < session.periods.size(); ++i) {
        prepared_period period;
        period.sent = &session.periods[i];
        period.tariff = choice.of_periods[i];
        period.start = period.sent->start_date_time;
        period.reading = read_period(*period.sent, notes);
        prepared.push_back(std::move(period));
    }
    const auto by_start = [](const prepared_period& a, const prepared_period& b) {
        return a.start < b.start;
    };
    if (!std::is_sorted(prepared.begin(), prepared.end(), by_start)) {
        notes.add("the periods were not in order of time: they have been sorted");
        std::stable_sort(prepared.begin(), prepared.end(), by_start);
    }
    // Whatever is due at once is due before the first period has come.
    if (prepared.empty() && session.start) {
        prepared_period period;
        period.tariff = choice.of_session.get();
        period.start = *session.start;
        prepared.push_back(std::move(period));
    }
    return prepared;
}

/// Reserved and never used.
bool is_expired(const priced_session& session, const std::vector<prepared_period>& periods)
{
    const auto any = [&periods](bool (period_reading::*says)() const) {
        return std::any_of(periods.begin(), periods.end(), [says](const prepared_period& period) {
            return (period.reading.*says)();
        });
    };
    return session.status == session_status::completed && any(&period_reading::has_reservation) &&
           !any(&period_reading::has_charging);
}

/// All volumes that a price depends on can be reckoned with.
bool are_reckonable(const std::vector<prepared_period>& periods)
{
    return std::all_of(periods.begin(), periods.end(), [](const prepared_period& period) {
        return period.reading.is_reckonable;
    });
}

/// Goes through the periods of a session and finds the component for everything in them.
class walk {
public:
    walk(const priced_session& session, std::vector<prepared_period> periods, const time_zone& zone,
         note_list& notes)
        : session_(session), periods_(std::move(periods)), clock_(zone), notes_(notes)
    {
        is_expired_ = is_expired(session, periods_);
        if (!periods_.empty()) start_ = session.start.value_or(periods_.front().start);
        note_start();
    }

    std::vector<priced_period> run()
    {
        std::vector<priced_period> priced;
        priced.reserve(periods_.size());
        for (std::size_t i = 0; i < periods_.size(); ++i) priced.push_back(price(i));
        return priced;
    }

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
        now_.shown = clock_.show(period.start);
        now_.elapsed = period.start.instant() - start_.instant();
        now_.current = std::move(period.reading.current);
        now_.power = std::move(period.reading.power);
        now_.period_kwh = period.reading.energy;
        now_.period_length = std::chrono::milliseconds(0);
        if (end && *end > period.start) {
            now_.period_length = end->instant() - period.start.instant();
        }
    }

    priced_period price(std::size_t index)
    {
        const auto& period = periods_[index];
        const auto& reading = period.reading;
        set_moment(index);
        priced_period priced;
        priced.start = period.start;
        priced.tariff = reading.is_reckonable ? affordable(period.tariff) : nullptr;
        if (period.sent) priced.tariff_id = period.sent->tariff_id;
        priced.items.reserve(4);
        price_reservation(priced, reading);
        if (is_charging(reading)) {
            add_fee(priced, cost_dimension::flat, phase::charging, has_charging_fee_);
        }
        add_volume(priced, cost_dimension::energy, tariff_dimension::energy, reading.energy);
        add_volume(priced, cost_dimension::time, tariff_dimension::time, reading.time);
        add_volume(priced, cost_dimension::parking_time, tariff_dimension::parking_time,
                   reading.parking_time);
        if (reading.energy) now_.kwh = now_.kwh + *reading.energy;
        return priced;
    }

    /// The tariff, unless so much has been searched that one has to stop.
    const tariffs::tariff* affordable(const tariffs::tariff* tariff)
    {
        if (!tariff || checks_ <= most_checks) return tariff;
        notes_.add(
            "there are too many periods and tariff elements: the last periods are not priced");
        return nullptr;
    }

    bool is_reservation(const period_reading& reading) const
    {
        if (session_.status == session_status::reservation || reading.has_reservation()) {
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
        const auto during = is_expired_ ? phase::expired_reservation : phase::reservation;
        if (is_reservation(reading)) {
            add_fee(priced, cost_dimension::reservation, during, has_reservation_fee_);
        }
        if (!reading.reservation_time) return;
        add(priced, cost_dimension::reservation, *reading.reservation_time,
            find(priced, tariff_dimension::time, during, *reading.reservation_time));
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
                    const std::optional<decimal>& volume)
    {
        if (!volume) return;
        add(priced, dimension, *volume, find(priced, priced_as, phase::charging, *volume));
    }

    std::optional<active_component> find(const priced_period& priced, tariff_dimension dimension,
                                         phase during, const decimal& volume)
    {
        if (!priced.tariff || volume.is_zero()) return {};
        const auto found = find_component(*priced.tariff, dimension, during, now_, checks_);
        if (found && found->is_assumed) {
            notes_.add("element " + std::to_string(found->element) + " of tariff " +
                       priced.tariff->id.str() +
                       " is restricted by a current or a power that was not sent: it is taken to "
                       "apply");
        }
        return found;
    }

    static void add(priced_period& priced, cost_dimension dimension, const decimal& volume,
                    const std::optional<active_component>& by)
    {
        billed_item added;
        added.dimension = dimension;
        added.volume = volume;
        if (by) {
            added.component = by->component;
            added.element = by->element;
        }
        priced.items.push_back(std::move(added));
    }

    const priced_session& session_;
    std::vector<prepared_period> periods_;
    local_clock clock_;
    note_list& notes_;
    date_time start_;
    moment now_;
    std::size_t checks_ = 0;
    bool is_expired_ = false;
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
    priced.periods = walk(session, std::move(periods), zone, notes).run();
    auto totals = collect_totals(priced.periods);
    apply_steps(priced.periods, totals);
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

}  // namespace ocpi::sessions::cost
