#include "modules/managed/managed_session_service.hpp"

#include "modules/managed/view.hpp"

#include <exception>
#include <utility>

namespace ocpi::managed {

using boost::asio::awaitable;

managed_session_service::managed_session_service(service_dependencies dependencies)
    : time_(std::move(dependencies.time)),
      reader_(dependencies.crud, std::move(dependencies.prices), std::move(dependencies.evses),
              std::move(dependencies.own_cpo_parties)),
      events_(std::move(dependencies.crud), time_, reader_,
              [this](const crud::object_key& key) { scheduler_.send_preferences(key); }),
      sender_(std::move(dependencies.forwarder), time_, reader_, events_),
      scheduler_(events_, reader_, sender_, time_, std::move(dependencies.log))
{
}

void managed_session_service::start(boost::asio::any_io_executor executor)
{
    scheduler_.start(std::move(executor), shared_from_this());
}

void managed_session_service::on_change(const sessions::session_change& change) noexcept
{
    try {
        if (events_.post(change)) scheduler_.changes_posted();
    } catch (const std::exception&) {
        // The next read of the session detects the change by its revision.
    }
}

void managed_session_service::on_foreign_change(const sessions::foreign_change& change) noexcept
{
    try {
        if (events_.post_foreign(change)) scheduler_.changes_posted();
    } catch (const std::exception&) {
        // The next read of the session detects the change by its revision.
    }
}

bool managed_session_service::wants_foreign_changes() const noexcept
{
    return scheduler_.is_running() && events_.policies().has_policies();
}

void managed_session_service::on_price_change(const party& owner) noexcept
{
    try {
        events_.post_prices(owner);
        scheduler_.prices_posted();
    } catch (const std::exception&) {
        // At the next quarter-hour all plans are made with the prices in force then.
    }
}

awaitable<result<void>> managed_session_service::create_policy(policy rule)
{
    stored_policy created;
    created.rule = std::move(rule);
    const auto saved = co_await policies().save(created);
    if (saved.has_error()) co_return saved.error();
    co_return co_await events_.adopt_latest(created.rule.contract_ids);
}

awaitable<result<void>> managed_session_service::replace_policy(policy rule)
{
    const auto drained = co_await events_.drain(rule.id);
    if (drained.has_error()) co_return drained.error();
    rule_replaced replaced;
    replaced.rule = rule;
    const event replacing = std::move(replaced);
    const auto state = co_await events_.apply_to_policy(rule.id, replacing, time_->now());
    if (state.has_error()) co_return state.error();
    co_return co_await events_.adopt_latest(std::move(rule.contract_ids));
}

awaitable<result<void>> managed_session_service::remove_policy(std::string id)
{
    const auto found = co_await policies().find(id);
    if (found.has_error()) co_return found.error();
    const auto drained = co_await events_.drain(found->rule.id);
    if (drained.has_error()) co_return drained.error();
    co_return co_await events_.remove_policy(found->rule.id);
}

awaitable<result<std::string>> managed_session_service::change_target(std::string policy_id,
                                                                      std::optional<target> wanted,
                                                                      contract_scope visible)
{
    const auto found = co_await policies().find(policy_id);
    if (found.has_error()) co_return found.error();
    const auto drained = co_await events_.drain(found->rule.id);
    if (drained.has_error()) co_return drained.error();
    const auto now = time_->now();
    target_set set;
    set.wanted = std::move(wanted);
    const event setting = std::move(set);
    const auto state =
        co_await events_.apply_to_policy(found->rule.id, setting, now, std::move(visible));
    if (state.has_error()) co_return state.error();
    const auto& [under, session, is_policy_changed, is_session_changed] = *state;
    if (!session) co_return write_target(under->rule, under->upcoming, now);
    scheduler_.send_preferences(*under->current);
    co_return write_target(session->rule, session->targets, now);
}

}  // namespace ocpi::managed
