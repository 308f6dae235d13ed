#pragma once

#include "server/timed_stream.hpp"
#include "server/with_error_code.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/system/error_code.hpp>

#include <memory>
#include <utility>

namespace ocpi::server {

/// The byte stream of an accepted connection, with TLS or without. An AsyncStream whose operations
/// fail once their deadline has passed (timed_stream.hpp). Calls must be made on its strand.
class transport {
public:
    using socket_type = boost::asio::ip::tcp::socket;
    using plain_stream = timed_stream<socket_type>;
    using executor_type = plain_stream::executor_type;

    /// `tls` may be nullptr: no TLS.
    transport(socket_type socket, const std::shared_ptr<boost::asio::ssl::context>& tls)
        : plain_(std::move(socket))
    {
        if (tls) tls_ = std::make_unique<tls_stream>(plain_, *tls);
    }
    transport(const transport&) = delete;
    transport& operator=(const transport&) = delete;

    executor_type get_executor() { return plain_.get_executor(); }
    socket_type& socket() noexcept { return plain_.next_layer(); }
    bool has_tls() const noexcept { return tls_ != nullptr; }

    /// The bytes on the wire: for what follows the end of TLS.
    plain_stream& plain() noexcept { return plain_; }

    /// Call before any other operation if it has TLS.
    boost::asio::awaitable<boost::system::error_code> handshake()
    {
        const auto [failure] =
            co_await tls_->async_handshake(boost::asio::ssl::stream_base::server, with_error_code);
        co_return failure;
    }

    /// Tells the peer that TLS ends, and waits until the peer does the same.
    boost::asio::awaitable<void> end_tls() { co_await tls_->async_shutdown(with_error_code); }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token)
    {
        if (tls_) return tls_->async_read_some(buffers, std::forward<Token>(token));
        return plain_.async_read_some(buffers, std::forward<Token>(token));
    }

    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token)
    {
        if (tls_) return tls_->async_write_some(buffers, std::forward<Token>(token));
        return plain_.async_write_some(buffers, std::forward<Token>(token));
    }

    // As those of timed_stream.
    void expire() { plain_.expire(); }
    void renew() noexcept { plain_.renew(); }
    bool has_expired() const noexcept { return plain_.has_expired(); }

private:
    using tls_stream = boost::asio::ssl::stream<plain_stream&>;

    plain_stream plain_;
    std::unique_ptr<tls_stream> tls_;
};

}  // namespace ocpi::server
