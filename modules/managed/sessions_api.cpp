#include "modules/managed/sessions_api.hpp"

#include "crud/page_bound.hpp"
#include "http/csv.hpp"
#include "http/cursor_page.hpp"
#include "http/management_access.hpp"
#include "modules/sessions/session_lookup.hpp"
#include "modules/sessions/settled_rank.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/uuid.hpp"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::managed {
namespace {

using service_ptr = std::shared_ptr<managed_session_service>;
using store_ptr = std::shared_ptr<sessions::session_writer>;
using awaitable_answer = boost::asio::awaitable<http::answer>;

crud::sorted_query settled_sessions(const http::call& call)
{
    crud::sorted_query query;
    query.range = sessions::all_settled();
    query.contracts = http::visible_contracts(call.caller);
    return query;
}

/// True when it is a place in the list, be there a session or not.
bool is_cursor(const std::string& text)
{
    const auto slash = text.find('/');
    if (slash == std::string::npos) return false;
    const auto settled_at = parse_date_time(text.substr(0, slash));
    const auto id = text.substr(slash + 1);
    return settled_at && is_uuid(id) && text == sessions::settled_rank(settled_at->value, id);
}

/// True when there is a session within that range which the caller may see.
boost::asio::awaitable<result<bool>> has_any(const sessions::session_reader& sessions,
                                             const http::call& call, crud::sort_range range)
{
    auto query = settled_sessions(call);
    query.range = std::move(range);
    query.limit = 1;
    const auto page = co_await sessions.list_sorted(crud::interface_side::sender, std::move(query));
    if (page.has_error()) co_return page.error();
    co_return !page->records.empty();
}

/// The views of a page, as far as they fit into it, and the places that it reaches from and to: a
/// session without a view takes a place too.
struct shown_page {
    std::vector<std::string> views;
    std::optional<std::string> first;
    std::optional<std::string> last;
};

/// From the record next to the cursor on. A view may be longer than its session.
boost::asio::awaitable<result<shown_page>> show(managed_session_service& manager,
                                                crud::sorted_page listed,
                                                const crud::sorted_query& wanted)
{
    auto& records = listed.records;
    const bool is_upwards = wanted.range.goes_upwards();
    if (is_upwards) std::reverse(records.begin(), records.end());
    crud::byte_bound bound(wanted.max_bytes);
    shown_page shown;
    for (auto& record : records) {
        auto place = record.document.sort_key;
        auto view = co_await manager.view(std::move(record));
        if (view.has_error() && view.error().code() != errc::not_found) co_return view.error();
        if (view.has_value()) {
            if (!bound.admit(view->size())) break;
            shown.views.push_back(std::move(*view));
        }
        if (!shown.first) shown.first = place;
        shown.last = std::move(place);
    }
    if (is_upwards) {
        std::reverse(shown.views.begin(), shown.views.end());
        std::swap(shown.first, shown.last);
    }
    co_return shown;
}

awaitable_answer list_settled(store_ptr sessions, service_ptr manager, http::list_options options,
                              const http::call& call)
{
    const auto wanted = http::read_cursor_request(call);
    if (wanted.has_error()) co_return wanted.error();
    if (wanted->after && !is_cursor(*wanted->after)) co_return http::bad_cursor("after");
    if (wanted->before && !is_cursor(*wanted->before)) co_return http::bad_cursor("before");
    auto turn = co_await options.turns->take(call.caller);
    if (turn.has_error()) co_return turn.error();
    const auto settled = co_await sessions->settle_overdue();
    if (settled.has_error()) co_return settled.error();
    auto query = settled_sessions(call);
    if (wanted->after) query.range = sessions::settled_below(*wanted->after);
    if (wanted->before) query.range = sessions::settled_above(*wanted->before);
    query.limit = wanted->page_size;
    query.max_bytes = options.limits.max_bytes;
    auto listed = co_await sessions->reader().list_sorted(crud::interface_side::sender, query);
    if (listed.has_error()) co_return listed.error();
    auto shown = co_await show(*manager, std::move(*listed), query);
    if (shown.has_error()) co_return shown.error();

    http::cursor_page page;
    page.objects = std::move(shown->views);
    if (shown->first) {
        const auto newer = sessions::settled_above(*shown->first);
        const auto older = sessions::settled_below(*shown->last);
        const auto is_newer = co_await has_any(sessions->reader(), call, newer);
        if (is_newer.has_error()) co_return is_newer.error();
        const auto is_older = co_await has_any(sessions->reader(), call, older);
        if (is_older.has_error()) co_return is_older.error();
        if (*is_newer) page.before = newer.above;
        if (*is_older) page.after = older.below;
    }
    auto answered = http::make_cursor_answer(std::move(page));
    answered.held = std::move(turn->until_sent);
    co_return answered;
}

awaitable_answer get_session(store_ptr sessions, service_ptr manager, const http::call& call)
{
    auto found = co_await find_visible(*sessions, call.caller, call.parameters[0]);
    if (found.has_error()) co_return found.error();
    auto view = co_await manager->view(std::move(*found));
    if (view.has_error()) {
        if (view.error().code() == errc::not_found) co_return http::not_found();
        co_return view.error();
    }
    http::answer answered;
    answered.data = std::move(*view);
    co_return answered;
}

boost::asio::awaitable<result<session_timeline>> find_timeline(store_ptr sessions,
                                                               service_ptr manager,
                                                               const http::call& call)
{
    auto found = co_await find_visible(*sessions, call.caller, call.parameters[0]);
    if (found.has_error()) co_return found.error();
    co_return co_await manager->timeline(std::move(*found));
}

awaitable_answer get_timeline(store_ptr sessions, service_ptr manager, const http::call& call)
{
    const auto found = co_await find_timeline(std::move(sessions), std::move(manager), call);
    if (found.has_error()) co_return found.error();
    http::answer answered;
    answered.data = write_json(*found);
    co_return answered;
}

awaitable_answer get_timeline_table(store_ptr sessions, service_ptr manager, const http::call& call)
{
    const auto found = co_await find_timeline(std::move(sessions), std::move(manager), call);
    if (found.has_error()) co_return found.error();
    co_return http::make_csv_answer(write_csv(*found), found->id + ".csv");
}

}  // namespace

void add_session_routes(http::router& router, const store_ptr& sessions, const service_ptr& manager,
                        const http::list_options& lists)
{
    constexpr auto kind = http::interface_kind::management;
    router.add(kind, "GET", "/v1/sessions", [sessions, manager, lists](const http::call& call) {
        return list_settled(sessions, manager, lists, call);
    });
    router.add(kind, "GET", "/v1/sessions/{id}", [sessions, manager](const http::call& call) {
        return get_session(sessions, manager, call);
    });
    router.add(kind, "GET", "/v1/sessions/{id}/timeline",
               [sessions, manager](const http::call& call) {
                   return get_timeline(sessions, manager, call);
               });
    router.add(kind, "GET", "/v1/sessions/{id}/timeline.csv",
               [sessions, manager](const http::call& call) {
                   return get_timeline_table(sessions, manager, call);
               });
}

}  // namespace ocpi::managed
