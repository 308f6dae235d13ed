#include "server/name_lookup.hpp"

#include "server/with_error_code.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <netdb.h>
#include <sys/socket.h>

#include <cstring>
#include <memory>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>
#include <utility>

namespace ocpi::server {

namespace asio = boost::asio;
using addresses = std::vector<asio::ip::address>;

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

/// Shared by the coroutine that waits and the thread that asks. The coroutine may be gone first,
/// and its execution context with it: from then on `waiting` is null and the executor is not
/// touched.
struct lookup {
    std::mutex mutex;
    asio::steady_timer* waiting = nullptr;
    std::optional<result<addresses>> answer;

    static void run(const std::shared_ptr<lookup>& self, const std::string& host)
    {
        auto answer = ask_system(host);
        const std::lock_guard lock(self->mutex);
        if (!self->waiting) return;
        self->answer = std::move(answer);
        asio::post(self->waiting->get_executor(), [self] {
            const std::lock_guard on_strand(self->mutex);
            if (self->waiting) self->waiting->cancel();
        });
    }
};

/// Ends the thread's interest in a coroutine that returns or is destroyed.
class waiting_coroutine {
public:
    waiting_coroutine(std::shared_ptr<lookup> shared, asio::steady_timer& timer)
        : shared_(std::move(shared))
    {
        shared_->waiting = &timer;
    }
    ~waiting_coroutine()
    {
        const std::lock_guard lock(shared_->mutex);
        shared_->waiting = nullptr;
    }
    waiting_coroutine(const waiting_coroutine&) = delete;
    waiting_coroutine& operator=(const waiting_coroutine&) = delete;

private:
    std::shared_ptr<lookup> shared_;
};

}  // namespace

asio::awaitable<result<addresses>> look_up(asio::any_io_executor strand, std::string host,
                                           std::chrono::steady_clock::time_point end)
{
    boost::system::error_code is_name;
    const auto literal = asio::ip::make_address(host, is_name);
    if (!is_name) co_return addresses(1, literal);

    asio::steady_timer timer(strand, end);
    const auto shared = std::make_shared<lookup>();
    const waiting_coroutine guard(shared, timer);
    try {
        std::thread([shared, host] { lookup::run(shared, host); }).detach();
    } catch (const std::system_error&) {
        co_return error(errc::overloaded, "its name cannot be resolved: no thread is left");
    }
    // The thread posts to this strand: its wake-up cannot come before the wait.
    co_await timer.async_wait(with_error_code);
    const std::lock_guard lock(shared->mutex);
    if (!shared->answer) co_return error(errc::timed_out, "its name cannot be resolved in time");
    co_return *std::move(shared->answer);
}

}  // namespace ocpi::server
