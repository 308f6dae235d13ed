#include "server/timed_stream.hpp"

#include <doctest/doctest.h>

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/write.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace timed_stream_test {

namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// A stream whose operations wait until a test lets them go on, by a byte.
class stepped_stream {
public:
    using lowest_layer_type = stepped_stream;
    using executor_type = asio::io_context::executor_type;
    using handler = asio::any_completion_handler<void(error_code, std::size_t)>;

    explicit stepped_stream(asio::io_context& context) : context_(&context) {}

    executor_type get_executor() { return context_->get_executor(); }
    bool is_pending() const { return pending_ != nullptr; }

    /// The pending operation has done a byte; its handler waits for its turn.
    void step() { complete({}, 1); }
    void cancel(error_code&)
    {
        if (pending_) complete(asio::error::operation_aborted, 0);
    }

    template <class Buffers, class Token>
    auto async_read_some(const Buffers&, Token&& token)
    {
        return asio::async_initiate<Token, void(error_code, std::size_t)>(keep{this}, token);
    }
    template <class Buffers, class Token>
    auto async_write_some(const Buffers&, Token&& token)
    {
        return asio::async_initiate<Token, void(error_code, std::size_t)>(keep{this}, token);
    }

private:
    struct keep {
        stepped_stream* self;
        template <class Handler>
        void operator()(Handler done) const
        {
            self->pending_ = std::make_unique<handler>(std::move(done));
        }
    };

    void complete(const error_code& failure, std::size_t count)
    {
        auto done = std::exchange(pending_, nullptr);
        asio::post(*context_, [done = std::move(done), failure, count]() mutable {
            std::move (*done)(failure, count);
        });
    }

    asio::io_context* context_;
    std::unique_ptr<handler> pending_;
};

struct outcome {
    std::optional<error_code> failure;
    std::size_t count = 0;

    auto record()
    {
        return [this](const error_code& ended_with, std::size_t done) {
            failure = ended_with;
            count = done;
        };
    }
};

using timed = ocpi::server::timed_stream<stepped_stream>;

}  // namespace

TEST_CASE("server/timed_stream: a deadline between two steps of a write ends the write")
{
    asio::io_context context;
    timed stream{stepped_stream(context)};
    outcome seen;
    const std::string text = "abc";
    asio::async_write(stream, asio::buffer(text), seen.record());
    stream.next_layer().step();
    stream.expire();  // the step is done, and the next one has not begun
    context.run();
    CHECK_FALSE(stream.next_layer().is_pending());
    REQUIRE(seen.failure);
    CHECK(*seen.failure == asio::error::timed_out);
    CHECK(seen.count == 1);
}

TEST_CASE("server/timed_stream: a deadline within a step cancels it")
{
    asio::io_context context;
    timed stream{stepped_stream(context)};
    outcome seen;
    const std::string text = "abc";
    asio::async_write(stream, asio::buffer(text), seen.record());
    stream.expire();
    context.run();
    REQUIRE(seen.failure);
    CHECK(*seen.failure == asio::error::operation_aborted);
    CHECK(stream.has_expired());
}

TEST_CASE("server/timed_stream: what begins after the deadline ends at once, until there is time")
{
    asio::io_context context;
    timed stream{stepped_stream(context)};
    char byte = 0;
    outcome late;
    stream.expire();
    stream.async_read_some(asio::buffer(&byte, 1), late.record());
    CHECK_FALSE(stream.next_layer().is_pending());
    CHECK_FALSE(late.failure);  // never from within the call
    context.run();
    REQUIRE(late.failure);
    CHECK(*late.failure == asio::error::timed_out);

    stream.renew();
    outcome timely;
    stream.async_read_some(asio::buffer(&byte, 1), timely.record());
    REQUIRE(stream.next_layer().is_pending());
    stream.next_layer().step();
    context.restart();
    context.run();
    REQUIRE(timely.failure);
    CHECK_FALSE(*timely.failure);
    CHECK(timely.count == 1);
}

}  // namespace timed_stream_test
