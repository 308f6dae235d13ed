#include "crud/lease_keeper_impl.hpp"

#include <chrono>
#include <exception>
#include <random>
#include <string_view>
#include <utility>
#include <variant>

namespace ocpi::crud {
namespace {

namespace asio = boost::asio;
using asio::awaitable;

/// How long stop() waits for work that does not end and for a store that does not answer.
constexpr std::chrono::seconds stop_grace{10};

constexpr std::string_view readiness_component = "leases";

}  // namespace

lease_keeper::impl::impl(std::shared_ptr<Crud> crud, std::shared_ptr<crud::leases> leases,
                         const lease_keeper_options& options, asio::any_io_executor executor)
    : crud_(std::move(crud)),
      leases_(std::move(leases)),
      options_(options),
      log_(options.log ? options.log : std::make_shared<silent_logger>()),
      executor_(std::move(executor)),
      machine_(options.times, !leases_, options.seed.value_or(std::random_device{}())),
      tasks_([log = log_](const std::exception& bug) {
          log->write(log_level::error, std::string("leases: ") + bug.what());
      })
{
}

void lease_keeper::impl::start()
{
    const auto spawn_first = [this](task_scope::tasks& tasks) {
        tasks.spawn(run(tasks.weak_from_this(), tasks.stop_token()));
    };
    tasks_.start(executor_, spawn_first, shared_from_this());
}

awaitable<void> lease_keeper::impl::stop()
{
    mailbox_.stop();
    wake_.notify();
    co_await tasks_.join(stop_grace);
    tasks_.cancel();
}

void lease_keeper::impl::assign(const std::string& name, leased_work work)
{
    mailbox_.assign(name, std::move(work));
    wake_.notify();
}

std::stop_token lease_keeper::impl::withdraw(const std::string& name)
{
    // The executor's context may have ended before the work.
    if (!tasks_.current()) return {};
    auto ended = mailbox_.withdraw(name);
    if (ended.stop_possible()) wake_.notify();
    return ended;
}

awaitable<void> lease_keeper::impl::run(std::weak_ptr<task_scope::tasks> tasks,
                                        std::stop_token stop)
{
    while (!stop.stop_requested()) {
        take_mail();
        auto action = machine_.next(options_.now());
        if (std::holds_alternative<lease_action::finish>(action)) break;
        if (const auto* wait = std::get_if<lease_action::wait>(&action)) {
            mailbox_.set_states(machine_.states());
            co_await options_.wait(wake_, wait->until, stop);
        } else if (const auto running = tasks.lock()) {
            std::visit([&](auto& each) { perform(std::move(each), *running); }, action);
        }
    }
    for (const auto& [name, work] : runs_) work->end(true);
    mailbox_.close();
}

void lease_keeper::impl::take_mail()
{
    const auto mail = mailbox_.take();
    for (const auto& order : mail.orders) {
        if (order.is_assigned) {
            machine_.assign(order.name);
        } else {
            machine_.withdraw(order.name);
        }
    }
    for (const auto& lease : mail.lost) machine_.lost(lease);
    if (mail.must_stop) machine_.stop();
}

void lease_keeper::impl::perform(lease_action::claim action, task_scope::tasks& tasks)
{
    tasks.spawn(claim(std::move(action.names)));
}

awaitable<void> lease_keeper::impl::claim(std::vector<std::string> names)
{
    const auto sent = options_.now();
    auto held = co_await leases_->claim(holder_, names, options_.times.life);
    if (held.has_error()) {
        machine_.claim_failed(held.error(), options_.now());
    } else {
        machine_.claimed(names, *held, sent);
        for (const auto& [name, work] : runs_) work->extend(machine_.held_until(name));
    }
    wake_.notify();
}

void lease_keeper::impl::perform(lease_action::release action, task_scope::tasks& tasks)
{
    tasks.spawn(release(std::move(action.held)));
}

awaitable<void> lease_keeper::impl::release(std::vector<held_lease> held)
{
    (void)co_await leases_->release(holder_, std::move(held));
    machine_.released();
    wake_.notify();
}

void lease_keeper::impl::perform(lease_action::begin action, task_scope::tasks& tasks)
{
    const auto& name = action.lease.name;
    const auto begun = std::make_shared<lease_work_run>(name, mailbox_.find_work(name),
                                                        make_tenure(action.lease), log_);
    runs_[name] = begun;
    begun->extend(machine_.held_until(name));
    if (leases_) {
        log_->write(log_level::info, "took the lease " + name + ": its work is done here");
    }
    begun->start(executor_);
    tasks.spawn(await_end(name, begun));
}

lease_tenure lease_keeper::impl::make_tenure(const held_lease& lease)
{
    if (!leases_) return lease_tenure(crud_);
    auto on_loss = [keeper = weak_from_this()](const held_lease& lost) {
        if (const auto self = keeper.lock()) self->report_loss(lost);
    };
    return lease_tenure(crud_->fenced_by(lease), lease, options_.now, std::move(on_loss));
}

void lease_keeper::impl::report_loss(const held_lease& lost)
{
    mailbox_.report_loss(lost);
    wake_.notify();
}

awaitable<void> lease_keeper::impl::await_end(std::string name,
                                              std::shared_ptr<lease_work_run> begun)
{
    co_await begun->join();
    runs_.erase(name);
    machine_.work_ended(name, options_.now());
    wake_.notify();
}

void lease_keeper::impl::perform(lease_action::end action, task_scope::tasks&)
{
    const auto found = runs_.find(action.name);
    if (found != runs_.end()) found->second->end(action.is_lost);
}

void lease_keeper::impl::perform(lease_action::forget action, task_scope::tasks&)
{
    mailbox_.forget(action.name);
}

void lease_keeper::impl::perform(lease_action::report_reachable action, task_scope::tasks&)
{
    if (!options_.readiness) return;
    if (action.is_reachable) {
        options_.readiness->clear(readiness_component);
    } else {
        options_.readiness->report(readiness_component, "lease store unreachable");
    }
}

void lease_keeper::impl::perform(lease_action::write_log action, task_scope::tasks&)
{
    log_->write(action.level, action.text);
}

}  // namespace ocpi::crud
