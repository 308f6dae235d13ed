#pragma once

#include <boost/asio/append.hpp>
#include <boost/asio/async_result.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/post.hpp>
#include <boost/system/error_code.hpp>

#include <cstddef>
#include <utility>

namespace ocpi::server {

/// A stream that enforces the deadline of its operation. Cancelling is not enough: a composed
/// operation, such as asio::async_write or one of TLS, may be between two steps, with nothing to
/// cancel, and would continue. Here each step that begins after the deadline fails at once with
/// asio::error::timed_out.
///
/// `Stream` is an AsyncStream with cancel(); this is also an AsyncStream, and may be below a TLS
/// stream. Runs on the strand of the stream; calls must be made on it.
template <class Stream>
class timed_stream {
public:
    using next_layer_type = Stream;
    using lowest_layer_type = typename Stream::lowest_layer_type;
    using executor_type = typename Stream::executor_type;

    explicit timed_stream(Stream next) : next_(std::move(next)) {}

    Stream& next_layer() noexcept { return next_; }
    const Stream& next_layer() const noexcept { return next_; }
    lowest_layer_type& lowest_layer() noexcept { return next_.lowest_layer(); }
    const lowest_layer_type& lowest_layer() const noexcept { return next_.lowest_layer(); }
    executor_type get_executor() { return next_.get_executor(); }

    /// The deadline has passed: fails pending operations and those that begin before renew().
    void expire()
    {
        has_expired_ = true;
        boost::system::error_code ignored;
        next_.cancel(ignored);
    }
    /// Allows operations again.
    void renew() noexcept { has_expired_ = false; }
    bool has_expired() const noexcept { return has_expired_; }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers& buffers, Token&& token)
    {
        return boost::asio::async_initiate<Token, signature>(read_step{this}, token, buffers);
    }

    template <class Buffers, class Token>
    auto async_write_some(const Buffers& buffers, Token&& token)
    {
        return boost::asio::async_initiate<Token, signature>(write_step{this}, token, buffers);
    }

private:
    using signature = void(boost::system::error_code, std::size_t);

    struct read_step {
        timed_stream* self;

        template <class Handler, class Buffers>
        void operator()(Handler handler, const Buffers& buffers) const
        {
            if (self->has_expired_) return self->refuse(std::move(handler));
            self->next_.async_read_some(buffers, std::move(handler));
        }
    };

    struct write_step {
        timed_stream* self;

        template <class Handler, class Buffers>
        void operator()(Handler handler, const Buffers& buffers) const
        {
            if (self->has_expired_) return self->refuse(std::move(handler));
            self->next_.async_write_some(buffers, std::move(handler));
        }
    };

    template <class Handler>
    void refuse(Handler handler)
    {
        const boost::system::error_code late = boost::asio::error::timed_out;
        boost::asio::post(get_executor(),
                          boost::asio::append(std::move(handler), late, std::size_t(0)));
    }

    Stream next_;
    bool has_expired_ = false;
};

}  // namespace ocpi::server
