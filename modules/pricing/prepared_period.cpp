#include "modules/pricing/prepared_period.hpp"

#include <algorithm>
#include <utility>

namespace ocpi::pricing {

std::vector<prepared_period> prepare(const priced_session& session, const tariff_choice& choice,
                                     note_list& notes)
{
    std::vector<prepared_period> prepared;
    prepared.reserve(session.periods.size());
    for (std::size_t i = 0; i < session.periods.size(); ++i) {
        auto& period = prepared.emplace_back();
        period.sent = &session.periods[i];
        period.tariff = choice.of_periods[i];
        period.start = period.sent->start_date_time;
        read_period(*period.sent, notes, period.reading);
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

bool is_expired(const priced_session& session, const std::vector<prepared_period>& periods)
{
    const auto any = [&periods](bool (period_reading::*says)() const) {
        return std::any_of(periods.begin(), periods.end(), [says](const prepared_period& period) {
            return (period.reading.*says)();
        });
    };
    return session.status == sessions::session_status::completed &&
           any(&period_reading::has_reservation) && !any(&period_reading::has_charging);
}

bool are_reckonable(const std::vector<prepared_period>& periods)
{
    return std::all_of(periods.begin(), periods.end(),
                       [](const prepared_period& period) { return period.reading.is_reckonable; });
}

}  // namespace ocpi::pricing
