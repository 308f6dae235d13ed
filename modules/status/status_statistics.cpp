#include "modules/status/status_statistics.hpp"

#include "modules/sessions/session_summary.hpp"
#include "ocpi/base/rational.hpp"
#include "ocpi/json/writer.hpp"

#include <utility>

namespace ocpi::status {
namespace {

using boost::asio::awaitable;

constexpr int days_of_a_week = 7;

std::string count_text(const std::optional<std::uint64_t>& count)
{
    return count ? std::to_string(*count) : "null";
}

std::string number_text(const std::optional<decimal>& number)
{
    return number ? to_text(*number) : "null";
}

session_totals add_up(const crud::totals& parts)
{
    session_totals sums;
    for (const auto& part : parts.parts) {
        sums.sessions += part.count;
        sums.kwh = sums.kwh + part.kwh;
        if (!part.cost.is_zero()) sums.costs[part.currency] = part.cost;
    }
    return sums;
}

awaitable<result<std::optional<session_totals>>> find_totals(
    const sessions::session_reader& sessions, crud::totals_query query)
{
    const auto found = co_await sessions.find_totals(std::move(query));
    if (found.has_error()) co_return found.error();
    std::optional<session_totals> sums;
    if (*found) sums = add_up(**found);
    co_return sums;
}

/// Sessions that have begun, on the day that is so many days ago or later.
crud::totals_query begun_since(const status_filter& filter, date_time now, int days_ago)
{
    crud::totals_query query;
    query.contracts = filter.contracts;
    query.by_start = true;
    for (const auto category :
         {sessions::live_sessions, sessions::awaiting_sessions, sessions::completed_sessions}) {
        crud::category_range range;
        range.category = category;
        range.from = begin_of_day(filter.zone, now, -days_ago);
        range.to = begin_of_day(filter.zone, now, 1);
        query.ranges.push_back(std::move(range));
    }
    return query;
}

crud::totals_query active(const status_filter& filter)
{
    crud::totals_query query;
    query.contracts = filter.contracts;
    query.ranges.emplace_back().category = sessions::live_sessions;
    return query;
}

/// The totals of some sessions, each of them as its row shows it.
awaitable<session_totals> add_up_rows(status_source& source, std::vector<crud::record> records)
{
    session_totals sums;
    for (auto& record : records) {
        const auto listed = co_await source.list(std::move(record));
        const auto& view = listed.view;
        ++sums.sessions;
        if (view.kwh) sums.kwh = sums.kwh + *view.kwh;
        if (!view.cost || !view.cost->amount) continue;
        auto& sum = sums.costs[view.cost->currency.value_or("")];
        sum = sum + *view.cost->amount;
    }
    co_return sums;
}

awaitable<result<void>> add_totals(const sessions::session_reader& sessions, status_source& source,
                                   crud::search_filter filter, session_statistics& into)
{
    crud::totals_query query;
    static_cast<crud::search_filter&>(query) = std::move(filter);
    query.max_records = max_priced_for_total;
    auto found = co_await sessions.find_totals(std::move(query));
    if (found.has_error()) co_return found.error();
    auto& sums = *found;
    if (!sums) {
        into.notes.emplace_back(
            "so many sessions match that they are not added up; narrow the filter");
    } else if (sums->records) {
        into.totals = co_await add_up_rows(source, std::move(*sums->records));
    } else {
        into.totals = add_up(*sums);
        into.notes.push_back("the costs of more than " + std::to_string(max_priced_for_total) +
                             " sessions are the sums of what the charge point operators state as "
                             "total_cost");
    }
    co_return result<void>();
}

std::string write_totals(const std::optional<session_totals>& totals)
{
    json::object_writer written;
    if (!totals) {
        written.raw("sessions", "null").raw("kwh", "null").raw("costs", "null");
        return written.finish();
    }
    json::array_writer costs;
    for (const auto& [currency, amount] : totals->costs) {
        json::object_writer cost;
        cost.raw("currency", currency.empty() ? "null" : json::quote(currency))
            .raw("amount", to_text(amount));
        costs.raw(cost.finish());
    }
    written.raw("sessions", std::to_string(totals->sessions))
        .raw("kwh", to_text(totals->kwh))
        .raw("costs", costs.finish());
    return written.finish();
}

/// std::nullopt without sessions.
std::optional<decimal> mean_of(const session_statistics& shown)
{
    if (!shown.kwh_last_7_days || shown.sessions_last_7_days.value_or(0) == 0) return {};
    return to_decimal(to_rational(*shown.kwh_last_7_days) / *shown.sessions_last_7_days);
}

}  // namespace

awaitable<result<session_statistics>> make_statistics(const sessions::session_reader& sessions,
                                                      status_source& source,
                                                      const status_filter& filter)
{
    const auto now = source.now();
    session_statistics made;
    const auto today = co_await find_totals(sessions, begun_since(filter, now, 0));
    if (today.has_error()) co_return today.error();
    if (*today) made.sessions_today = (*today)->sessions;
    const auto live = co_await find_totals(sessions, active(filter));
    if (live.has_error()) co_return live.error();
    if (*live) made.active_now = (*live)->sessions;
    const auto week = co_await find_totals(sessions, begun_since(filter, now, days_of_a_week - 1));
    if (week.has_error()) co_return week.error();
    if (*week) {
        made.sessions_last_7_days = (*week)->sessions;
        made.kwh_last_7_days = (*week)->kwh;
    }
    auto wanted = search_filter_of(filter, now);
    const auto added = co_await add_totals(sessions, source, std::move(wanted), made);
    if (added.has_error()) co_return added.error();
    co_return made;
}

std::string write_json(const session_statistics& shown)
{
    json::object_writer written;
    written.raw("sessionsToday", count_text(shown.sessions_today))
        .raw("activeNow", count_text(shown.active_now))
        .raw("kwhLast7Days", number_text(shown.kwh_last_7_days))
        .raw("meanKwhLast7Days", number_text(mean_of(shown)))
        .raw("totals", write_totals(shown.totals));
    if (!shown.notes.empty()) {
        json::array_writer notes;
        for (const auto& note : shown.notes) notes.raw(json::quote(note));
        written.raw("notes", notes.finish());
    }
    return written.finish();
}

}  // namespace ocpi::status
