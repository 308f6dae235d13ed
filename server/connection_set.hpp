#pragma once

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <unordered_set>
#include <vector>

namespace ocpi::server {

class connection;

/// The open connections of one server. Safe from any thread.
class connection_set {
public:
    /// Admission of a new connection.
    enum class admission {
        regular,   ///< it is served
        overflow,  ///< one too many: its first request is answered with errc::overloaded
        none,      ///< far too many, or the server stops: closed at once
    };

    /// Number of connections beyond the regular ones that get an answer.
    static constexpr std::size_t overflow_seats = 128;

    explicit connection_set(std::size_t regular_seats) : regular_seats_(regular_seats) {}

    /// Adds a connection unless the result is seat::none. It must call leave() before its end.
    admission enter(connection& newcomer);
    /// No effect for a connection that has left already.
    void leave(connection& leaver) noexcept;

    /// Rejects further connections; `on_empty` is called, once or more and from any thread, after
    /// the last one has left.
    void close(std::function<void()> on_empty);
    bool closed() const noexcept { return closed_; }

    std::vector<std::shared_ptr<connection>> all() const;
    std::size_t size() const;

private:
    const std::size_t regular_seats_;
    mutable std::mutex mutex_;
    std::unordered_set<connection*> members_;
    std::function<void()> on_empty_;
    std::atomic<bool> closed_ = false;
};

}  // namespace ocpi::server
