#pragma once

#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string_view>
#include <thread>
#include <utility>

namespace ocpi::test {

/// Stands between a client and a server on 127.0.0.1, on a thread of its own, and can cut a
/// connection at a chosen moment.
class dropping_proxy {
public:
    enum class direction { to_server, to_client };
    /// True: this is not passed on, and both sides are cut. Called on the proxy's thread.
    using rule = std::function<bool(direction, std::string_view)>;

    explicit dropping_proxy(int server_port)
        : server_(boost::asio::ip::make_address("127.0.0.1"),
                  static_cast<std::uint16_t>(server_port)),
          acceptor_(context_, {boost::asio::ip::make_address("127.0.0.1"), 0})
    {
        accept();
        thread_ = std::thread([this] { context_.run(); });
    }
    ~dropping_proxy()
    {
        context_.stop();
        thread_.join();
    }
    dropping_proxy(const dropping_proxy&) = delete;
    dropping_proxy& operator=(const dropping_proxy&) = delete;

    int port() const { return acceptor_.local_endpoint().port(); }

    /// For what passes from now on.
    void set_rule(rule next)
    {
        const std::lock_guard lock(mutex_);
        rule_ = std::move(next);
    }

    int dropped() const noexcept { return dropped_; }

private:
    using tcp = boost::asio::ip::tcp;

    struct pair {
        tcp::socket client;
        tcp::socket server;
        std::array<char, 65536> from_client;
        std::array<char, 65536> from_server;

        pair(tcp::socket of, boost::asio::io_context& context)
            : client(std::move(of)), server(context)
        {
        }
    };

    void accept()
    {
        acceptor_.async_accept([this](boost::system::error_code failure, tcp::socket client) {
            if (failure) return;
            auto made = std::make_shared<pair>(std::move(client), context_);
            boost::system::error_code unreachable;
            made->server.connect(server_, unreachable);
            if (!unreachable) {
                pass(made, made->client, made->server, made->from_client, direction::to_server);
                pass(made, made->server, made->client, made->from_server, direction::to_client);
            }
            accept();
        });
    }

    void pass(const std::shared_ptr<pair>& on, tcp::socket& from, tcp::socket& to,
              std::array<char, 65536>& buffer, direction where)
    {
        from.async_read_some(
            boost::asio::buffer(buffer), [this, on, &from, &to, &buffer, where](
                                             boost::system::error_code failure, std::size_t size) {
                if (failure || is_to_drop(where, {buffer.data(), size})) return cut(*on);
                boost::system::error_code broken;
                boost::asio::write(to, boost::asio::buffer(buffer.data(), size), broken);
                if (broken) return cut(*on);
                pass(on, from, to, buffer, where);
            });
    }

    bool is_to_drop(direction where, std::string_view bytes)
    {
        const std::lock_guard lock(mutex_);
        if (!rule_ || !rule_(where, bytes)) return false;
        ++dropped_;
        return true;
    }

    static void cut(pair& both)
    {
        boost::system::error_code ignored;
        both.client.close(ignored);
        both.server.close(ignored);
    }

    const tcp::endpoint server_;
    boost::asio::io_context context_;
    tcp::acceptor acceptor_;
    std::mutex mutex_;
    rule rule_;  // guarded by mutex_
    std::atomic<int> dropped_ = 0;
    std::thread thread_;
};

}  // namespace ocpi::test
