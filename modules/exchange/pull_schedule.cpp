#include "modules/exchange/pull_schedule.hpp"

#include "ocpi/base/backoff.hpp"

#include <exception>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::exchange {
namespace {

namespace asio = boost::asio;
using asio::awaitable;
using partners::stored_partner;

/// The task of pulling from one partner, while this process has its lease.
struct partner_task {
    std::string name;
    /// Of the partner, what a pull depends on.
    std::string shape;
    async_event wake;

    partner_task(std::string of, std::string looks) : name(std::move(of)), shape(std::move(looks))
    {
    }
};

std::string lease_of(const std::string& partner)
{
    return "pull/" + partner;
}

/// By the partner's name, folded.
using partner_tasks = std::map<std::string, std::shared_ptr<partner_task>>;

/// What changes when a partner registers again or changes, but not with the tokens by which it
/// calls us.
std::string fingerprint_of(partners::partner of)
{
    of.inbound_tokens.clear();
    of.allowed_roles.clear();
    return partners::write_partner(of);
}

std::string describe(const pull_summary& summary)
{
    return "applied " + std::to_string(summary.applied) + ", unchanged " +
           std::to_string(summary.unchanged) + ", invalid " + std::to_string(summary.invalid) +
           " in " + std::to_string(summary.pages) + " pages";
}

}  // namespace

/// What the tasks use.
class pull_schedule::impl : public std::enable_shared_from_this<pull_schedule::impl> {
public:
    impl(std::shared_ptr<puller> pulls, std::shared_ptr<partners::partner_store> partners,
         std::shared_ptr<logger> log, const std::shared_ptr<crud::lease_group>& leases,
         schedule_options options)
        : pulls_(std::move(pulls)),
          partners_(std::move(partners)),
          log_(log ? std::move(log) : std::make_shared<silent_logger>()),
          leases_(leases),
          options_(std::move(options))
    {
    }

    task_scope::failure_handler failure_handler() const
    {
        return [log = log_](const std::exception& bug) {
            log->write(log_level::error, std::string("pull schedule: ") + bug.what());
        };
    }

    void look_again() noexcept { look_again_.notify(); }

    std::vector<std::string> partners() const
    {
        const auto leases = leases_.lock();
        if (!leases) return {};
        std::vector<std::string> names;
        {
            const std::lock_guard lock(mutex_);
            names = names_;
        }
        std::erase_if(names, [&](const auto& name) { return !leases->is_held(lease_of(name)); });
        return names;
    }

    /// Keeps a task for each partner to pull from.
    awaitable<void> watch(std::shared_ptr<task_scope::tasks> run)
    {
        partner_tasks tasks;
        bool has_failed = false;
        while (!run->is_stopping()) {
            const auto all = co_await list_safely(run->stop_token());
            if (run->is_stopping()) co_return;
            if (all.has_value()) {
                update_tasks(tasks, *all);
            } else if (!has_failed) {
                log_->write(log_level::error,
                            "pull schedule: cannot read the partners: " + all.error().text());
            }
            has_failed = all.has_error();
            co_await options_.wait(look_again_, options_.partner_poll);
        }
    }

private:
    /// Where a bug is a failure like others: without the watcher nobody new is pulled from.
    awaitable<result<std::vector<stored_partner>>> list_safely(std::stop_token stop)
    {
        try {
            co_return co_await partners_->list();
        } catch (const std::exception& bug) {
            if (stop.stop_requested()) throw;
            co_return error(errc::internal, bug.what());
        }
    }

    void update_tasks(partner_tasks& tasks, const std::vector<stored_partner>& all)
    {
        const auto leases = leases_.lock();
        if (!leases) return;
        std::set<std::string> wanted;
        for (const auto& stored : all) {
            if (!pulls_->can_pull_from(stored.value)) continue;
            const auto key = fold_case(stored.value.name);
            wanted.insert(key);
            auto shape = fingerprint_of(stored.value);
            auto& pulling = tasks[key];
            if (!pulling) {
                pulling = std::make_shared<partner_task>(stored.value.name, std::move(shape));
                leases->assign(lease_of(pulling->name), work_of(pulling));
            } else if (pulling->shape != shape) {
                pulling->shape = std::move(shape);
                pulling->wake.notify();
            }
        }
        std::erase_if(tasks, [&](const auto& entry) {
            if (wanted.contains(entry.first)) return false;
            leases->withdraw(lease_of(entry.second->name));
            return true;
        });
        std::vector<std::string> names;
        for (const auto& [key, task] : tasks) names.push_back(task->name);
        const std::lock_guard lock(mutex_);
        names_ = std::move(names);
    }

    crud::leased_work work_of(const std::shared_ptr<partner_task>& pulling)
    {
        crud::leased_work work;
        work.run = [self = shared_from_this(), pulling](crud::lease_tenure tenure) {
            return self->repeat(pulling, std::move(tenure));
        };
        work.is_cancelled_at_end = true;
        return work;
    }

    awaitable<void> repeat(std::shared_ptr<partner_task> own, crud::lease_tenure tenure)
    {
        const backoff retries{options_.first_retry, options_.max_retry};
        unsigned failures = 0;
        while (!tenure.stop_token().stop_requested()) {
            co_await wait_as_asked(own);
            const bool is_pulled = co_await pull_safely(own, tenure);
            failures = is_pulled ? 0 : failures + 1;
            auto& random = jitter_source();
            const auto pause = is_pulled ? jittered(options_.interval, 0.1, random)
                                         : retries.about(failures, random);
            const bool is_woken = co_await options_.wait(own->wake, pause);
            if (is_woken) failures = 0;
        }
    }

    /// Whatever wakes the task: the partner has asked not to be called.
    awaitable<void> wait_as_asked(std::shared_ptr<partner_task> own)
    {
        while (const auto asked = pulls_->find_pause(own->name)) {
            co_await options_.wait(own->wake, *asked);
        }
    }

    /// pull_once(), where a bug is a failure like others: the next run may meet better luck.
    awaitable<bool> pull_safely(std::shared_ptr<partner_task> own, crud::lease_tenure tenure)
    {
        try {
            co_return co_await pull_once(own->name, tenure);
        } catch (const std::exception& bug) {
            if (tenure.stop_token().stop_requested()) throw;
            log_->write(log_level::error, "pull from " + own->name + ": " + bug.what());
            co_return false;
        }
    }

    awaitable<bool> pull_once(std::string name, crud::lease_tenure tenure)
    {
        auto found = co_await partners_->find(name);
        if (found.has_error()) {
            log_->write(log_level::error, "pull from " + name + ": " + found.error().text());
            co_return false;
        }
        // The watcher is about to find out, and to end this task.
        if (!*found || !pulls_->can_pull_from((*found)->value)) co_return true;
        pull_summary so_far;
        pull_callback remember = [&so_far](const pull_summary& now) { so_far = now; };
        const auto pulled = co_await pulls_->pull(std::move((*found)->value), pull_range(),
                                                  std::move(remember), tenure.crud());
        if (pulled.has_value()) {
            log_->write(log_level::info, "pull from " + name + ": " + describe(*pulled));
            co_return true;
        }
        const auto& failure = pulled.error();
        // This task is about to be ended.
        if (failure.code() == errc::lease_lost) co_return false;
        log_->write(log_level::warning,
                    "pull from " + name + " ended early: " +
                        (failure.log_text().empty() ? failure.text() : failure.log_text()) +
                        "; until then " + describe(so_far));
        co_return false;
    }

    const std::shared_ptr<puller> pulls_;
    const std::shared_ptr<partners::partner_store> partners_;
    const std::shared_ptr<logger> log_;
    const std::weak_ptr<crud::lease_group> leases_;
    const schedule_options options_;
    async_event look_again_;
    mutable std::mutex mutex_;
    std::vector<std::string> names_;  // guarded by mutex_
};

pull_schedule::pull_schedule(std::shared_ptr<puller> pulls,
                             std::shared_ptr<partners::partner_store> partners,
                             std::shared_ptr<logger> log, std::shared_ptr<crud::lease_group> leases,
                             schedule_options options)
    : leases_(std::move(leases)),
      impl_(std::make_shared<impl>(std::move(pulls), std::move(partners), std::move(log), leases_,
                                   std::move(options))),
      tasks_(impl_->failure_handler())
{
}

void pull_schedule::start(asio::any_io_executor executor)
{
    const auto spawn_first = [this](task_scope::tasks& run) {
        run.spawn(impl_->watch(run.shared_from_this()), std::stop_token());
    };
    leases_->start(executor);
    tasks_.start(std::move(executor), spawn_first, impl_);
}

void pull_schedule::ask_to_stop()
{
    tasks_.cancel();
    leases_->ask_to_stop();
}

awaitable<void> pull_schedule::stop()
{
    ask_to_stop();
    co_await tasks_.join();
    co_await leases_->stop();
}

std::vector<std::string> pull_schedule::partners() const
{
    return tasks_.current() ? impl_->partners() : std::vector<std::string>();
}

void pull_schedule::partners_changed()
{
    impl_->look_again();
}

}  // namespace ocpi::exchange
