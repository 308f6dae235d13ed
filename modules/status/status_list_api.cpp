#include "modules/status/status_list_api.hpp"

#include "crud/page_bound.hpp"
#include "http/csv.hpp"
#include "http/cursor_page.hpp"
#include "modules/sessions/settled_rank.hpp"
#include "modules/status/status_filter.hpp"
#include "modules/status/status_statistics.hpp"
#include "modules/status/status_table.hpp"
#include "ocpi/base/uuid.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::status {
namespace {

using store_ptr = std::shared_ptr<sessions::session_writer>;
using source_ptr = std::shared_ptr<status_source>;
using awaitable_answer = boost::asio::awaitable<http::answer>;

std::string write_cursor(const crud::search_place& place)
{
    return sessions::settled_rank(place.last_updated, place.secondary_key);
}

/// std::nullopt when it is no place in the list, be there a session or not.
std::optional<crud::search_place> read_cursor(const std::string& text)
{
    const auto slash = text.find('/');
    if (slash == std::string::npos) return std::nullopt;
    const auto instant = parse_date_time(text.substr(0, slash));
    if (!instant) return std::nullopt;
    crud::search_place place;
    place.last_updated = instant->value;
    place.secondary_key = text.substr(slash + 1);
    if (!is_uuid(place.secondary_key) || write_cursor(place) != text) return std::nullopt;
    return place;
}

/// The filter, and the page of it that the caller asks for.
result<crud::search_query> read_query(const http::call& call, const status_filter& filter,
                                      date_time now)
{
    const auto wanted = http::read_cursor_request(call);
    if (wanted.has_error()) return wanted.error();
    crud::search_query query;
    static_cast<crud::search_filter&>(query) = search_filter_of(filter, now);
    query.limit = wanted->page_size;
    if (wanted->after) {
        query.after = read_cursor(*wanted->after);
        if (!query.after) return http::bad_cursor("after");
    }
    if (wanted->before) {
        query.before = read_cursor(*wanted->before);
        if (!query.before) return http::bad_cursor("before");
    }
    return query;
}

/// Whether a session may be beyond that place, on the side where the page came from.
boost::asio::awaitable<result<bool>> may_be_beyond(const sessions::session_reader& sessions,
                                                   crud::search_query query,
                                                   crud::search_place place)
{
    const bool is_upwards = query.before.has_value();
    query.after.reset();
    query.before.reset();
    (is_upwards ? query.after : query.before) = std::move(place);
    query.limit = 1;
    const auto found = co_await sessions.search(std::move(query));
    if (found.has_error()) co_return found.error();
    co_return !found->records.empty() || !found->is_last_page;
}

crud::search_place place_of(const crud::record& record)
{
    crud::search_place place;
    place.last_updated = record.document.last_updated;
    place.secondary_key = record.document.secondary_key;
    return place;
}

awaitable_answer list_statuses(store_ptr sessions, source_ptr source, http::list_options options,
                               const http::call& call)
{
    const auto filter = read_status_filter(call);
    if (filter.has_error()) co_return filter.error();
    auto query = read_query(call, *filter, source->now());
    if (query.has_error()) co_return query.error();
    query->max_bytes = options.limits.max_bytes;
    auto turn = co_await options.turns->take(call.caller);
    if (turn.has_error()) co_return turn.error();
    const auto settled = co_await sessions->settle_overdue();
    if (settled.has_error()) co_return settled.error();
    co_await source->refresh_policies();
    auto found = co_await sessions->reader().search(*query);
    if (found.has_error()) co_return found.error();

    const bool is_upwards = query->before.has_value();
    std::optional<std::string> before;
    std::optional<std::string> after;
    auto& far = is_upwards ? before : after;
    auto& near = is_upwards ? after : before;
    if (!found->is_last_page) far = write_cursor(*found->reached);
    auto& records = found->records;
    const bool has_come_from_elsewhere = query->after || query->before;
    if (has_come_from_elsewhere && !records.empty()) {
        auto place = place_of(is_upwards ? records.back() : records.front());
        const auto cursor = write_cursor(place);
        const auto is_any = co_await may_be_beyond(sessions->reader(), *query, std::move(place));
        if (is_any.has_error()) co_return is_any.error();
        if (*is_any) near = cursor;
    }
    http::cursor_page page;
    for (auto& record : records) {
        const auto listed = co_await source->list(std::move(record));
        page.objects.push_back(write_json(listed));
    }
    page.before = std::move(before);
    page.after = std::move(after);
    auto answered = http::make_cursor_answer(std::move(page));
    answered.held = std::move(turn->until_sent);
    co_return answered;
}

awaitable_answer get_table(store_ptr sessions, source_ptr source, http::list_options options,
                           const http::call& call)
{
    const auto filter = read_status_filter(call);
    if (filter.has_error()) co_return filter.error();
    crud::search_query query;
    static_cast<crud::search_filter&>(query) = search_filter_of(*filter, source->now());
    query.limit = http::max_page_size;
    query.max_bytes = options.limits.max_bytes;
    const auto settled = co_await sessions->settle_overdue();
    if (settled.has_error()) co_return settled.error();
    auto table = std::make_shared<status_table>(std::move(sessions), std::move(source),
                                                options.turns, call.caller, std::move(query));
    const auto begun = co_await table->begin();
    if (begun.has_error()) co_return begun.error();
    co_return http::make_csv_answer(std::move(table), "sessions.csv");
}

awaitable_answer get_statistics(store_ptr sessions, source_ptr source, http::list_options options,
                                const http::call& call)
{
    const auto filter = read_status_filter(call);
    if (filter.has_error()) co_return filter.error();
    auto turn = co_await options.turns->take(call.caller);
    if (turn.has_error()) co_return turn.error();
    const auto settled = co_await sessions->settle_overdue();
    if (settled.has_error()) co_return settled.error();
    const auto made = co_await make_statistics(sessions->reader(), *source, *filter);
    if (made.has_error()) co_return made.error();
    http::answer answered;
    answered.data = write_json(*made);
    answered.held = std::move(turn->until_sent);
    co_return answered;
}

}  // namespace

void add_status_list_routes(http::router& router, const store_ptr& sessions,
                            const source_ptr& source, const http::list_options& lists)
{
    constexpr auto kind = http::interface_kind::management;
    router.add(kind, "GET", "/v1/statuses", [sessions, source, lists](const http::call& call) {
        return list_statuses(sessions, source, lists, call);
    });
    router.add(kind, "GET", "/v1/sessions.csv", [sessions, source, lists](const http::call& call) {
        return get_table(sessions, source, lists, call);
    });
    router.add(kind, "GET", "/v1/statistics", [sessions, source, lists](const http::call& call) {
        return get_statistics(sessions, source, lists, call);
    });
}

}  // namespace ocpi::status
