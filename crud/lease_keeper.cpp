#include "crud/lease_keeper.hpp"

#include "ocpi/base/hex.hpp"
#include "ocpi/base/task_scope.hpp"

#include <boost/asio/ip/host_name.hpp>

#include <array>
#include <cstddef>
#include <exception>
#include <map>
#include <random>
#include <utility>
#include <variant>

#include <unistd.h>

namespace ocpi::crud {
namespace {

namespace asio = boost::asio;
using asio::awaitable;

/// How long stop() waits for work that does not end and for a store that does not answer.
constexpr std::chrono::seconds stop_grace{10};

constexpr std::string_view readiness_component = "leases";

}  // namespace

/// From start() to stop().
class lease_keeper::impl : public std::enable_shared_from_this<lease_keeper::impl> {
public:
    impl(std::shared_ptr<Crud> crud, std::shared_ptr<crud::leases> leases,
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

    void start()
    {
        const auto spawn_first = [this](task_scope::tasks& tasks) {
            tasks.spawn(run(tasks.weak_from_this(), tasks.stop_token()));
        };
        tasks_.start(executor_, spawn_first, shared_from_this());
    }

    awaitable<void> stop()
    {
        {
            const std::lock_guard lock(mutex_);
            mail_.must_stop = true;
        }
        wake_.notify();
        co_await tasks_.join(stop_grace);
        tasks_.cancel();
    }

    void cancel() noexcept { tasks_.cancel(); }

    void assign(const std::string& name, leased_work work)
    {
        {
            const std::lock_guard lock(mutex_);
            std::swap(assigned_[name].work, work);
            mail_.orders.push_back({name, true});
        }
        wake_.notify();
    }

    /// Requested when its work has ended.
    std::stop_token withdraw(const std::string& name)
    {
        std::stop_token ended;
        // The executor's context may have ended before the work.
        if (!tasks_.current()) return ended;
        {
            const std::lock_guard lock(mutex_);
            const auto found = assigned_.find(name);
            if (found == assigned_.end()) return ended;
            ended = found->second.ended.get_token();
            mail_.orders.push_back({name, false});
        }
        wake_.notify();
        return ended;
    }

    std::vector<lease_state> states() const
    {
        const std::lock_guard lock(mutex_);
        return states_;
    }

private:
    /// The work of a name, from assign() until it has ended for good.
    struct assignment {
        leased_work work;
        std::stop_source ended;

        assignment() = default;
        assignment(assignment&&) = default;
        assignment& operator=(assignment&&) = delete;
        ~assignment()
        {
            if (ended.stop_possible()) ended.request_stop();
        }
    };

    /// What other threads have ordered and is not taken yet.
    struct mailbox {
        struct order {
            std::string name;
            bool is_assigned = false;
        };
        std::vector<order> orders;
        std::vector<held_lease> lost;
        bool must_stop = false;
    };

    /// One tenure and what runs in it.
    struct work_run {
        /// What the coroutine may refer to.
        leased_work work;
        lease_tenure tenure;
        task_scope tasks;

        work_run(leased_work doing, lease_tenure of, task_scope::failure_handler on_failure)
            : work(std::move(doing)), tenure(std::move(of)), tasks(std::move(on_failure))
        {
        }
    };

    // The functions below run on the strand.

    awaitable<void> run(std::weak_ptr<task_scope::tasks> tasks, std::stop_token stop)
    {
        while (!stop.stop_requested()) {
            take_mail();
            auto action = machine_.next(options_.now());
            if (std::holds_alternative<lease_action::finish>(action)) break;
            if (const auto* wait = std::get_if<lease_action::wait>(&action)) {
                report_states();
                co_await options_.wait(wake_, wait->until, stop);
            } else if (const auto running = tasks.lock()) {
                std::visit([&](auto& each) { perform(std::move(each), *running); }, action);
            }
        }
        for (const auto& [name, work] : runs_) end_run(*work, true);
        std::map<std::string, assignment> over;
        const std::lock_guard lock(mutex_);
        over.swap(assigned_);
        states_.clear();
    }

    void take_mail()
    {
        mailbox mail;
        {
            const std::lock_guard lock(mutex_);
            std::swap(mail, mail_);
        }
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

    void report_states()
    {
        auto states = machine_.states();
        const std::lock_guard lock(mutex_);
        states_ = std::move(states);
    }

    void perform(lease_action::claim action, task_scope::tasks& tasks)
    {
        tasks.spawn(claim(std::move(action.names)));
    }

    awaitable<void> claim(std::vector<std::string> names)
    {
        const auto sent = options_.now();
        auto held = co_await leases_->claim(holder_, names, options_.times.life);
        if (held.has_error()) {
            machine_.claim_failed(held.error(), options_.now());
        } else {
            machine_.claimed(names, *held, sent);
            for (const auto& [name, work] : runs_) {
                work->tenure.extend(machine_.held_until(name));
            }
        }
        wake_.notify();
    }

    void perform(lease_action::release action, task_scope::tasks& tasks)
    {
        tasks.spawn(release(std::move(action.held)));
    }

    awaitable<void> release(std::vector<held_lease> held)
    {
        (void)co_await leases_->release(holder_, std::move(held));
        machine_.released();
        wake_.notify();
    }

    void perform(lease_action::begin action, task_scope::tasks& tasks)
    {
        const auto& name = action.lease.name;
        leased_work work;
        {
            const std::lock_guard lock(mutex_);
            const auto found = assigned_.find(name);
            if (found != assigned_.end()) work = found->second.work;
        }
        auto on_failure = [log = log_, name](const std::exception& bug) {
            log->write(log_level::error,
                       "the work of the lease " + name + " failed: " + bug.what());
        };
        const auto begun =
            std::make_shared<work_run>(std::move(work), make_tenure(action.lease), on_failure);
        runs_[name] = begun;
        begun->tenure.extend(machine_.held_until(name));
        if (leases_) {
            log_->write(log_level::info, "took the lease " + name + ": its work is done here");
        }
        const auto spawn_first = [&](task_scope::tasks& of_work) {
            const auto& [doing, tenure, scope] = *begun;
            if (!doing.run) return;
            if (doing.is_cancelled_at_end) {
                of_work.spawn(doing.run(tenure), tenure.stop_token());
            } else {
                of_work.spawn(doing.run(tenure));
            }
        };
        begun->tasks.start(executor_, spawn_first, begun);
        tasks.spawn(await_end(name, begun));
    }

    lease_tenure make_tenure(const held_lease& lease)
    {
        if (!leases_) return lease_tenure(crud_);
        auto on_loss = [keeper = weak_from_this()](const held_lease& lost) {
            if (const auto self = keeper.lock()) self->report_loss(lost);
        };
        return lease_tenure(crud_->fenced_by(lease), lease, options_.now, std::move(on_loss));
    }

    void report_loss(const held_lease& lost)
    {
        {
            const std::lock_guard lock(mutex_);
            mail_.lost.push_back(lost);
        }
        wake_.notify();
    }

    awaitable<void> await_end(std::string name, std::shared_ptr<work_run> begun)
    {
        co_await begun->tasks.join();
        runs_.erase(name);
        machine_.work_ended(name, options_.now());
        wake_.notify();
    }

    void perform(lease_action::end action, task_scope::tasks&)
    {
        const auto found = runs_.find(action.name);
        if (found != runs_.end()) end_run(*found->second, action.is_lost);
    }

    static void end_run(work_run& ending, bool is_lost)
    {
        if (is_lost) ending.tenure.lose();
        ending.tenure.request_stop();
    }

    void perform(lease_action::forget action, task_scope::tasks&)
    {
        // What the work owns must not end under the lock.
        std::map<std::string, assignment>::node_type over;
        const std::lock_guard lock(mutex_);
        for (const auto& order : mail_.orders) {
            if (order.is_assigned && order.name == action.name) return;
        }
        over = assigned_.extract(action.name);
    }

    void perform(lease_action::report_reachable action, task_scope::tasks&)
    {
        if (!options_.readiness) return;
        if (action.is_reachable) {
            options_.readiness->clear(readiness_component);
        } else {
            options_.readiness->report(readiness_component, "lease store unreachable");
        }
    }

    void perform(lease_action::write_log action, task_scope::tasks&)
    {
        log_->write(action.level, action.text);
    }

    void perform(lease_action::wait, task_scope::tasks&) {}
    void perform(lease_action::finish, task_scope::tasks&) {}

    const std::shared_ptr<Crud> crud_;
    const std::shared_ptr<crud::leases> leases_;
    const lease_keeper_options options_;
    const std::shared_ptr<logger> log_;
    const asio::any_io_executor executor_;
    const std::string holder_ = make_lease_holder();
    lease_fsm machine_;
    std::map<std::string, std::shared_ptr<work_run>> runs_;
    async_event wake_;

    mutable std::mutex mutex_;
    mailbox mail_;                                // guarded by mutex_
    std::map<std::string, assignment> assigned_;  // guarded by mutex_
    std::vector<lease_state> states_;             // guarded by mutex_
    task_scope tasks_;
};

lease_keeper::lease_keeper(std::shared_ptr<Crud> crud, lease_keeper_options options)
    : crud_(std::move(crud)), leases_(crud_->leases()), options_(std::move(options))
{
}

lease_keeper::~lease_keeper()
{
    if (const auto running = find_running()) running->cancel();
}

std::shared_ptr<lease_keeper::impl> lease_keeper::find_running() const
{
    const std::lock_guard lock(mutex_);
    return running_;
}

void lease_keeper::start(asio::any_io_executor executor)
{
    const std::lock_guard lock(mutex_);
    if (running_) return;
    running_ = std::make_shared<impl>(crud_, leases_, options_, std::move(executor));
    running_->start();
}

awaitable<void> lease_keeper::stop()
{
    const auto stopping = find_running();
    if (!stopping) co_return;
    co_await stopping->stop();
    const std::lock_guard lock(mutex_);
    if (running_ == stopping) running_.reset();
}

bool lease_keeper::is_sole() const noexcept
{
    return !leases_;
}

void lease_keeper::assign(const std::string& name, leased_work work)
{
    if (const auto running = find_running()) running->assign(name, std::move(work));
}

void lease_keeper::withdraw(const std::string& name)
{
    if (const auto running = find_running()) (void)running->withdraw(name);
}

awaitable<void> lease_keeper::end(std::string name)
{
    std::stop_token ended;
    if (const auto running = find_running()) ended = running->withdraw(name);
    if (!ended.stop_possible()) co_return;
    async_event never;
    co_await never.wait(ended);
}

std::vector<lease_state> lease_keeper::report() const
{
    const auto running = find_running();
    return running ? running->states() : std::vector<lease_state>();
}

std::string make_lease_holder()
{
    std::random_device random;
    std::array<unsigned char, 8> bytes{};
    for (auto& each : bytes) each = static_cast<unsigned char>(random());
    boost::system::error_code unnamed;
    const auto host = asio::ip::host_name(unnamed);
    return (unnamed ? std::string("host") : host) + ':' + std::to_string(::getpid()) + ':' +
           to_hex(bytes.data(), bytes.size());
}

}  // namespace ocpi::crud
