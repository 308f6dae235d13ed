#include "server/name_lookup.hpp"

#include "ocpi/base/async_event.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <netdb.h>
#include <sys/socket.h>

#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <stop_token>
#include <system_error>
#include <thread>
#include <unordered_map>
#include <utility>

namespace ocpi::server {

namespace asio = boost::asio;

namespace {

error unknown_name(const char* why)
{
    return error(errc::not_found, std::string("its name cannot be resolved: ") + why);
}

asio::ip::address to_address(const addrinfo& from)
{
    asio::ip::tcp::endpoint endpoint;
    endpoint.resize(from.ai_addrlen);
    std::memcpy(endpoint.data(), from.ai_addr, from.ai_addrlen);
    return endpoint.address();
}

/// Blocks.
result<addresses> ask_system(const std::string& host)
{
    addrinfo wanted{};
    wanted.ai_family = AF_UNSPEC;
    wanted.ai_socktype = SOCK_STREAM;
    addrinfo* list = nullptr;
    if (const int problem = ::getaddrinfo(host.c_str(), nullptr, &wanted, &list); problem != 0)
        return unknown_name(::gai_strerror(problem));
    addresses found;
    for (const auto* each = list; each; each = each->ai_next) {
        if (each->ai_family == AF_INET || each->ai_family == AF_INET6)
            found.push_back(to_address(*each));
    }
    ::freeaddrinfo(list);
    if (found.empty()) return unknown_name("it has no address");
    return found;
}

}  // namespace

/// Of one name, shared by all that wait for it.
struct name_lookup::lookup {
    const std::string host;
    /// Written before `done` is requested, read afterwards.
    std::optional<result<addresses>> answer;
    std::stop_source done;
    std::size_t waiting = 0;  // guarded by the state's mutex

    explicit lookup(std::string of) : host(std::move(of)) {}
};

/// The threads keep it alive.
struct name_lookup::shared_state {
    const ask_function ask;
    const std::size_t max_threads;
    const std::size_t max_waiting;
    std::mutex mutex;  // guards what follows
    std::condition_variable has_work;
    std::unordered_map<std::string, std::shared_ptr<lookup>> by_host{};
    std::deque<std::shared_ptr<lookup>> queue{};
    std::size_t threads = 0;
    std::size_t idle = 0;
    bool is_over = false;

    shared_state(ask_function question, std::size_t thread_limit, std::size_t waiting_limit)
        : ask(std::move(question)), max_threads(thread_limit), max_waiting(waiting_limit)
    {
    }

    /// nullptr: too many names wait. Throws std::system_error when there is no thread at all.
    static std::shared_ptr<lookup> join(const std::shared_ptr<shared_state>& self,
                                        const std::string& host)
    {
        const std::lock_guard lock(self->mutex);
        auto& known = self->by_host[host];
        if (!known) {
            if (self->queue.size() >= self->max_waiting) {
                self->by_host.erase(host);
                return nullptr;
            }
            known = std::make_shared<lookup>(host);
            self->queue.push_back(known);
            start_thread_if_needed(self);
            self->has_work.notify_one();
        }
        ++known->waiting;
        return known;
    }

    void leave(const std::shared_ptr<lookup>& left)
    {
        const std::lock_guard lock(mutex);
        if (--left->waiting == 0 && std::erase(queue, left) > 0) by_host.erase(left->host);
    }

private:
    /// The caller holds the mutex and has just added the last of the queue.
    static void start_thread_if_needed(const std::shared_ptr<shared_state>& self)
    {
        if (self->idle >= self->queue.size() || self->threads >= self->max_threads) return;
        try {
            std::thread([self] { self->work(); }).detach();
            ++self->threads;
        } catch (const std::system_error&) {
            if (self->threads > 0) return;  // it goes on with those there are
            self->by_host.erase(self->queue.back()->host);
            self->queue.pop_back();
            throw;
        }
    }

    void work()
    {
        std::unique_lock lock(mutex);
        for (;;) {
            ++idle;
            has_work.wait(lock, [this] { return is_over || !queue.empty(); });
            --idle;
            if (is_over) return;
            const auto next = std::move(queue.front());
            queue.pop_front();
            lock.unlock();
            next->answer = ask_safely(next->host);
            lock.lock();
            by_host.erase(next->host);
            lock.unlock();
            next->done.request_stop();
            lock.lock();
        }
    }

    result<addresses> ask_safely(const std::string& host) const
    {
        try {
            return ask(host);
        } catch (const std::exception& failure) {
            return unknown_name(failure.what());
        }
    }
};

/// A coroutine's part in a look-up, until it returns or is destroyed.
class name_lookup::interest {
public:
    interest(std::shared_ptr<shared_state> state, std::shared_ptr<lookup> in)
        : state_(std::move(state)), in_(std::move(in))
    {
    }
    ~interest() { state_->leave(in_); }
    interest(const interest&) = delete;
    interest& operator=(const interest&) = delete;

private:
    const std::shared_ptr<shared_state> state_;
    const std::shared_ptr<lookup> in_;
};

name_lookup::name_lookup(ask_function ask, std::size_t max_threads, std::size_t max_waiting)
    : state_(std::make_shared<shared_state>(std::move(ask), max_threads, max_waiting))
{
}

name_lookup::~name_lookup()
{
    const std::lock_guard lock(state_->mutex);
    state_->is_over = true;
    state_->has_work.notify_all();
}

asio::awaitable<result<addresses>> name_lookup::find(std::string host,
                                                     std::chrono::steady_clock::time_point end)
{
    std::shared_ptr<lookup> joined;
    try {
        joined = shared_state::join(state_, host);
    } catch (const std::system_error&) {
        co_return error(errc::overloaded, "its name cannot be resolved: no thread is left");
    }
    if (!joined) {
        co_return error(errc::overloaded, "its name cannot be resolved: too many are looked up");
    }
    const interest mine(state_, joined);
    const auto done = joined->done.get_token();
    async_event never;
    co_await never.wait_until(end, done);
    if (!done.stop_requested()) {
        co_return error(errc::timed_out, "its name cannot be resolved in time");
    }
    co_return *joined->answer;
}

asio::awaitable<result<addresses>> look_up(std::string host,
                                           std::chrono::steady_clock::time_point end)
{
    boost::system::error_code is_name;
    const auto literal = asio::ip::make_address(host, is_name);
    if (!is_name) co_return addresses(1, literal);
    // Never destroyed: its threads may outlast static objects.
    static auto& of_process = *new name_lookup(ask_system);
    co_return co_await of_process.find(std::move(host), end);
}

}  // namespace ocpi::server
