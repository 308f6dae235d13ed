#pragma once

#include "crud/lease_keeper.hpp"
#include "crud/lease_mailbox.hpp"
#include "crud/lease_work_run.hpp"
#include "ocpi/base/async_event.hpp"
#include "ocpi/base/task_scope.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <map>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

namespace ocpi::crud {

/// The driver, from start() to stop(): carries out the actions of a lease_fsm on a strand and
/// reports what came of them. The public functions are safe from any thread.
class lease_keeper::impl : public std::enable_shared_from_this<lease_keeper::impl> {
public:
    impl(std::shared_ptr<Crud> crud, std::shared_ptr<crud::leases> leases,
         const lease_keeper_options& options, boost::asio::any_io_executor executor);

    void start();
    boost::asio::awaitable<void> stop();
    void cancel() noexcept { tasks_.cancel(); }

    void assign(const std::string& name, leased_work work);
    /// Requested when its work has ended.
    std::stop_token withdraw(const std::string& name);
    std::vector<lease_state> states() const { return mailbox_.states(); }

private:
    // The functions below run on the strand.

    boost::asio::awaitable<void> run(std::weak_ptr<task_scope::tasks> tasks, std::stop_token stop);
    void take_mail();

    void perform(lease_action::claim action, task_scope::tasks& tasks);
    void perform(lease_action::release action, task_scope::tasks& tasks);
    void perform(lease_action::begin action, task_scope::tasks& tasks);
    void perform(lease_action::end action, task_scope::tasks&);
    void perform(lease_action::forget action, task_scope::tasks&);
    void perform(lease_action::report_reachable action, task_scope::tasks&);
    void perform(lease_action::write_log action, task_scope::tasks&);
    void perform(lease_action::wait, task_scope::tasks&) {}
    void perform(lease_action::finish, task_scope::tasks&) {}

    boost::asio::awaitable<void> claim(std::vector<std::string> names);
    boost::asio::awaitable<void> release(std::vector<held_lease> held);
    lease_tenure make_tenure(const held_lease& lease);
    boost::asio::awaitable<void> await_end(std::string name, std::shared_ptr<lease_work_run> begun);

    /// From any thread.
    void report_loss(const held_lease& lost);

    const std::shared_ptr<Crud> crud_;
    const std::shared_ptr<crud::leases> leases_;
    const lease_keeper_options options_;
    const std::shared_ptr<logger> log_;
    const boost::asio::any_io_executor executor_;
    const std::string holder_ = make_lease_holder();
    lease_fsm machine_;
    std::map<std::string, std::shared_ptr<lease_work_run>> runs_;
    async_event wake_;
    lease_mailbox mailbox_;
    task_scope tasks_;
};

}  // namespace ocpi::crud
