#include "modules/pricing/tariff_energy_prices.hpp"

#include "modules/pricing/active_component.hpp"
#include "modules/pricing/taxes.hpp"

#include <utility>

namespace ocpi::pricing {
namespace {

/// What the price of a slot depends on besides its start.
struct known_state {
    tariffs::tariff_ptr tariff;
    element_index elements;
    time_zone zone;
    std::optional<date_time> start;
    decimal kwh;

    explicit known_state(tariffs::tariff_ptr by) : tariff(std::move(by)), elements(*tariff) {}
};

rational price_at(const known_state& known, date_time slot_start)
{
    pricing_state at;
    at.local = known.zone.local(slot_start);
    at.elapsed = slot_start.instant() - known.start.value_or(slot_start).instant();
    at.kwh = known.kwh;
    std::size_t checks = 0;
    const auto active =
        known.elements.find(tariffs::tariff_dimension::energy, phase::charging, at, checks);
    if (!active) return 0;
    const auto price = to_rational(active->component->price);
    return before_taxes(price, *known.tariff, *active->component).value_or(price);
}

}  // namespace

boost::asio::awaitable<result<managed::price_curve>> tariff_energy_prices::prices_for(
    sessions::session of, sessions::profile_type profile, time_zone local)
{
    auto found = co_await tariffs_->find_current(of, profile, local);
    if (found.has_error()) co_return found.error();
    if (found->tariffs.empty()) co_return managed::flat_prices();
    known_state known(std::move(found->tariffs.front()));
    known.zone = found->zone;
    known.start = of.start_date_time;
    if (of.kwh && !of.kwh->is_negative()) known.kwh = *of.kwh;
    managed::price_curve curve = [known = std::move(known)](date_time slot_start) {
        return price_at(known, slot_start);
    };
    co_return curve;
}

}  // namespace ocpi::pricing
