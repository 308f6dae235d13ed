#include "modules/exchange/push.hpp"

#include "modules/exchange/push_target.hpp"
#include "modules/exchange/push_worker.hpp"
#include "ocpi/base/async_event.hpp"
#include "ocpi/base/task_scope.hpp"

#include <algorithm>
#include <chrono>
#include <map>
#include <mutex>
#include <new>
#include <random>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>

namespace ocpi::exchange {
namespace {

namespace asio = boost::asio;

/// The partner of an eMSP, by the eMSP's folded name.
using routes = std::unordered_map<std::string, std::string>;

std::string name_of_party(const party& of)
{
    return fold_case(to_string(of));
}

bool is_same(const push_target& a, const push_target& b)
{
    return a.access == b.access && a.version == b.version && a.url == b.url &&
           a.registration == b.registration && a.emsps == b.emsps && a.closing_put == b.closing_put;
}

push_dependencies complete(push_dependencies with)
{
    if (!with.crud || !with.partners || !with.client) {
        throw std::invalid_argument("a pusher needs a Crud, the partners and a client");
    }
    if (!with.log) with.log = std::make_shared<silent_logger>();
    if (!with.observer) with.observer = std::make_shared<exchange_observer>();
    return with;
}

}  // namespace

/// From start() to stop(): knows which eMSP belongs to which partner, and has a worker for each
/// partner to which this process pushes.
class pusher::impl : public std::enable_shared_from_this<pusher::impl> {
public:
    impl(const push_dependencies& with, std::shared_ptr<push_memory> memory,
         const std::shared_ptr<crud::lease_group>& leases, asio::any_io_executor executor)
        : dependencies_(with),
          memory_(std::move(memory)),
          leases_(leases),
          is_sole_(leases->is_sole()),
          executor_(std::move(executor)),
          random_(with.options.seed ? *with.options.seed : std::random_device{}())
    {
        dependencies_.leases.reset();
    }

    void start()
    {
        const auto spawn_first = [this](task_scope::tasks& run) {
            run.spawn(follow_partners(run.stop_token()));
        };
        tasks_.start(executor_, spawn_first, shared_from_this());
    }

    /// Afterwards no worker is told of changes, and the list of partners stays as it is.
    asio::awaitable<void> stop()
    {
        {
            const std::lock_guard lock(mutex_);
            routes_.clear();
            is_stopping_ = true;
        }
        co_await tasks_.stop();
        if (const auto leases = leases_.lock()) co_await leases->stop();
    }

    void partners_changed() noexcept { wake_.notify(); }

    std::vector<push_status> report() const
    {
        std::vector<push_status> all;
        for (const auto& worker : workers()) {
            if (auto state = worker->state()) all.push_back({worker->partner(), *state});
        }
        return all;
    }

    bool has_workers() const
    {
        const std::lock_guard lock(mutex_);
        return !workers_.empty();
    }

    void on_change(const crud::object_key& key, const std::optional<party>& of, crud::revision at,
                   const protocol::trace_context& trace) noexcept
    {
        if (!of) return;
        const auto& own = dependencies_.own_cpo_parties;
        if (std::find(own.begin(), own.end(), key.owner()) == own.end()) return;
        try {
            const auto emsp = name_of_party(*of);
            const std::lock_guard lock(mutex_);
            const auto partner = routes_.find(emsp);
            if (partner == routes_.end()) return;
            const auto worker = workers_.find(partner->second);
            const bool is_ours = worker != workers_.end();
            // Where no other process pushes, the worker is about to begin.
            const bool has_trace = trace != protocol::trace_context();
            if (has_trace && (is_ours || is_sole_)) memory_->traces.put(at, trace);
            if (is_ours) worker->second->on_change();
        } catch (const std::bad_alloc&) {
            // The worker finds the session when it polls the store.
        }
    }

private:
    asio::awaitable<void> follow_partners(std::stop_token stop)
    {
        while (!stop.stop_requested()) {
            auto listed = co_await dependencies_.partners->list();
            if (stop.stop_requested()) break;
            if (listed.has_value()) {
                assign_targets(*listed);
            } else {
                dependencies_.log->write(log_level::debug, "the list of partners cannot be read: " +
                                                               listed.error().text());
            }
            co_await wake_.wait_for(dependencies_.options.partner_poll, stop);
        }
    }

    void assign_targets(const std::vector<partners::stored_partner>& listed)
    {
        routes latest;
        std::map<std::string, std::shared_ptr<const push_target>> targets;
        for (auto& [name, target] : make_targets(listed)) {
            for (const auto& emsp : target ? target->emsps : std::vector<party>()) {
                latest[name_of_party(emsp)] = name;
            }
            targets[name] = std::move(target);
        }
        std::vector<std::string> names;
        {
            const std::lock_guard lock(mutex_);
            if (!is_stopping_) routes_.swap(latest);
            // One that is gone: what it has acknowledged is forgotten.
            for (const auto& [name, target] : targets_) targets.try_emplace(name);
            for (const auto& [name, target] : targets) {
                names.push_back(name);
                const auto known = targets_.find(name);
                if (known != targets_.end() && is_unchanged(known->second, target)) continue;
                // After the routes: a worker reads what has changed before it was told of changes.
                const auto worker = workers_.find(name);
                if (worker != workers_.end()) worker->second->assign(target);
            }
            targets_ = std::move(targets);
        }
        for (const auto& name : names) push_while_leased(name);
    }

    static bool is_unchanged(const std::shared_ptr<const push_target>& a,
                             const std::shared_ptr<const push_target>& b)
    {
        return a && b ? is_same(*a, *b) : a == b;
    }

    void push_while_leased(const std::string& name)
    {
        const auto leases = leases_.lock();
        if (!leases) return;
        crud::leased_work work;
        work.run = [self = shared_from_this(), name](crud::lease_tenure tenure) {
            return self->push_during(name, std::move(tenure));
        };
        leases->assign("push/" + name, std::move(work));
    }

    asio::awaitable<void> push_during(std::string name, crud::lease_tenure tenure)
    {
        const auto worker = begin_worker(name, tenure);
        co_await tenure.wait_for_end();
        {
            const std::lock_guard lock(mutex_);
            workers_.erase(name);
        }
        worker->ask_to_stop();
        auto until = std::chrono::steady_clock::now();
        if (tenure.is_held()) until += dependencies_.options.stop_grace;
        co_await worker->stop(until);
        if (!is_sole_) dependencies_.observer->on_backlog(name, 0);
    }

    std::shared_ptr<push_worker> begin_worker(const std::string& name,
                                              const crud::lease_tenure& tenure)
    {
        const auto tools = std::make_shared<push_tools>(tenure, dependencies_.client,
                                                        dependencies_.observer, memory_);
        tools->may_patch = is_sole_;
        const auto context = std::make_shared<push_context>();
        context->tools = tools;
        context->log = dependencies_.log;
        context->own_parties = dependencies_.own_cpo_parties;
        context->options = dependencies_.options;
        const std::lock_guard lock(mutex_);
        const auto worker =
            std::make_shared<push_worker>(context, name, static_cast<unsigned>(random_()));
        worker->start(executor_);
        workers_[name] = worker;
        worker->assign(targets_[name]);
        return worker;
    }

    std::vector<std::shared_ptr<push_worker>> workers() const
    {
        std::vector<std::shared_ptr<push_worker>> all;
        const std::lock_guard lock(mutex_);
        for (const auto& [name, worker] : workers_) all.push_back(worker);
        return all;
    }

    push_dependencies dependencies_;
    const std::shared_ptr<push_memory> memory_;
    const std::weak_ptr<crud::lease_group> leases_;
    const bool is_sole_;
    const asio::any_io_executor executor_;
    async_event wake_;

    mutable std::mutex mutex_;
    // All guarded by mutex_.
    std::mt19937 random_;
    routes routes_;
    /// Of all partners that exist or have existed.
    std::map<std::string, std::shared_ptr<const push_target>> targets_;
    /// By partner.
    std::map<std::string, std::shared_ptr<push_worker>> workers_;
    bool is_stopping_ = false;
    task_scope tasks_;
};

pusher::pusher(push_dependencies dependencies)
    : dependencies_(complete(std::move(dependencies))),
      memory_(std::make_shared<push_memory>(dependencies_.options)),
      leases_(std::make_shared<crud::lease_group>(dependencies_.crud, dependencies_.leases)),
      acknowledgements_(dependencies_.crud)
{
}

pusher::~pusher() = default;

std::shared_ptr<pusher::impl> pusher::find_running() const
{
    const std::lock_guard lock(mutex_);
    return running_;
}

void pusher::start(asio::any_io_executor executor)
{
    const std::lock_guard lock(mutex_);
    if (running_) return;
    leases_->start(executor);
    running_ = std::make_shared<impl>(dependencies_, memory_, leases_, std::move(executor));
    running_->start();
}

asio::awaitable<void> pusher::stop()
{
    auto stopping = find_running();
    if (!stopping) co_return;
    co_await stopping->stop();
    const std::lock_guard lock(mutex_);
    if (running_ == stopping) running_.reset();
}

std::vector<push_status> pusher::report() const
{
    const auto current = find_running();
    return current ? current->report() : std::vector<push_status>();
}

void pusher::partners_changed()
{
    if (const auto current = find_running()) current->partners_changed();
}

void pusher::on_change(const sessions::session_change& change) noexcept
{
    if (const auto current = find_running()) {
        current->on_change(change.key, change.emsp, change.revision, change.trace);
    }
}

void pusher::on_foreign_change(const sessions::foreign_change& change) noexcept
{
    if (const auto current = find_running()) {
        current->on_change(change.key, change.emsp, change.revision, protocol::trace_context());
    }
}

bool pusher::wants_foreign_changes() const noexcept
{
    const auto current = find_running();
    return current && current->has_workers();
}

boost::asio::awaitable<void> pusher::on_same_session(crud::object_key key, crud::revision before,
                                                     crud::revision now)
{
    // If this fails, the session is sent to the partner again.
    (void)co_await acknowledgements_.carry_over(std::move(key), before, now);
}

void pusher::on_served(const crud::record& session) noexcept
{
    const auto& emsp = session.document.emsp;
    // Where there may be other processes, what is read here decides nothing.
    if (!emsp || !leases_->is_sole()) return;
    const session_state state(session.revision, session.document.last_updated);
    memory_->partners.serve(name_of_party(*emsp), session.document.key.folded(), state);
}

}  // namespace ocpi::exchange
