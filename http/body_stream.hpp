#pragma once

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace ocpi::http {

/// A body produced while it is sent, such as a stream of events. The sender requests the next piece
/// once the previous one is being sent: a slow reader requests less, and nothing is buffered for
/// it.
class body_stream {
public:
    virtual ~body_stream() = default;

    /// The next piece of the body; std::nullopt at the end. An empty piece carries no data and lets
    /// the caller check whether to continue. Awaited by one coroutine at a time, on its executor.
    /// An exception aborts the body.
    virtual boost::asio::awaitable<std::optional<std::string>> next() = 0;

    /// The reader is gone or the server stops: a waiting next() soon returns std::nullopt, and so
    /// does every later one. Safe from any thread, any number of times.
    virtual void close() noexcept = 0;
};

}  // namespace ocpi::http
