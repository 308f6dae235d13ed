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

std::optional<decimal> total_of(const std::optional<sessions::price>& of_cpo)
{
    if (!of_cpo) return {};
    return after_taxes(*of_cpo).value_or(of_cpo->before_taxes);
}

status::shown_cost show_plan(const cost_by_plan& by)
{
    status::shown_cost shown;
    shown.coverage = to_string(by.price.coverage);
    shown.currency = by.plan->plan.currency;
    if (by.price.amount) shown.amount = to_decimal(*by.price.amount);
    return shown;
}

/// What the CPO says that it costs, if it does.
status::shown_cost show_stated(const stated_cost& stated, const sessions::session& fields)
{
    status::shown_cost shown;
    shown.amount = total_of(stated.total);
    shown.currency = fields.currency;
    shown.coverage = shown.amount ? "billed" : "unknown";
    return shown;
}

bool is_invalid(const sessions::session& fields)
{
    return fields.status == sessions::session_status::invalid;
}

/// Without a plan: the first source that has an amount.
void show_bill(session_cost& cost, const stated_cost& stated, const sessions::session& fields)
{
    if (is_invalid(fields) || is_priced(cost.by_tariffs, fields)) {
        cost.origin = cost_origin::tariff;
        cost.shown.amount = total_of(cost.by_tariffs);
        cost.shown.currency = some(cost.by_tariffs.currency);
        cost.shown.coverage = "billed";
    }
    if (cost.shown.amount) return;
    cost.shown = show_stated(stated, fields);
    cost.origin = cost.shown.amount ? cost_origin::total_cost : cost_origin::none;
}

breakdown price_by_tariffs(priced_session priced, const session_tariffs& by,
                           const sessions::session& fields)
{
    priced.default_tariff_id = by.default_id;
    priced.notes.insert(priced.notes.end(), by.notes.begin(), by.notes.end());
    auto made = make_breakdown(priced, by.tariffs, by.zone);
    if (made.tariffs.empty() && !is_invalid(fields)) {
        made.before_taxes.reset();
        made.after_taxes.reset();
    }
    return made;
}

/// Of a session that has a document.
result<session_cost> price(const sessions::session_snapshot& session,
                           std::optional<cost_by_plan> by_plan, const session_tariffs& by_tariffs)
{
    const auto& fields = session.seen.fields;
    auto input = read_priced_session(*session.document, cost_input_kind::session);
    if (input.has_error()) return sessions::damaged_session(input.error().text());
    session_cost cost;
    cost.by_tariffs = price_by_tariffs(std::move(input->session), by_tariffs, fields);
    cost.with_cpo = compare(cost.by_tariffs, input->stated);
    if (by_plan) {
        cost.origin = cost_origin::plan;
        cost.shown = show_plan(*by_plan);
    } else {
        show_bill(cost, input->stated, fields);
    }
    cost.by_plan = std::move(by_plan);
    cost.shown.estimated = is_live(session.seen);
    return cost;
}

}  // namespace

awaitable<result<session_cost>> session_costs::reckon(
    std::shared_ptr<const sessions::session_snapshot> session, std::optional<time_zone> of_policy)
{
    auto by_plan = co_await price_by_plan(*session);
    if (by_plan.has_error()) co_return by_plan.error();
    const auto by_tariffs =
        co_await tariffs_->find(session->seen.fields, session->profile, of_policy);
    if (by_tariffs.has_error()) co_return by_tariffs.error();
    co_return price(*session, std::move(*by_plan), *by_tariffs);
}

/// Reads and reckons no more than what is shown takes.
awaitable<result<status::shown_cost>> session_costs::cost_of(
    std::shared_ptr<const sessions::session_snapshot> session, std::optional<time_zone> of_policy)
{
    const auto& fields = session->seen.fields;
    status::shown_cost shown;
    auto by_plan = co_await price_by_plan(*session);
    if (by_plan.has_error()) co_return by_plan.error();
    if (*by_plan) {
        shown = show_plan(**by_plan);
    } else {
        const auto by_tariffs = co_await tariffs_->find(fields, session->profile, of_policy);
        if (by_tariffs.has_error()) co_return by_tariffs.error();
        if (!by_tariffs->tariffs.empty() || is_invalid(fields)) {
            auto cost = price(*session, std::nullopt, *by_tariffs);
            if (cost.has_error()) co_return cost.error();
            co_return std::move(cost->shown);
        }
        const auto stated = read_stated_cost(*session->document);
        if (stated.has_error()) co_return sessions::damaged_session(stated.error().text());
        shown = show_stated(*stated, fields);
    }
    shown.estimated = is_live(session->seen);
    co_return shown;
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

}  // namespace ocpi::pricing
