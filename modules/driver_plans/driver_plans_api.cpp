#include "modules/driver_plans/driver_plans_api.hpp"

#include "http/cursor_page.hpp"
#include "http/management_access.hpp"
#include "modules/driver_plans/driver_plan_codec.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::driver_plans {
namespace {

using store_ptr = std::shared_ptr<driver_plan_store>;
using awaitable_answer = boost::asio::awaitable<http::answer>;

bool may_read(const http::call& call, const driver_plan& plan)
{
    if (http::is_operator(call.caller)) return true;
    return std::any_of(
        plan.contract_ids.begin(), plan.contract_ids.end(),
        [&call](const ci_string& contract) { return http::has_contract(call.caller, contract); });
}

/// A driver sees only its own contracts.
std::string write_for(const http::call& call, driver_plan plan)
{
    if (!http::is_operator(call.caller)) {
        std::erase_if(plan.contract_ids, [&call](const ci_string& contract) {
            return !http::has_contract(call.caller, contract);
        });
    }
    return write_driver_plan(plan);
}

awaitable_answer list_plans(store_ptr plans, const http::call& call)
{
    const auto wanted = http::read_cursor_request(call);
    if (wanted.has_error()) co_return wanted.error();
    const auto all = co_await plans->list();
    if (all.has_error()) co_return all.error();
    std::vector<driver_plan_ptr> readable;
    std::vector<std::string> ids;
    for (const auto& each : *all) {
        if (!may_read(call, each->plan)) continue;
        readable.push_back(each);
        ids.push_back(each->plan.id);
    }
    const auto range = http::find_page(ids, *wanted);
    if (range.has_error()) co_return range.error();
    http::cursor_page page;
    for (auto i = range->first; i < range->last; ++i) {
        page.objects.push_back(write_for(call, readable[i]->plan));
    }
    http::add_cursors(page, ids, *range);
    co_return http::make_cursor_answer(std::move(page));
}

awaitable_answer get_plan(store_ptr plans, const http::call& call)
{
    const auto found = co_await plans->find(call.parameters[0]);
    if (found.has_error()) co_return found.error();
    if (!*found || !may_read(call, (*found)->plan)) co_return http::not_found();
    http::answer answered;
    answered.data = write_for(call, (*found)->plan);
    co_return answered;
}

/// The answer to a driver's attempt to change a plan.
awaitable_answer refuse_write(store_ptr plans, const http::call& call)
{
    const auto found = co_await plans->find(call.parameters[0]);
    if (found.has_error()) co_return found.error();
    if (!*found || !may_read(call, (*found)->plan)) co_return http::not_found();
    co_return http::method_not_allowed("GET, HEAD");
}

awaitable_answer put_plan(store_ptr plans, const http::call& call)
{
    if (!http::is_operator(call.caller)) co_return co_await refuse_write(plans, call);
    auto plan = read_driver_plan(call.request.body, call.parameters[0]);
    if (plan.has_error()) co_return plan.error();
    const auto done = co_await plans->put(std::move(*plan));
    if (done.has_error()) co_return done.error();
    http::answer answered;
    answered.status = done->created ? 201 : 200;
    answered.data = write_driver_plan(done->stored->plan);
    co_return answered;
}

awaitable_answer delete_plan(store_ptr plans, const http::call& call)
{
    if (!http::is_operator(call.caller)) co_return co_await refuse_write(plans, call);
    const auto removed = co_await plans->remove(call.parameters[0]);
    if (removed.has_error()) co_return removed.error();
    http::answer answered;
    answered.status = 204;
    co_return answered;
}

}  // namespace

void add_driver_plan_routes(http::router& router, store_ptr plans)
{
    const auto add = [&](const char* method, const char* path, auto handle) {
        router.add(http::interface_kind::management, method, path,
                   [plans, handle](const http::call& call) { return handle(plans, call); });
    };
    add("GET", "/v1/plans", list_plans);
    add("GET", "/v1/plans/{id}", get_plan);
    add("PUT", "/v1/plans/{id}", put_plan);
    add("DELETE", "/v1/plans/{id}", delete_plan);
}

}  // namespace ocpi::driver_plans
