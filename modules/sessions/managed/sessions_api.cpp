#include "modules/sessions/managed/sessions_api.hpp"

#include "modules/sessions/session_lookup.hpp"
#include "modules/sessions/view_id.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/uuid.hpp"
#include "ocpi/http/cursor_page.hpp"
#include "ocpi/http/management_access.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <string>
#include <utility>

namespace ocpi::sessions::managed {
namespace {

using manager_ptr = std::shared_ptr<session_manager>;
using store_ptr = std::shared_ptr<session_store>;
using awaitable_answer = boost::asio::awaitable<http::answer>;
constexpr auto side = crud::interface_side::sender;

crud::list_query settled_sessions(const http::call& call)
{
    crud::list_query query;
    query.ranked.emplace();
    if (!http::is_operator(call.caller)) query.contracts = contract_keys(call.caller.contracts);
    return query;
}

/// True when it is a place in the list, be there a session or not.
bool is_cursor(const std::string& text)
{
    const auto slash = text.find('/');
    if (slash == std::string::npos) return false;
    const auto settled_at = parse_date_time(text.substr(0, slash));
    const auto id = text.substr(slash + 1);
    return settled_at && is_uuid(id) && text == settled_rank(settled_at->value, id);
}

/// True when there is a session within that range which the caller may see.
boost::asio::awaitable<result<bool>> has_any(session_store& sessions, const http::call& call,
                                             crud::rank_range range)
{
    auto query = settled_sessions(call);
    query.ranked = std::move(range);
    query.limit = 1;
    const auto page = co_await sessions.list(side, std::move(query));
    if (page.has_error()) co_return page.error();
    co_return !page->records.empty();
}

awaitable_answer list_settled(store_ptr sessions, manager_ptr manager, const http::call& call)
{
    const auto wanted = http::read_cursor_request(call);
    if (wanted.has_error()) co_return wanted.error();
    if (wanted->after && !is_cursor(*wanted->after)) co_return http::bad_cursor("after");
    if (wanted->before && !is_cursor(*wanted->before)) co_return http::bad_cursor("before");
    auto query = settled_sessions(call);
    query.ranked->below = wanted->after;
    query.ranked->above = wanted->before;
    query.limit = wanted->page_size;
    const auto listed = co_await sessions->list(side, std::move(query));
    if (listed.has_error()) co_return listed.error();

    http::cursor_page page;
    for (const auto& record : listed->records) {
        auto view = co_await manager->view(record);
        if (view.has_value()) {
            page.objects.push_back(std::move(*view));
        } else if (view.error().code() != errc::not_found) {
            co_return view.error();
        }
    }
    if (listed->records.empty()) co_return http::make_cursor_answer(page);
    crud::rank_range newer;
    newer.above = listed->records.front().document.rank;
    crud::rank_range older;
    older.below = listed->records.back().document.rank;
    const auto is_newer = co_await has_any(*sessions, call, newer);
    if (is_newer.has_error()) co_return is_newer.error();
    const auto is_older = co_await has_any(*sessions, call, older);
    if (is_older.has_error()) co_return is_older.error();
    if (*is_newer) page.before = newer.above;
    if (*is_older) page.after = older.below;
    co_return http::make_cursor_answer(page);
}

awaitable_answer get_session(store_ptr sessions, manager_ptr manager, const http::call& call)
{
    auto found = co_await find_visible(*sessions, call.caller, call.parameters[0]);
    if (found.has_error()) co_return found.error();
    auto view = co_await manager->view(std::move(*found));
    if (view.has_error()) {
        if (view.error().code() == errc::not_found) co_return http::nothing_there();
        co_return view.error();
    }
    http::answer answered;
    answered.data = std::move(*view);
    co_return answered;
}

}  // namespace

void add_session_routes(http::router& router, const store_ptr& sessions, const manager_ptr& manager)
{
    constexpr auto kind = http::interface_kind::management;
    router.add(kind, "GET", "/v1/sessions", [sessions, manager](const http::call& call) {
        return list_settled(sessions, manager, call);
    });
    router.add(kind, "GET", "/v1/sessions/{id}", [sessions, manager](const http::call& call) {
        return get_session(sessions, manager, call);
    });
}

}  // namespace ocpi::sessions::managed
