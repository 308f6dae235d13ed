#include "modules/status/status_source.hpp"

#include "modules/sessions/view_id.hpp"
#include "modules/status/status_view.hpp"

#include <utility>

namespace ocpi::status {

using boost::asio::awaitable;

status_source::status_source(std::shared_ptr<Crud> crud,
                             std::shared_ptr<managed::managed_session_service> manager,
                             std::shared_ptr<cost_source> costs, std::shared_ptr<const clock> time)
    : sessions_(std::move(crud)),
      manager_(std::move(manager)),
      costs_(std::move(costs)),
      time_(std::move(time))
{
}

awaitable<std::string> status_source::show(crud::record session)
{
    auto snapshot = co_await read(session);
    const auto viewed = co_await view(std::move(snapshot));
    co_return write_json(viewed.view);
}

awaitable<listed_status> status_source::list(crud::record session)
{
    auto snapshot = co_await read(session);
    auto viewed = co_await view(std::move(snapshot), policy_age::recent);
    std::optional<decimal> capacity;
    if (viewed.under) capacity = viewed.under->vehicle.battery_capacity_kwh;
    co_return make_listed_status(viewed.session->seen, viewed.at, std::move(viewed.view), capacity);
}

awaitable<void> status_source::refresh_policies()
{
    (void)co_await manager_->policies().refresh();
}

/// Of a record that cannot be read, the key.
awaitable<sessions::session_ptr> status_source::read(const crud::record& record)
{
    auto known = co_await manager_->snapshots().read(record);
    if (known.has_value()) co_return std::move(*known);
    auto empty = std::make_shared<sessions::session_snapshot>();
    empty->key = record.document.key;
    empty->view_id = sessions::view_id(empty->key);
    co_return std::move(empty);
}

awaitable<status_source::viewed_session> status_source::view(sessions::session_ptr session,
                                                             policy_age age)
{
    viewed_session viewed;
    shown_ids ids;
    ids.id = session->view_id;
    std::optional<time_zone> local;
    auto under = co_await manager_->policy_of(session->key, session->seen.fields, age);
    if (under.has_value() && *under) {
        ids.policy_id = (*under)->id;
        local = (*under)->timezone;
        viewed.under = std::move(*under);
    }
    std::optional<shown_cost> cost;
    if (costs_ && session->document) {
        auto known = co_await costs_->cost_of(session, local);
        if (known.has_value()) cost = std::move(*known);
    }
    viewed.at = time_->now();
    viewed.view = make_status_view(session->seen, viewed.at, std::move(ids), std::move(cost));
    viewed.session = std::move(session);
    co_return viewed;
}

awaitable<result<crud::record>> status_source::find(std::string id, contract_scope visible)
{
    co_return co_await sessions_.find_by_view_id(crud::interface_side::sender, std::move(id),
                                                 std::move(visible));
}

awaitable<result<rendered_session>> status_source::render(crud::record stored)
{
    auto session = co_await read(stored);
    rendered_session rendered;
    rendered.id = session->view_id;
    if (const auto& token = session->seen.fields.cdr_token)
        rendered.contract_id = token->contract_id;
    const auto viewed = co_await view(std::move(session));
    rendered.data = write_json(viewed.view);
    co_return rendered;
}

}  // namespace ocpi::status
