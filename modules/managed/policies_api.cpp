#include "modules/managed/policies_api.hpp"

#include "http/cursor_page.hpp"
#include "http/management_access.hpp"
#include "modules/managed/override_codec.hpp"
#include "modules/managed/policy_codec.hpp"
#include "ocpi/base/uuid.hpp"
#include "ocpi/json/document.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace ocpi::managed {
namespace {

using service_ptr = std::shared_ptr<managed_session_service>;
using awaitable_answer = boost::asio::awaitable<http::answer>;

http::answer json_answer(int status, std::string data)
{
    http::answer answered;
    answered.status = status;
    answered.data = std::move(data);
    return answered;
}

/// A driver sees only its own contracts.
std::string write_for(const http::call& call, policy rule)
{
    if (!http::is_operator(call.caller)) {
        std::erase_if(rule.contract_ids, [&call](const ci_string& contract) {
            return !http::has_contract(call.caller, contract);
        });
    }
    return write_policy(rule);
}

/// The policy in the path, if the caller may see it; errc::not_found otherwise.
boost::asio::awaitable<result<policy>> find_visible(service_ptr manager, const http::call& call)
{
    auto found = co_await manager->policies().find(call.parameters[0]);
    if (found.has_error()) {
        if (found.error().code() == errc::not_found) co_return http::not_found();
        co_return found.error();
    }
    const auto& contracts = found->rule.contract_ids;
    const bool may_see =
        http::is_operator(call.caller) ||
        std::any_of(contracts.begin(), contracts.end(), [&call](const ci_string& contract) {
            return http::has_contract(call.caller, contract);
        });
    if (!may_see) co_return http::not_found();
    co_return std::move(found->rule);
}

awaitable_answer list_policies(service_ptr manager, const http::call& call)
{
    const auto wanted = http::read_cursor_request(call);
    if (wanted.has_error()) co_return wanted.error();
    const auto ids = co_await manager->policies().ids(http::visible_contracts(call.caller));
    if (ids.has_error()) co_return ids.error();
    const auto range = http::find_page(*ids, *wanted);
    if (range.has_error()) co_return range.error();
    http::cursor_page page;
    for (auto i = range->first; i < range->last; ++i) {
        auto found = co_await manager->policies().find((*ids)[i]);
        if (found.has_value()) {
            page.objects.push_back(write_for(call, std::move(found->rule)));
        } else if (found.error().code() != errc::not_found) {
            co_return found.error();
        }
    }
    http::add_cursors(page, *ids, *range);
    co_return http::make_cursor_answer(std::move(page));
}

awaitable_answer create_policy(service_ptr manager, const http::call& call)
{
    if (!http::is_operator(call.caller)) co_return http::method_not_allowed("GET, HEAD");
    const auto sent = json::parse(call.request.body);
    if (sent.has_error()) co_return sent.error();
    auto rule = read_policy(*sent, make_uuid());
    if (rule.has_error()) co_return rule.error();
    const auto created = co_await manager->create_policy(*rule);
    if (created.has_error()) co_return created.error();
    auto answered = json_answer(201, write_policy(*rule));
    answered.headers.add("Location", "/v1/policies/" + rule->id);
    co_return answered;
}

awaitable_answer get_policy(service_ptr manager, const http::call& call)
{
    auto rule = co_await find_visible(manager, call);
    if (rule.has_error()) co_return rule.error();
    co_return json_answer(200, write_for(call, std::move(*rule)));
}

/// A PUT makes a policy, too, under an id of the caller's choice, if it is a UUID.
awaitable_answer put_policy(service_ptr manager, const http::call& call)
{
    const auto before = co_await find_visible(manager, call);
    bool is_new = before.has_error() && before.error().code() == errc::not_found;
    if (before.has_error() && !is_new) co_return before.error();
    if (!http::is_operator(call.caller)) {
        if (is_new) co_return before.error();
        co_return http::method_not_allowed("GET, HEAD");
    }
    if (is_new && !is_uuid(call.parameters[0])) co_return before.error();
    const auto sent = json::parse(call.request.body);
    if (sent.has_error()) co_return sent.error();
    auto rule = read_policy(*sent, is_new ? call.parameters[0] : before->id);
    if (rule.has_error()) co_return rule.error();
    result<void> stored;
    if (is_new) {
        stored = co_await manager->create_policy(*rule);
        // Another request has made it meanwhile.
        is_new = stored.has_value() || stored.error().code() != errc::already_exists;
    }
    if (!is_new) stored = co_await manager->replace_policy(*rule);
    if (stored.has_error()) co_return stored.error();
    co_return json_answer(is_new ? 201 : 200, write_policy(*rule));
}

awaitable_answer delete_policy(service_ptr manager, const http::call& call)
{
    const auto rule = co_await find_visible(manager, call);
    if (rule.has_error()) co_return rule.error();
    if (!http::is_operator(call.caller)) co_return http::method_not_allowed("GET, HEAD");
    const auto removed = co_await manager->remove_policy(rule->id);
    if (removed.has_error()) co_return removed.error();
    co_return json_answer(204, {});
}

awaitable_answer get_current_session(service_ptr manager, const http::call& call)
{
    const auto rule = co_await find_visible(manager, call);
    if (rule.has_error()) co_return rule.error();
    auto view = co_await manager->current_session(rule->id, http::visible_contracts(call.caller));
    if (view.has_error()) co_return view.error();
    co_return json_answer(200, std::move(*view));
}

awaitable_answer put_override(service_ptr manager, const http::call& call)
{
    const auto rule = co_await find_visible(manager, call);
    if (rule.has_error()) co_return rule.error();
    const auto sent = json::parse(call.request.body);
    if (sent.has_error()) co_return sent.error();
    const auto wanted = read_override(*sent, call.now);
    if (wanted.has_error()) co_return wanted.error();
    auto counts =
        co_await manager->change_target(rule->id, *wanted, http::visible_contracts(call.caller));
    if (counts.has_error()) co_return counts.error();
    co_return json_answer(200, std::move(*counts));
}

awaitable_answer delete_override(service_ptr manager, const http::call& call)
{
    const auto rule = co_await find_visible(manager, call);
    if (rule.has_error()) co_return rule.error();
    const auto counts = co_await manager->change_target(rule->id, std::nullopt,
                                                        http::visible_contracts(call.caller));
    if (counts.has_error()) co_return counts.error();
    co_return json_answer(204, {});
}

using policy_handler = awaitable_answer (*)(service_ptr, const http::call&);

/// The session under way is none any more whose final reading has not come in time.
awaitable_answer settle_first(std::shared_ptr<sessions::session_writer> sessions,
                              service_ptr manager, policy_handler handle, const http::call& call)
{
    const auto settled = co_await sessions->settle_overdue();
    if (settled.has_error()) co_return settled.error();
    co_return co_await handle(std::move(manager), call);
}

}  // namespace

void add_policy_routes(http::router& router,
                       const std::shared_ptr<sessions::session_writer>& sessions,
                       const service_ptr& manager)
{
    const auto add = [&](const char* method, const char* path, auto handle) {
        router.add(http::interface_kind::management, method, path,
                   [manager, handle](const http::call& call) { return handle(manager, call); });
    };
    const auto add_of_session = [&](const char* method, const char* path, policy_handler handle) {
        router.add(http::interface_kind::management, method, path,
                   [sessions, manager, handle](const http::call& call) {
                       return settle_first(sessions, manager, handle, call);
                   });
    };
    add("GET", "/v1/policies", list_policies);
    add("POST", "/v1/policies", create_policy);
    add("GET", "/v1/policies/{id}", get_policy);
    add("PUT", "/v1/policies/{id}", put_policy);
    add("DELETE", "/v1/policies/{id}", delete_policy);
    add_of_session("GET", "/v1/policies/{id}/session", get_current_session);
    add_of_session("PUT", "/v1/policies/{id}/override", put_override);
    add_of_session("DELETE", "/v1/policies/{id}/override", delete_override);
}

}  // namespace ocpi::managed
