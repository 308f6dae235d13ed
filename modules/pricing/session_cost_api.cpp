#include "modules/pricing/session_cost_api.hpp"

#include "modules/sessions/session_lookup.hpp"

#include <string>
#include <utility>

namespace ocpi::pricing {
namespace {

boost::asio::awaitable<http::answer> get_cost(
    std::shared_ptr<sessions::session_writer> sessions,
    std::shared_ptr<managed::managed_session_service> manager, std::shared_ptr<session_costs> costs,
    const http::call& call)
{
    auto found = co_await sessions::find_visible(*sessions, call.caller, call.parameters[0]);
    if (found.has_error()) co_return found.error();
    const auto read = co_await manager->snapshots().read(*found);
    if (read.has_error()) co_return read.error();
    const auto& session = *read;
    std::optional<time_zone> of_policy;
    const auto under = co_await manager->policy_of(session->key, session->seen.fields);
    if (under.has_value() && *under) of_policy = (*under)->timezone;
    const auto cost = co_await costs->reckon(session, std::move(of_policy));
    if (cost.has_error()) co_return cost.error();
    http::answer answered;
    answered.data = write_session_cost(session->view_id, *cost);
    co_return answered;
}

}  // namespace

void add_cost_route(http::router& router, const std::shared_ptr<sessions::session_writer>& sessions,
                    const std::shared_ptr<managed::managed_session_service>& manager,
                    const std::shared_ptr<session_costs>& costs)
{
    router.add(http::interface_kind::management, "GET", "/v1/sessions/{id}/cost",
               [sessions, manager, costs](const http::call& call) {
                   return get_cost(sessions, manager, costs, call);
               });
}

}  // namespace ocpi::pricing
