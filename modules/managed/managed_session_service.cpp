#include "modules/managed/managed_session_service.hpp"

#include "modules/managed/policy_follower.hpp"
#include "modules/managed/view.hpp"
#include "modules/metering/quarter_hour.hpp"
#include "ocpi/base/pause.hpp"

#include <chrono>
#include <exception>
#include <utility>

namespace ocpi::managed {

using boost::asio::awaitable;

namespace {

awaitable<void> tenure_over()
{
    co_return;
}

}  // namespace

/// What one tenure of the lease works with: like another process beside the requests of this one,
/// whose writes are judged by revision and by the lease.
class managed_session_service::policy_care {
public:
    policy_care(managed_session_service& of, const crud::lease_tenure& tenure)
        : events_(tenure.crud(), of.time_, of.reader_,
                  [this](const crud::object_key& key) { scheduler_.send_preferences(key); }),
          sender_(of.forwarder_, of.time_, of.reader_, events_),
          scheduler_(events_, of.reader_, sender_, of.time_, of.log_),
          follower_(tenure.crud(), events_, of.time_, of.log_, listeners())
    {
        events_.policies().collect_new_contracts();
    }

    /// False when the store does not answer.
    awaitable<bool> begin()
    {
        const auto begun = co_await follower_.begin();
        if (begun.has_error()) co_return false;
        const auto known = co_await events_.policies().refresh();
        (void)events_.policies().take_new_contracts();
        co_return known.has_value();
    }

    void start(boost::asio::any_io_executor executor, scheduler::beginning from,
               std::shared_ptr<const void> kept)
    {
        scheduler_.start(std::move(executor), from, std::move(kept));
        if (const auto tasks = scheduler_.tasks()) tasks->spawn(follower_.run(tasks->stop_token()));
    }
    awaitable<void> stop() { return scheduler_.stop(); }

    void look() noexcept { follower_.look(); }
    void look_now() noexcept { scheduler_.look_now(); }
    void post_prices(const party& owner)
    {
        events_.post_prices(owner);
        scheduler_.prices_posted();
    }
    void send_preferences(const crud::object_key& key) { scheduler_.send_preferences(key); }

private:
    policy_follower::listeners listeners()
    {
        policy_follower::listeners all;
        all.on_changes = [this] { scheduler_.changes_posted(); };
        all.on_target = [this](const crud::object_key& key) { scheduler_.send_preferences(key); };
        return all;
    }

    policy_events events_;
    preferences_sender sender_;
    scheduler scheduler_;
    policy_follower follower_;
};

managed_session_service::managed_session_service(service_dependencies dependencies)
    : time_(std::move(dependencies.time)),
      forwarder_(std::move(dependencies.forwarder)),
      log_(dependencies.log ? std::move(dependencies.log) : std::make_shared<silent_logger>()),
      leases_(std::make_shared<crud::lease_group>(dependencies.crud, dependencies.leases)),
      reader_(dependencies.crud, std::move(dependencies.prices), std::move(dependencies.evses),
              std::move(dependencies.own_cpo_parties)),
      events_(std::move(dependencies.crud), time_, reader_,
              [this](const crud::object_key& key) { send_preferences(key); }),
      sender_(forwarder_, time_, reader_, events_),
      scheduler_(events_, reader_, sender_, time_, log_)
{
}

void managed_session_service::start(boost::asio::any_io_executor executor)
{
    leases_->start(executor);
    // The first quarter-hour is determined here: the clock may pass it before the work begins.
    const auto quarter_hour = metering::next_quarter_hour(time_->now());
    crud::leased_work work;
    work.run = [weak = weak_from_this(), executor,
                quarter_hour](crud::lease_tenure tenure) -> awaitable<void> {
        const auto self = weak.lock();
        if (!self) return tenure_over();
        if (self->leases_->is_sole()) {
            return self->run_scheduler(executor, quarter_hour, std::move(tenure));
        }
        return self->take_care(executor, std::move(tenure));
    };
    leases_->assign("policies", std::move(work));
}

awaitable<void> managed_session_service::run_scheduler(boost::asio::any_io_executor executor,
                                                       date_time quarter_hour,
                                                       crud::lease_tenure tenure)
{
    const auto kept = shared_from_this();
    scheduler::beginning from;
    from.quarter_hour = quarter_hour;
    scheduler_.start(std::move(executor), from, kept);
    co_await tenure.wait_for_end();
    co_await scheduler_.stop();
}

awaitable<void> managed_session_service::take_care(boost::asio::any_io_executor executor,
                                                   crud::lease_tenure tenure)
{
    const auto kept = shared_from_this();
    const auto care = std::make_shared<policy_care>(*this, tenure);
    while (!tenure.stop_token().stop_requested()) {
        scheduler::beginning from;
        from.quarter_hour = metering::next_quarter_hour(time_->now());
        from.takes_over = true;
        if (co_await care->begin()) {
            // The tasks keep both: the care, and by it what it refers to.
            const auto owner = std::make_shared<
                std::pair<std::shared_ptr<policy_care>, std::shared_ptr<const void>>>(care, kept);
            // First, so that no price change is missed while the first plans are made.
            set_care(care);
            care->start(executor, from, owner);
            co_await tenure.wait_for_end();
            break;
        }
        co_await stoppable_pause(std::chrono::seconds(1), tenure.stop_token());
    }
    set_care(nullptr);
    co_await care->stop();
}

std::shared_ptr<managed_session_service::policy_care> managed_session_service::current_care() const
{
    const std::lock_guard lock(mutex_);
    return care_;
}

void managed_session_service::set_care(std::shared_ptr<policy_care> current)
{
    const std::lock_guard lock(mutex_);
    care_.swap(current);
}

void managed_session_service::look_now() noexcept
{
    if (const auto care = current_care()) care->look_now();
    scheduler_.look_now();
}

void managed_session_service::send_preferences(const crud::object_key& key)
{
    // At another process the care follows the session's record.
    if (const auto care = current_care()) care->send_preferences(key);
    scheduler_.send_preferences(key);
}

void managed_session_service::on_change(const sessions::session_change& change) noexcept
{
    try {
        if (!leases_->is_sole()) {
            if (const auto care = current_care()) care->look();
        } else if (events_.post(change)) {
            scheduler_.changes_posted();
        }
    } catch (const std::exception&) {
        // The next read of the session detects the change by its revision.
    }
}

void managed_session_service::on_foreign_change(const sessions::foreign_change& change) noexcept
{
    try {
        // With several processes the care follows the store itself.
        if (!leases_->is_sole()) return;
        if (events_.post_foreign(change)) scheduler_.changes_posted();
    } catch (const std::exception&) {
        // The next read of the session detects the change by its revision.
    }
}

bool managed_session_service::wants_foreign_changes() const noexcept
{
    return leases_->is_sole() && scheduler_.is_running() && events_.policies().has_policies();
}

void managed_session_service::on_store_revision(crud::revision) noexcept
{
    if (const auto care = current_care()) care->look();
}

bool managed_session_service::is_waited_for() const noexcept
{
    return current_care() != nullptr;
}

void managed_session_service::on_price_change(const party& owner) noexcept
{
    try {
        if (!leases_->is_sole()) {
            if (const auto care = current_care()) care->post_prices(owner);
            return;
        }
        events_.post_prices(owner);
        scheduler_.prices_posted();
    } catch (const std::exception&) {
        // At the next quarter-hour all plans are made with the prices in force then.
    }
}

/// Applies the changes of sessions that concern a policy: those that wait in its mailbox; where
/// other processes write too, those that are found in the store.
awaitable<result<void>> managed_session_service::apply_pending(std::string policy_id)
{
    if (leases_->is_sole()) co_return co_await events_.drain(std::move(policy_id));
    auto found = co_await policies().find(std::move(policy_id));
    if (found.has_error()) {
        if (found.error().code() == errc::not_found) co_return result<void>();
        co_return found.error();
    }
    co_return co_await events_.adopt_latest(std::move(found->rule.contract_ids));
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
    const auto drained = co_await apply_pending(rule.id);
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
    const auto drained = co_await apply_pending(found->rule.id);
    if (drained.has_error()) co_return drained.error();
    co_return co_await events_.remove_policy(found->rule.id);
}

awaitable<result<std::string>> managed_session_service::change_target(std::string policy_id,
                                                                      std::optional<target> wanted,
                                                                      contract_scope visible)
{
    const auto found = co_await policies().find(policy_id);
    if (found.has_error()) co_return found.error();
    const auto drained = co_await apply_pending(found->rule.id);
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
    send_preferences(*under->current);
    co_return write_target(session->rule, session->targets, now);
}

}  // namespace ocpi::managed
