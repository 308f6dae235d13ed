#include "tests/support/stalling_proxy.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/asio/write.hpp>

#include <sys/socket.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <list>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

namespace ocpi::test {

namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using server_protocol = asio::generic::stream_protocol;

}  // namespace

class stalling_proxy::impl {
public:
    explicit impl(server_protocol::endpoint server)
        : server_(std::move(server)), acceptor_(context_, {asio::ip::address_v4::loopback(), 0})
    {
        port_ = acceptor_.local_endpoint().port();
        asio::co_spawn(context_, accept(), asio::detached);
        thread_ = std::thread([this] { context_.run(); });
    }

    ~impl()
    {
        context_.stop();
        thread_.join();
    }

    unsigned short port() const { return port_; }

    void set_stalled(bool to_server, bool to_client)
    {
        on_thread([=, this] {
            to_server_.is_stalled = to_server;
            to_client_.is_stalled = to_client;
            wake();
        });
    }

    void cut()
    {
        on_thread([this] {
            for (auto& each : links_) {
                boost::system::error_code ignored;
                each.client.set_option(asio::socket_base::linger(true, 0), ignored);
                close(each);
            }
        });
    }

    void set_refusing(bool is_refusing)
    {
        on_thread([=, this] { is_refusing_ = is_refusing; });
    }

    std::size_t open_connections()
    {
        std::size_t count = 0;
        on_thread([&] { count = links_.size(); });
        return count;
    }

    /// What flows in one direction.
    struct flow {
        explicit flow(asio::io_context& context)
            : resumed(context, asio::steady_timer::time_point::max())
        {
        }

        bool is_stalled = false;     // on the proxy's thread
        asio::steady_timer resumed;  // never rings; cancelled when it may go on
        mutable std::mutex mutex;
        mutable std::condition_variable grown;
        std::size_t bytes = 0;  // guarded by mutex

        void add(std::size_t count)
        {
            const std::lock_guard lock(mutex);
            bytes += count;
            grown.notify_all();
        }
        std::size_t received() const
        {
            const std::lock_guard lock(mutex);
            return bytes;
        }
        bool await(std::size_t count) const
        {
            std::unique_lock lock(mutex);
            return grown.wait_for(lock, std::chrono::seconds(20), [&] { return bytes >= count; });
        }
    };

private:
    struct link {
        explicit link(tcp::socket accepted)
            : client(std::move(accepted)), server(client.get_executor())
        {
        }
        tcp::socket client;
        server_protocol::socket server;
    };

    template <class Function>
    void on_thread(Function function)
    {
        asio::post(context_, asio::use_future(std::move(function))).get();
    }

    asio::awaitable<void> accept()
    {
        for (;;) {
            auto accepted = co_await acceptor_.async_accept(asio::use_awaitable);
            if (is_refusing_) continue;
            links_.emplace_back(std::move(accepted));
            asio::co_spawn(context_, serve(std::prev(links_.end())), asio::detached);
        }
    }

    asio::awaitable<void> serve(std::list<link>::iterator on)
    {
        boost::system::error_code failure;
        co_await on->server.async_connect(server_,
                                          asio::redirect_error(asio::use_awaitable, failure));
        if (!failure) {
            // The one that ends first ends the other.
            asio::steady_timer other_ended(context_, asio::steady_timer::time_point::max());
            auto back = [this, on, &other_ended]() -> asio::awaitable<void> {
                co_await forward(on->server, on->client, to_client_);
                close(*on);
                other_ended.cancel();
            };
            asio::co_spawn(context_, back, asio::detached);
            co_await forward(on->client, on->server, to_server_);
            close(*on);
            co_await other_ended.async_wait(asio::redirect_error(asio::use_awaitable, failure));
        }
        links_.erase(on);
    }

    void close(link& ended)
    {
        boost::system::error_code ignored;
        ended.client.close(ignored);
        ended.server.close(ignored);
        wake();
    }

    void wake()
    {
        to_server_.resumed.cancel();
        to_client_.resumed.cancel();
    }

    template <class From, class To>
    asio::awaitable<void> forward(From& from, To& to, flow& in)
    {
        std::vector<char> bytes(16384);
        boost::system::error_code failure;
        for (;;) {
            auto count = co_await from.async_read_some(
                asio::buffer(bytes), asio::redirect_error(asio::use_awaitable, failure));
            if (failure) co_return;
            in.add(count);
            while (in.is_stalled && to.is_open()) {
                co_await in.resumed.async_wait(asio::redirect_error(asio::use_awaitable, failure));
            }
            failure = {};
            co_await asio::async_write(to, asio::buffer(bytes.data(), count),
                                       asio::redirect_error(asio::use_awaitable, failure));
            if (failure) co_return;
        }
    }

    server_protocol::endpoint server_;
    asio::io_context context_;
    tcp::acceptor acceptor_;
    unsigned short port_ = 0;
    bool is_refusing_ = false;
    std::list<link> links_;

public:
    flow to_server_{context_};
    flow to_client_{context_};

private:
    std::thread thread_;
};

stalling_proxy::stalling_proxy(unsigned short port)
    : impl_(std::make_unique<impl>(tcp::endpoint(asio::ip::address_v4::loopback(), port)))
{
}

stalling_proxy::stalling_proxy(const std::string& socket_path)
    : impl_(std::make_unique<impl>(asio::local::stream_protocol::endpoint(socket_path)))
{
}

stalling_proxy::~stalling_proxy() = default;

unsigned short stalling_proxy::port() const
{
    return impl_->port();
}

void stalling_proxy::stall()
{
    impl_->set_stalled(true, true);
}

void stalling_proxy::stall(direction only)
{
    impl_->set_stalled(only == direction::to_server, only == direction::to_client);
}

void stalling_proxy::resume()
{
    impl_->set_stalled(false, false);
}

void stalling_proxy::cut()
{
    impl_->cut();
}

void stalling_proxy::refuse()
{
    impl_->set_refusing(true);
}

void stalling_proxy::allow()
{
    impl_->set_refusing(false);
}

std::size_t stalling_proxy::open_connections() const
{
    return impl_->open_connections();
}

std::size_t stalling_proxy::bytes_from_clients() const
{
    return impl_->to_server_.received();
}

std::size_t stalling_proxy::bytes_from_server() const
{
    return impl_->to_client_.received();
}

bool stalling_proxy::await_bytes_from_clients(std::size_t count) const
{
    return impl_->to_server_.await(count);
}

bool stalling_proxy::await_bytes_from_server(std::size_t count) const
{
    return impl_->to_client_.await(count);
}

}  // namespace ocpi::test
