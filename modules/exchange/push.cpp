#include "modules/exchange/push.hpp"

#include "http/url.hpp"
#include "modules/exchange/push_worker.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <map>
#include <mutex>
#include <random>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <utility>

namespace ocpi::exchange {
namespace {

namespace asio = boost::asio;

using worker = std::shared_ptr<push_worker>;
/// The worker for an eMSP, by its folded name.
using routes = std::unordered_map<std::string, worker>;

std::string name_of_party(const party& of)
{
    return fold_case(to_string(of));
}

bool is_same(const push_target& a, const push_target& b)
{
    return a.access == b.access && a.version == b.version && a.url == b.url &&
           a.registration == b.registration && a.emsps == b.emsps && a.closing_put == b.closing_put;
}

std::shared_ptr<push_context> make_context(push_parts& parts)
{
    if (!parts.crud || !parts.partners || !parts.client) {
        throw std::invalid_argument("a pusher needs a Crud, the partners and a client");
    }
    if (!parts.log) parts.log = std::make_shared<silent_logger>();
    if (!parts.observer) parts.observer = std::make_shared<exchange_observer>();
    auto context = std::make_shared<push_context>();
    context->tools =
        std::make_shared<push_tools>(parts.crud, parts.client, parts.observer, parts.options);
    context->log = parts.log;
    context->own_parties = parts.own_cpo_parties;
    context->options = parts.options;
    return context;
}

}  // namespace

/// From start() to stop(): keeps a worker for every partner there is or was, and knows which eMSP
/// belongs to which.
class pusher::running : public std::enable_shared_from_this<pusher::running> {
public:
    running(std::shared_ptr<push_context> context,
            std::shared_ptr<partners::partner_store> partners, asio::any_io_executor executor)
        : context_(std::move(context)),
          partners_(std::move(partners)),
          random_(context_->options.seed ? *context_->options.seed : std::random_device{}()),
          executor_(std::move(executor)),
          strand_(asio::make_strand(executor_)),
          poll_timer_(strand_)
    {
    }

    void start()
    {
        asio::co_spawn(
            strand_, [self = shared_from_this()] { return self->run(); }, asio::detached);
    }

    asio::awaitable<void> stop()
    {
        auto work = stop_on_strand(shared_from_this());
        co_await asio::co_spawn(strand_, std::move(work), asio::use_awaitable);
    }

    void partners_changed()
    {
        asio::post(strand_, [self = shared_from_this()] {
            self->is_look_wanted_ = true;
            self->poll_timer_.cancel();
        });
    }

    void on_change(const sessions::session_change& change) noexcept
    {
        if (!change.emsp) return;
        const auto& own = context_->own_parties;
        if (std::find(own.begin(), own.end(), change.key.owner()) == own.end()) return;
        worker responsible;
        try {
            const auto emsp = name_of_party(*change.emsp);
            const std::lock_guard lock(mutex_);
            const auto found = routes_.find(emsp);
            if (found == routes_.end()) return;
            responsible = found->second;
        } catch (const std::exception&) {
            return;  // out of memory: the next scan finds the session
        }
        responsible->tell(change.key, change.revision);
    }

private:
    struct known_partner {
        exchange::worker worker;
        std::shared_ptr<const push_target> target;
        bool was_assigned = false;
    };

    asio::awaitable<void> run()
    {
        while (!is_stopping_) {
            is_look_wanted_ = false;
            auto listed = co_await partners_->list();
            if (is_stopping_) break;
            if (listed.has_value()) {
                take(*listed);
            } else {
                context_->log->write(log_level::debug, "the list of partners cannot be read: " +
                                                           listed.error().text());
            }
            if (is_look_wanted_) continue;
            poll_timer_.expires_after(context_->options.partner_poll);
            boost::system::error_code ended;
            co_await poll_timer_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
        }
        is_running_ = false;
        poll_timer_.cancel();
    }

    void take(const std::vector<partners::stored_partner>& listed)
    {
        routes latest;
        std::map<std::string, std::shared_ptr<const push_target>> targets;
        for (const auto& [partner, revision] : listed) {
            auto target = make_target(partner, latest);
            for (const auto& emsp : target ? target->emsps : std::vector<party>()) {
                latest[name_of_party(emsp)] = worker_for(partner.name);
            }
            targets[partner.name] = std::move(target);
            worker_for(partner.name);
        }
        {
            const std::lock_guard lock(mutex_);
            routes_.swap(latest);
        }
        // After the routes: a worker's first scan finds what was told to nobody before.
        for (auto& [name, known] : partners_by_name_) assign(known, targets[name]);
    }

    /// nullptr when there is nothing to push to.
    static std::shared_ptr<const push_target> make_target(const partners::partner& partner,
                                                          const routes& taken)
    {
        if (!partner.is_registered()) return nullptr;
        const auto* url = partner.find_endpoint("sessions", partners::interface_role::receiver);
        if (!url) return nullptr;
        auto target = std::make_shared<push_target>();
        target->access = partners::access_to(partner);
        target->registration = partner.registration;
        target->version = partner.version;
        // Sessions are appended to it by one slash in any case: one at its end makes no other
        // place.
        target->url = http::without_trailing_slashes(*url);
        target->closing_put = partner.closing_put;
        for (const auto& emsp : partner.parties_in_role(party_role::emsp)) {
            if (taken.count(name_of_party(emsp)) == 0) target->emsps.push_back(emsp);
        }
        if (target->emsps.empty()) return nullptr;
        return target;
    }

    worker worker_for(const std::string& name)
    {
        auto& known = partners_by_name_[name];
        if (!known.worker) {
            known.worker = std::make_shared<push_worker>(context_, name, executor_,
                                                         static_cast<unsigned>(random_()));
            known.worker->start();
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

    asio::awaitable<void> stop_on_strand(std::shared_ptr<running>)
    {
        is_stopping_ = true;
        poll_timer_.cancel();
        {
            const std::lock_guard lock(mutex_);
            routes_.clear();
        }
        // All of them at once, so that the grace is one for all.
        for (auto& [name, known] : partners_by_name_) known.worker->ask_to_stop();
        for (auto& [name, known] : partners_by_name_) co_await known.worker->stop();
        while (is_running_) {
            poll_timer_.expires_at(std::chrono::steady_clock::time_point::max());
            boost::system::error_code ended;
            co_await poll_timer_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
        }
    }

    const std::shared_ptr<push_context> context_;
    const std::shared_ptr<partners::partner_store> partners_;
    std::mt19937 random_;
    const asio::any_io_executor executor_;
    asio::strand<asio::any_io_executor> strand_;
    asio::steady_timer poll_timer_;
    bool is_running_ = true;
    bool is_stopping_ = false;
    bool is_look_wanted_ = false;
    std::map<std::string, known_partner> partners_by_name_;

    std::mutex mutex_;
    routes routes_;  // guarded by mutex_
};

pusher::pusher(push_parts parts)
    : context_(make_context(parts)), partners_(std::move(parts.partners))
{
}

pusher::~pusher() = default;

std::shared_ptr<pusher::running> pusher::find_running() const
{
    const std::lock_guard lock(mutex_);
    return running_;
}

void pusher::start(asio::any_io_executor executor)
{
    const std::lock_guard lock(mutex_);
    if (running_) return;
    running_ = std::make_shared<running>(context_, partners_, std::move(executor));
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

void pusher::partners_changed()
{
    if (const auto current = find_running()) current->partners_changed();
}

void pusher::on_change(const sessions::session_change& change) noexcept
{
    if (const auto current = find_running()) current->on_change(change);
}

boost::asio::awaitable<void> pusher::on_same_session(sessions::session_key key,
                                                     crud::revision before, crud::revision now)
{
    // Where this fails, the partner is sent the session once more.
    (void)co_await context_->tools->marks.carry_over(std::move(key), before, now);
}

void pusher::on_served(const crud::record& session) noexcept
{
    const auto& emsp = session.document.emsp;
    if (!emsp) return;
    const session_state state(session.revision, session.document.last_updated);
    context_->tools->memory.serve(name_of_party(*emsp),
                                  sessions::session_key_of(session.document.key).folded(), state);
}

}  // namespace ocpi::exchange
