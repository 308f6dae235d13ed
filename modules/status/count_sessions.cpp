#include "modules/status/count_sessions.hpp"

#include "modules/status/status_filter.hpp"
#include "modules/status/status_view.hpp"

#include <chrono>
#include <optional>
#include <utility>

namespace ocpi::status {
namespace {

using boost::asio::awaitable;

std::uint64_t sum_of(const crud::totals& parts)
{
    std::uint64_t sum = 0;
    for (const auto& part : parts.parts) sum += part.count;
    return sum;
}

awaitable<result<std::optional<std::uint64_t>>> count(const sessions::session_reader& sessions,
                                                      status_filter filter, date_time now)
{
    crud::totals_query query;
    static_cast<crud::search_filter&>(query) = search_filter_of(filter, now);
    const auto found = co_await sessions.find_totals(std::move(query));
    if (found.has_error()) co_return found.error();
    std::optional<std::uint64_t> sum;
    if (*found) sum = sum_of(**found);
    co_return sum;
}

}  // namespace

awaitable<result<session_counts>> count_sessions(const sessions::session_reader& sessions,
                                                 date_time now)
{
    session_counts counts;
    status_filter live;
    live.state = listed_state::live;
    const auto all_live = co_await count(sessions, std::move(live), now);
    if (all_live.has_error()) co_return all_live.error();
    counts.live = *all_live;
    status_filter silent;
    silent.state = listed_state::attention;
    // Awaiting sessions need attention at once, but are not stale before they have been silent.
    silent.to = date_time(now.instant() - stale_after + std::chrono::milliseconds(1));
    const auto all_stale = co_await count(sessions, std::move(silent), now);
    if (all_stale.has_error()) co_return all_stale.error();
    counts.stale = *all_stale;
    co_return counts;
}

}  // namespace ocpi::status
