#include "modules/driver_plans/driver_plan_price.hpp"

#include <map>
#include <utility>

namespace ocpi::driver_plans {
namespace {

/// Longer than any contract: a session is judged by what its CPO says of its times.
constexpr std::size_t max_periods = 1200;

/// The billing periods of the session; std::nullopt when there are too many.
std::optional<std::vector<billing_period>> periods_of(const energy_curve& session,
                                                      const time_zone& zone)
{
    std::vector<billing_period> periods;
    auto period = billing_month(session.begin(), zone);
    for (; period.start <= session.end(); period = billing_month(period.end, zone)) {
        if (periods.size() == max_periods) return {};
        periods.push_back(period);
    }
    return periods;
}

/// Cuts the energy of one billing period at the marks.
void add_parts(std::vector<plan_price_part>& parts, const driver_plan& plan,
               const energy_curve& session, const billing_period& period,
               const std::vector<tier_crossing>& marks)
{
    auto reached = session.before(period.start);
    for (std::size_t tier = 0; tier <= marks.size(); ++tier) {
        auto next =
            tier < marks.size() ? energy_below(marks[tier], session) : session.before(period.end);
        if (next > reached) {
            plan_price_part part;
            part.period = period;
            part.tier = tier;
            part.kwh = next - reached;
            if (tier < plan.tiers.size()) {
                part.price_per_kwh = to_rational(plan.tiers[tier].price_per_kwh);
            }
            parts.push_back(std::move(part));
        }
        reached = std::move(next);
    }
}

plan_price sum_up(std::vector<plan_price_part> parts)
{
    plan_price price;
    rational amount = 0;
    for (const auto& part : parts) {
        if (!part.price_per_kwh) {
            price.coverage = plan_coverage::unknown;
        } else if (*part.price_per_kwh > 0) {
            if (price.coverage == plan_coverage::included) price.coverage = plan_coverage::billed;
            amount += part.kwh * *part.price_per_kwh;
        }
    }
    if (price.coverage != plan_coverage::unknown) price.amount = std::move(amount);
    price.parts = std::move(parts);
    return price;
}

plan_price unknown_price()
{
    plan_price price;
    price.coverage = plan_coverage::unknown;
    return price;
}

}  // namespace

std::string_view to_string(plan_coverage coverage) noexcept
{
    switch (coverage) {
        case plan_coverage::included: return "included";
        case plan_coverage::billed: return "billed";
        case plan_coverage::unknown: break;
    }
    return "unknown";
}

std::vector<rational> tier_bounds(const driver_plan& plan)
{
    std::vector<rational> bounds;
    for (const auto& tier : plan.tiers) {
        if (tier.up_to_kwh) bounds.push_back(to_rational(*tier.up_to_kwh));
    }
    return bounds;
}

plan_price price_session(const driver_plan& plan, const energy_curve& session,
                         const marks_of_period& marks)
{
    std::vector<plan_price_part> parts;
    if (session.empty()) return sum_up(std::move(parts));
    const auto periods = periods_of(session, plan.timezone);
    if (!periods) return unknown_price();
    for (const auto& period : *periods) {
        if (session.before(period.start) < session.before(period.end)) {
            add_parts(parts, plan, session, period, marks(period));
        }
    }
    return sum_up(std::move(parts));
}

std::vector<plan_price> price_sessions(const driver_plan& plan,
                                       const std::vector<energy_curve>& sessions)
{
    const auto bounds = tier_bounds(plan);
    std::vector<const energy_curve*> all;
    for (const auto& session : sessions) all.push_back(&session);
    std::map<date_time, std::vector<tier_crossing>> known;
    const auto marks = [&](const billing_period& period) {
        const auto found = known.find(period.start);
        if (found != known.end()) return found->second;
        return known.emplace(period.start, find_tier_crossings(all, period, bounds)).first->second;
    };
    std::vector<plan_price> prices;
    for (const auto& session : sessions) prices.push_back(price_session(plan, session, marks));
    return prices;
}

}  // namespace ocpi::driver_plans
