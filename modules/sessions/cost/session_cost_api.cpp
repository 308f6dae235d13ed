#include "modules/sessions/cost/session_cost_api.hpp"

#include "modules/sessions/session_lookup.hpp"
#include "modules/sessions/view_id.hpp"

#include <string>
#include <utility>

namespace ocpi::sessions::cost {
namespace {

boost::asio::awaitable<http::answer> get_cost(std::shared_ptr<session_store> sessions,
                                              std::shared_ptr<managed::session_manager> manager,
                                              std::shared_ptr<session_costs> costs,
                                              const http::call& call)
{
    auto found = co_await find_visible(*sessions, call.caller, call.parameters[0]);
    if (found.has_error()) co_return found.error();
    std::optional<time_zone> of_policy;
    const auto under = co_await manager->policy_of(*found);
    if (under.has_value() && *under) of_policy = (*under)->timezone;
    const auto& stored = found->document.key;
    session_key key(stored.country_code.str(), stored.party_id.str(), stored.id.str());
    const auto id = view_id(key);
    auto json = std::make_shared<const std::string>(std::move(found->document.json));
    const auto cost = co_await costs->reckon(std::move(key), std::move(json), std::move(of_policy));
    if (cost.has_error()) co_return cost.error();
    http::answer answered;
    answered.data = write_session_cost(id, *cost);
    co_return answered;
}

}  // namespace

void add_cost_route(http::router& router, const std::shared_ptr<session_store>& sessions,
                    const std::shared_ptr<managed::session_manager>& manager,
                    const std::shared_ptr<session_costs>& costs)
{
    router.add(http::interface_kind::management, "GET", "/v1/sessions/{id}/cost",
               [sessions, manager, costs](const http::call& call) {
                   return get_cost(sessions, manager, costs, call);
               });
}

}  // namespace ocpi::sessions::cost
