#pragma once

#include <boost/asio/awaitable.hpp>

#include <optional>
#include <string>

namespace ocpi::http {

/// The body of an answer that is made while it is sent, such as a stream of events. Whoever sends
/// it asks for one piece after another, the next one once the one before is on its way: a reader
/// that is slow is asked for less, and nothing need be kept for it.
class body_stream {
public:
    virtual ~body_stream() = default;

    /// The next piece of the body, once there is one; nothing at the end. An empty one is none: it
    /// lets whoever asks look whether to go on. Awaited by one coroutine at a time, upon its
    /// executor. An exception ends the body in the middle.
    virtual boost::asio::awaitable<std::optional<std::string>> next() = 0;

    /// The reader is gone, or the server stops: a next() that waits ends soon, with nothing, and
    /// so does every later one. From any thread, any number of times.
    virtual void close() noexcept = 0;
};

}  // namespace ocpi::http
