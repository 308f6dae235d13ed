#include "modules/driver_plans/stored_metered_sessions.hpp"

#include "modules/metering/energy_series.hpp"
#include "modules/sessions/session_data.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <algorithm>
#include <exception>

namespace ocpi::driver_plans {
namespace {

using boost::asio::awaitable;

constexpr auto side = crud::interface_side::sender;
/// A session may have 8 MiB.
constexpr std::uint64_t page_size = 25;

crud::record_filter filter_of(const metered_query& query)
{
    crud::record_filter filter;
    filter.contracts = contract_keys(query.contracts);
    filter.date_from = query.updated_since;
    return filter;
}

std::vector<metering_event> events_of(const sessions::session_data& seen)
{
    std::vector<metering_event> events;
    const auto& fields = seen.fields;
    if (fields.status == sessions::session_status::invalid || !fields.start_date_time)
        return events;
    const auto heard_of = fields.last_updated.value_or(*fields.start_date_time);
    const metering::energy_series energy(seen, heard_of);
    const date_time latest(heard_of.instant() + max_clock_skew);
    const auto flows = energy.even_flows();
    events.reserve(flows.size() + 1);
    rational delivered = 0;
    for (const auto& each : flows) {
        const auto end = std::min(each.end, latest);
        if (each.start > end) break;
        // One that takes no time has all there is.
        auto by_its_end = energy.delivered_at(end);
        events.emplace_back(each.start, end, by_its_end - delivered);
        delivered = std::move(by_its_end);
    }
    const bool is_cut = !flows.empty() && flows.back().end > latest;
    if (is_cut) {
        const auto all = energy.delivered_at(energy.until());
        events.emplace_back(latest, latest, all - delivered);
    }
    return events;
}

}  // namespace

std::vector<metering_event> metering_events(const std::string& json)
{
    const auto parsed = json::parse(json);
    if (parsed.has_error()) return {};
    try {
        return events_of(sessions::parse_stored(*parsed));
    } catch (const std::exception&) {
        // Numbers that cannot be reckoned with: better no price of this session than none at all.
        return {};
    }
}

std::string ledger_key(const crud::object_key& key)
{
    return key.folded();
}

awaitable<result<metered_page>> stored_metered_sessions::list(metered_query query)
{
    crud::changes_query asked;
    static_cast<crud::record_filter&>(asked) = filter_of(query);
    asked.after = query.changed_after;
    asked.limit = page_size;
    const auto page = co_await sessions_.list_changes(side, std::move(asked));
    if (page.has_error()) co_return page.error();
    metered_page listed;
    listed.is_last_page = page->is_last_page;
    listed.sessions.reserve(page->records.size());
    for (const auto& record : page->records) {
        metered_session session;
        session.key = ledger_key(record.document.key);
        session.revision = record.revision;
        session.events = metering_events(record.document.json);
        listed.sessions.push_back(std::move(session));
    }
    co_return listed;
}

awaitable<result<std::uint64_t>> stored_metered_sessions::count(metered_query query)
{
    crud::list_query asked;
    static_cast<crud::record_filter&>(asked) = filter_of(query);
    asked.limit = 1;
    const auto page = co_await sessions_.list(side, std::move(asked));
    if (page.has_error()) co_return page.error();
    co_return page->total;
}

}  // namespace ocpi::driver_plans
