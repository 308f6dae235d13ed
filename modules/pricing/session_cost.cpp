#include "modules/pricing/session_cost.hpp"

#include "modules/driver_plans/stored_metered_sessions.hpp"
#include "modules/pricing/engine.hpp"
#include "modules/pricing/session_reader.hpp"
#include "modules/sessions/session_record.hpp"

#include <algorithm>

namespace ocpi::pricing {
namespace {

using boost::asio::awaitable;

bool has_energy(const sessions::session& fields)
{
    return fields.kwh && !fields.kwh->is_zero() && !fields.kwh->is_negative();
}

/// True when tariffs price all of it: an amount for a part of a session is none for the session.
bool is_priced(const breakdown& by_tariffs, const sessions::session& fields)
{
    if (by_tariffs.tariffs.empty()) return false;
    if (by_tariffs.is_energy_missing) return false;
    if (fields.charging_periods.empty() && has_energy(fields)) return false;
    const auto& periods = by_tariffs.periods;
    return std::all_of(periods.begin(), periods.end(),
                       [](const priced_period& period) { return period.tariff != nullptr; });
}

std::optional<std::string> some(const std::string& currency)
{
    if (currency.empty()) return {};
    return currency;
}

/// After taxes where they are known.
std::optional<decimal> total_of(const breakdown& by_tariffs)
{
    const auto& known = by_tariffs.after_taxes ? by_tariffs.after_taxes : by_tariffs.before_taxes;
    if (!known) return {};
    return to_decimal(*known);
}

std::optional<decimal> total_of(const std::optional<comparison>& of_cpo)
{
    if (!of_cpo) return {};
    return of_cpo->after_taxes.value_or(of_cpo->before_taxes);
}

void show_plan(session_cost& cost)
{
    const auto& [plan, price] = *cost.by_plan;
    cost.origin = cost_origin::plan;
    cost.shown.coverage = to_string(price.coverage);
    cost.shown.currency = plan->plan.currency;
    if (price.amount) cost.shown.amount = to_decimal(*price.amount);
}

/// Without a plan: the first source that has an amount.
void show_bill(session_cost& cost, const sessions::session& fields)
{
    const bool is_invalid = fields.status == sessions::session_status::invalid;
    if (is_invalid || is_priced(cost.by_tariffs, fields)) {
        cost.origin = cost_origin::tariff;
        cost.shown.amount = total_of(cost.by_tariffs);
        cost.shown.currency = some(cost.by_tariffs.currency);
    }
    if (!cost.shown.amount) {
        cost.origin = cost_origin::total_cost;
        cost.shown.amount = total_of(cost.with_cpo);
        cost.shown.currency = fields.currency;
    }
    cost.shown.coverage = cost.shown.amount ? "billed" : "unknown";
    if (!cost.shown.amount) cost.origin = cost_origin::none;
}

}  // namespace

awaitable<result<session_cost>> session_costs::reckon(
    std::shared_ptr<const sessions::session_snapshot> session, std::optional<time_zone> of_policy,
    extent wanted)
{
    auto input = read_priced_session(*session->document, cost_input_kind::session);
    if (input.has_error()) co_return sessions::damaged_session(input.error().text());

    session_cost cost;
    auto by_plan = co_await price_by_plan(*session);
    if (by_plan.has_error()) co_return by_plan.error();
    cost.by_plan = std::move(*by_plan);
    cost.shown.estimated = is_live(session->seen);
    if (cost.by_plan) {
        show_plan(cost);
        if (wanted == extent::shown) co_return cost;
    }
    auto by_tariffs = co_await price_by_tariffs(*session, std::move(input->session), of_policy);
    if (by_tariffs.has_error()) co_return by_tariffs.error();
    cost.by_tariffs = std::move(*by_tariffs);
    cost.with_cpo = compare(cost.by_tariffs, input->stated);
    if (!cost.by_plan) show_bill(cost, session->seen.fields);
    co_return cost;
}

awaitable<result<status::shown_cost>> session_costs::cost_of(
    std::shared_ptr<const sessions::session_snapshot> session, std::optional<time_zone> of_policy)
{
    auto cost = co_await reckon(std::move(session), std::move(of_policy), extent::shown);
    if (cost.has_error()) co_return cost.error();
    co_return std::move(cost->shown);
}

awaitable<result<std::optional<cost_by_plan>>> session_costs::price_by_plan(
    const sessions::session_snapshot& session)
{
    const auto& fields = session.seen.fields;
    const auto contract = contract_of(fields);
    if (!contract) co_return std::optional<cost_by_plan>();
    const auto plan = co_await plans_->find_by_contract(*contract);
    if (plan.has_error()) co_return plan.error();
    if (!*plan) co_return std::optional<cost_by_plan>();
    auto begin = fields.start_date_time.value_or(date_time());
    if (fields.last_updated) {
        begin = std::min(begin,
                         date_time(fields.last_updated->instant() + driver_plans::max_clock_skew));
    }
    auto price = co_await ledger_->price(*plan, driver_plans::ledger_key(session.key), begin);
    if (price.has_error()) co_return price.error();
    cost_by_plan found;
    found.plan = *plan;
    // Without a price it has changed or gone since it was read.
    found.price.coverage = driver_plans::plan_coverage::unknown;
    if (*price && !session.seen.has_unfit_kwh) found.price = std::move(**price);
    co_return std::optional<cost_by_plan>(std::move(found));
}

awaitable<result<breakdown>> session_costs::price_by_tariffs(
    const sessions::session_snapshot& session, priced_session priced,
    const std::optional<time_zone>& of_policy)
{
    auto by = co_await tariffs_->find(session.seen.fields, session.profile, of_policy);
    if (by.has_error()) co_return by.error();
    priced.default_tariff_id = by->default_id;
    priced.notes.insert(priced.notes.end(), by->notes.begin(), by->notes.end());
    auto made = make_breakdown(priced, by->tariffs, by->zone);
    const bool is_nothing_known =
        made.tariffs.empty() && session.seen.fields.status != sessions::session_status::invalid;
    if (is_nothing_known) {
        made.before_taxes.reset();
        made.after_taxes.reset();
    }
    co_return made;
}

}  // namespace ocpi::pricing
