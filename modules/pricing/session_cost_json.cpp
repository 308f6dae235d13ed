#include "modules/pricing/breakdown_json.hpp"
#include "modules/pricing/decimal_json.hpp"
#include "modules/pricing/session_cost.hpp"
#include "ocpi/json/writer.hpp"

#include <array>
#include <string_view>

namespace ocpi::pricing {
namespace {

std::string write_origin(cost_origin origin)
{
    constexpr std::array<std::string_view, 3> names{"PLAN", "TARIFF", "TOTAL_COST"};
    if (origin == cost_origin::none) return "null";
    return json::quote(names[static_cast<std::size_t>(origin)]);
}

std::string write_part(const driver_plans::plan_price_part& part,
                       const driver_plans::driver_plan& plan)
{
    const bool is_in_a_tier = part.tier < plan.tiers.size();
    std::optional<rational> amount;
    if (part.price_per_kwh) amount = part.kwh * *part.price_per_kwh;
    json::object_writer object;
    object.string("periodStart", to_string(part.period.start));
    object.string("periodEnd", to_string(part.period.end));
    object.raw("tier", is_in_a_tier ? std::to_string(part.tier) : "null");
    object.raw("upToKwh", is_in_a_tier ? write_number(plan.tiers[part.tier].up_to_kwh) : "null");
    object.raw("kwh", write_number(part.kwh));
    object.raw("pricePerKwh", write_number(part.price_per_kwh));
    object.raw("amount", write_number(amount));
    return object.finish();
}

std::string write_plan(const cost_by_plan& by)
{
    const auto& plan = by.plan->plan;
    json::array_writer parts;
    for (const auto& part : by.price.parts) parts.raw(write_part(part, plan));
    json::object_writer object;
    object.string("id", plan.id);
    object.string("currency", plan.currency);
    object.raw("amount", write_number(by.price.amount));
    object.raw("parts", parts.finish());
    return object.finish();
}

}  // namespace

std::string write_session_cost(const std::string& id, const session_cost& cost)
{
    const auto& shown = cost.shown;
    const auto& by_tariffs = cost.by_tariffs.currency;
    json::object_writer object;
    object.string("id", id);
    object.raw("amount", write_number(shown.amount));
    object.raw("currency", shown.currency ? json::quote(*shown.currency) : "null");
    object.string("coverage", shown.coverage);
    object.raw("estimated", shown.estimated ? "true" : "false");
    object.raw("origin", write_origin(cost.origin));
    object.raw("plan", cost.by_plan ? write_plan(*cost.by_plan) : "null");
    object.raw("tariff_currency", by_tariffs.empty() ? "null" : json::quote(by_tariffs));
    write_breakdown_members(object, cost.by_tariffs, cost.with_cpo);
    return object.finish();
}

}  // namespace ocpi::pricing
