#include "modules/status/status_source.hpp"

#include "modules/sessions/session_evse.hpp"
#include "modules/sessions/view_id.hpp"
#include "modules/status/status_view.hpp"

namespace ocpi::status {
namespace {

using boost::asio::awaitable;

}  // namespace

status_source::read_session::read_session(const status::found_session& stored) : key(stored.key)
{
    auto parsed = json::parse(*stored.json);
    if (parsed.has_error()) return;
    seen = sessions::parse_stored(*parsed);
    if (stored.has_settled) sessions::take_as_final(seen);
    document = std::make_shared<const json::document>(std::move(*parsed));
}

status_source::status_source(std::shared_ptr<Crud> crud,
                             std::shared_ptr<managed::managed_session_service> manager,
                             std::shared_ptr<cost_source> costs,
                             std::shared_ptr<sessions::evse_directory> evses,
                             std::shared_ptr<const clock> time)
    : sessions_(std::move(crud)),
      manager_(std::move(manager)),
      costs_(std::move(costs)),
      evses_(std::move(evses)),
      time_(std::move(time))
{
}

awaitable<std::string> status_source::show(crud::record session)
{
    read_session read(status::found_session_of(std::move(session)));
    const auto viewed = co_await view(std::move(read));
    co_return write_json(viewed.view);
}

awaitable<listed_status> status_source::list(crud::record session)
{
    read_session read(status::found_session_of(std::move(session)));
    auto viewed = co_await view(std::move(read));
    std::optional<decimal> capacity;
    if (viewed.under) capacity = viewed.under->vehicle.battery_capacity_kwh;
    co_return make_listed_status(viewed.seen, viewed.at, std::move(viewed.view), capacity);
}

awaitable<status_source::viewed_session> status_source::view(read_session session)
{
    co_await sessions::heed_max_power(evses_, session.key.owner(), session.seen);
    viewed_session viewed;
    shown_ids ids;
    ids.id = sessions::view_id(session.key);
    std::optional<time_zone> local;
    auto under = co_await manager_->policy_of(session.key, session.seen.fields);
    if (under.has_value() && *under) {
        ids.policy_id = (*under)->id;
        local = (*under)->timezone;
        viewed.under = std::move(*under);
    }
    std::optional<shown_cost> cost;
    if (costs_ && session.document) {
        auto known = co_await costs_->cost_of(session.key, session.document, local);
        if (known.has_value()) cost = std::move(*known);
    }
    viewed.at = time_->now();
    viewed.view = make_status_view(session.seen, viewed.at, std::move(ids), std::move(cost));
    viewed.seen = std::move(session.seen);
    co_return viewed;
}

awaitable<result<status::found_session>> status_source::find(std::string id, contract_scope visible)
{
    auto record = co_await sessions_.find_by_view_id(crud::interface_side::sender, std::move(id),
                                                     std::move(visible));
    if (record.has_error()) co_return record.error();
    co_return status::found_session_of(std::move(*record));
}

awaitable<result<status::rendered_session>> status_source::render(status::found_session state)
{
    read_session session(state);
    status::rendered_session rendered;
    rendered.id = sessions::view_id(state.key);
    if (const auto& token = session.seen.fields.cdr_token)
        rendered.contract_id = token->contract_id;
    const auto viewed = co_await view(std::move(session));
    rendered.data = write_json(viewed.view);
    co_return rendered;
}

}  // namespace ocpi::status
