#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

namespace ocpi::app {

/// Writes lines to a file descriptor on a thread of its own: a caller never waits for the
/// descriptor, and lines that come together are written together. What the descriptor does not
/// take is kept in a bounded buffer; when it is full, its older half is dropped and counted.
class log_writer {
public:
    struct limits {
        /// Bytes that wait to be written.
        std::size_t buffer = 4 * 1024 * 1024;
        /// How long a line that is not urgent may wait for others.
        std::chrono::milliseconds gather = std::chrono::milliseconds(20);
        /// How long the destructor waits for a descriptor that takes nothing.
        std::chrono::milliseconds patience = std::chrono::seconds(2);
    };

    /// Makes the line that says how many lines were dropped before those that follow it.
    using loss_line = std::function<std::string(std::uint64_t lines)>;

    /// The descriptor stays open, and stays the caller's.
    log_writer(int descriptor, loss_line describe_loss, const limits& bounds);
    /// Writes what waits.
    ~log_writer();
    log_writer(const log_writer&) = delete;
    log_writer& operator=(const log_writer&) = delete;

    /// `line` ends with a line end. An urgent one is not held back for others. Safe from any
    /// thread.
    void write(std::string_view line, bool is_urgent) noexcept;

    /// All lines dropped so far.
    std::uint64_t dropped() const;

private:
    void drop_older_half();
    void run();
    bool write_out(std::string_view text);
    bool await_room();

    const int descriptor_;
    const loss_line describe_loss_;
    const limits limits_;
    bool is_regular_file_ = false;

    mutable std::mutex mutex_;
    std::condition_variable wake_;
    // Guarded by mutex_.
    std::string waiting_;
    std::uint64_t dropped_ = 0;
    std::uint64_t reported_ = 0;
    bool is_urgent_ = false;
    bool is_stopping_ = false;
    std::chrono::steady_clock::time_point stop_at_;

    std::thread thread_;
};

}  // namespace ocpi::app
