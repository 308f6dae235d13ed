#include "modules/pricing/stated_energy.hpp"

#include "modules/sessions/charging_periods.hpp"
#include "ocpi/base/rational.hpp"

#include <algorithm>

namespace ocpi::pricing {
namespace {

decimal constant(std::string_view text)
{
    return *decimal::parse(text);
}

decimal magnitude(const decimal& number)
{
    return number.is_negative() ? decimal() - number : number;
}

bool has_unfit_volume(const sessions::charging_period& period)
{
    return std::any_of(
        period.dimensions.begin(), period.dimensions.end(),
        [](const sessions::cdr_dimension& d) { return !d.volume.fits(max_factor_places); });
}

/// The energy of all periods; std::nullopt when a volume is too large or too fine to reckon with.
std::optional<decimal> add_up_energy(const std::vector<sessions::charging_period>& periods)
{
    decimal sum;
    for (const auto& period : periods) {
        if (has_unfit_volume(period)) return {};
        if (const auto energy = sessions::energy_of(period)) sum = sum + *energy;
    }
    return sum;
}

/// Of two meters, or of figures that were rounded.
bool may_be_rounding(const decimal& kwh, const decimal& sum)
{
    static const auto share = constant("0.01");
    static const auto min = constant("0.01");
    const auto difference = magnitude(sum - kwh);
    return difference <= min || difference <= magnitude(kwh) * share;
}

bool are_watt_hours(const decimal& kwh, const decimal& sum)
{
    if (kwh.is_zero() || kwh.is_negative()) return false;
    static const auto min = constant("990");
    static const auto max = constant("1010");
    return kwh * min <= sum && sum <= kwh * max;
}

}  // namespace

bool is_energy_missing(const priced_session& session)
{
    const auto& kwh = session.kwh;
    if (!kwh || kwh->is_negative() || session.periods.empty()) return false;
    if (may_be_rounding(*kwh, decimal())) return false;
    return std::none_of(session.periods.begin(), session.periods.end(),
                        [](const sessions::charging_period& period) {
                            if (has_unfit_volume(period)) return true;
                            const auto energy = energy_of(period);
                            return energy && !energy->is_zero();
                        });
}

std::optional<std::string> energy_note(const priced_session& session, std::string_view name)
{
    if (!session.kwh) return {};
    const auto& kwh = *session.kwh;
    if (session.periods.empty()) {
        if (kwh.is_zero() || kwh.is_negative()) return {};
        return "no charging periods were sent: what is not sent is not billed";
    }
    const auto sum = add_up_energy(session.periods);
    if (!sum || may_be_rounding(kwh, *sum)) return {};
    if (are_watt_hours(kwh, *sum)) {
        return "the ENERGY volumes add up to 1000 times kwh: they look like Wh, and are priced as "
               "kWh (" +
               std::string(name) + " is " + to_text(kwh) + ", the charging periods have " +
               to_text(*sum) + ")";
    }
    return std::string(name) + " is " + to_text(kwh) + ", the ENERGY of the charging periods " +
           to_text(*sum) + " kWh: what the periods say is billed";
}

}  // namespace ocpi::pricing
