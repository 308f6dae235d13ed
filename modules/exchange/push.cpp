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

/// The worker for an eMSP, by its folded name.
using routes = std::unordered_map<std::string, std::shared_ptr<push_worker>>;

std::string name_of_party(const party& of)
{
    return fold_case(to_string(of));
}

bool is_same(const push_target& a, const push_target& b)
{
    return a.access == b.access && a.version == b.version && a.url == b.url &&
           a.registration == b.registration && a.emsps == b.emsps && a.closing_put == b.closing_put;
}

std::shared_ptr<push_context> make_context(push_dependencies& with)
{
    if (!with.crud || !with.partners || !with.client) {
        throw std::invalid_argument("a pusher needs a Crud, the partners and a client");
    }
    if (!with.log) with.log = std::make_shared<silent_logger>();
    if (!with.observer) with.observer = std::make_shared<exchange_observer>();
    // What a partner reads from another process is not known here, and a PATCH is safe only while
    // the partner can hold no other state: with several processes each change is sent by PUT.
    if (with.crud->leases()) with.options.remembered_bytes = 0;
    auto context = std::make_shared<push_context>();
    context->tools =
        std::make_shared<push_tools>(with.crud, with.client, with.observer, with.options);
    context->log = with.log;
    context->own_parties = with.own_cpo_parties;
    context->options = with.options;
    return context;
}

}  // namespace

/// From start() to stop(): has a worker for each partner that exists or has existed, and knows
/// which eMSP belongs to which.
class pusher::impl : public std::enable_shared_from_this<pusher::impl> {
public:
    impl(std::shared_ptr<push_context> context, std::shared_ptr<partners::partner_store> partners,
         asio::any_io_executor executor)
        : context_(std::move(context)),
          partners_(std::move(partners)),
          random_(context_->options.seed ? *context_->options.seed : std::random_device{}()),
          executor_(std::move(executor))
    {
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
        const auto until = std::chrono::steady_clock::now() + context_->options.stop_grace;
        for (auto& [name, known] : partners_by_name_) known.worker->ask_to_stop();
        for (auto& [name, known] : partners_by_name_) co_await known.worker->stop(until);
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

    void on_change(const sessions::session_change& change) noexcept
    {
        if (!change.emsp) return;
        const auto& own = context_->own_parties;
        if (std::find(own.begin(), own.end(), change.key.owner()) == own.end()) return;
        try {
            const auto emsp = name_of_party(*change.emsp);
            const std::lock_guard lock(mutex_);
            const auto found = routes_.find(emsp);
            if (found == routes_.end()) return;
            const bool has_trace = change.trace != protocol::trace_context();
            if (has_trace) context_->tools->traces.put(change.revision, change.trace);
            found->second->on_change();
        } catch (const std::bad_alloc&) {
            // The worker finds the session when it polls the store.
        }
    }

    void on_foreign_change(const sessions::foreign_change& change) noexcept
    {
        if (!change.emsp) return;
        const auto& own = context_->own_parties;
        if (std::find(own.begin(), own.end(), change.key.owner()) == own.end()) return;
        try {
            const auto emsp = name_of_party(*change.emsp);
            const std::lock_guard lock(mutex_);
            const auto found = routes_.find(emsp);
            if (found != routes_.end()) found->second->on_change();
        } catch (const std::bad_alloc&) {
            // The worker finds the session when it polls the store.
        }
    }

    bool has_routes() const
    {
        const std::lock_guard lock(mutex_);
        return !routes_.empty();
    }

private:
    struct known_partner {
        std::shared_ptr<push_worker> worker;
        std::shared_ptr<const push_target> target;
        bool was_assigned = false;
    };

    asio::awaitable<void> follow_partners(std::stop_token stop)
    {
        while (!stop.stop_requested()) {
            auto listed = co_await partners_->list();
            if (stop.stop_requested()) break;
            if (listed.has_value()) {
                assign_targets(*listed);
            } else {
                context_->log->write(log_level::debug, "the list of partners cannot be read: " +
                                                           listed.error().text());
            }
            co_await wake_.wait_for(context_->options.partner_poll, stop);
        }
    }

    void assign_targets(const std::vector<partners::stored_partner>& listed)
    {
        routes latest;
        std::map<std::string, std::shared_ptr<const push_target>> targets;
        auto made = make_targets(listed);
        for (auto& [name, target] : made) {
            for (const auto& emsp : target ? target->emsps : std::vector<party>()) {
                latest[name_of_party(emsp)] = worker_for(name);
            }
            worker_for(name);
            targets[name] = std::move(target);
        }
        {
            const std::lock_guard lock(mutex_);
            if (!is_stopping_) routes_.swap(latest);
            workers_.clear();
            for (const auto& [name, known] : partners_by_name_) workers_.push_back(known.worker);
        }
        // After the routes: a worker reads what has changed before it had one.
        for (auto& [name, known] : partners_by_name_) assign(known, targets[name]);
    }

    std::vector<std::shared_ptr<push_worker>> workers() const
    {
        const std::lock_guard lock(mutex_);
        return workers_;
    }

    std::shared_ptr<push_worker> worker_for(const std::string& name)
    {
        auto& known = partners_by_name_[name];
        if (!known.worker) {
            known.worker =
                std::make_shared<push_worker>(context_, name, static_cast<unsigned>(random_()));
            known.worker->start(executor_);
        }
        return known.worker;
    }

    static void assign(known_partner& known, std::shared_ptr<const push_target> target)
    {
        const bool is_unchanged =
            known.was_assigned &&
            (known.target && target ? is_same(*known.target, *target) : known.target == target);
        if (is_unchanged) return;
        known.was_assigned = true;
        known.target = target;
        known.worker->assign(std::move(target));
    }

    const std::shared_ptr<push_context> context_;
    const std::shared_ptr<partners::partner_store> partners_;
    std::mt19937 random_;
    const asio::any_io_executor executor_;
    async_event wake_;
    /// Used by follow_partners(), and by stop() when that has ended.
    std::map<std::string, known_partner> partners_by_name_;

    mutable std::mutex mutex_;
    routes routes_;  // guarded by mutex_
    /// Of all partners.
    std::vector<std::shared_ptr<push_worker>> workers_;  // guarded by mutex_
    bool is_stopping_ = false;                           // guarded by mutex_
    task_scope tasks_;
};

pusher::pusher(push_dependencies dependencies)
    : context_(make_context(dependencies)), partners_(std::move(dependencies.partners))
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
    running_ = std::make_shared<impl>(context_, partners_, std::move(executor));
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
    if (const auto current = find_running()) current->on_change(change);
}

void pusher::on_foreign_change(const sessions::foreign_change& change) noexcept
{
    if (const auto current = find_running()) current->on_foreign_change(change);
}

bool pusher::wants_foreign_changes() const noexcept
{
    const auto current = find_running();
    return current && current->has_routes();
}

boost::asio::awaitable<void> pusher::on_same_session(crud::object_key key, crud::revision before,
                                                     crud::revision now)
{
    // If this fails, the session is sent to the partner again.
    (void)co_await context_->tools->acknowledgements.carry_over(std::move(key), before, now);
}

void pusher::on_served(const crud::record& session) noexcept
{
    const auto& emsp = session.document.emsp;
    if (!emsp) return;
    const session_state state(session.revision, session.document.last_updated);
    context_->tools->memory.serve(name_of_party(*emsp), session.document.key.folded(), state);
}

}  // namespace ocpi::exchange
