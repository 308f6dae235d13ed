#include "app/log_writer.hpp"

#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <exception>
#include <utility>

namespace ocpi::app {

using std::chrono::steady_clock;

namespace {

/// How often a descriptor that takes nothing is looked at.
constexpr int poll_interval_ms = 50;

bool is_regular_file(int descriptor) noexcept
{
    struct stat found = {};
    return ::fstat(descriptor, &found) == 0 && S_ISREG(found.st_mode);
}

}  // namespace

log_writer::log_writer(int descriptor, loss_line describe_loss, const limits& bounds)
    : descriptor_(descriptor),
      describe_loss_(std::move(describe_loss)),
      limits_(bounds),
      is_regular_file_(is_regular_file(descriptor)),
      thread_([this] { run(); })
{
}

log_writer::~log_writer()
{
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
        stop_at_ = steady_clock::now() + limits_.patience;
    }
    wake_.notify_one();
    thread_.join();
}

void log_writer::write(std::string_view line, bool is_urgent) noexcept
{
    bool must_wake = false;
    try {
        const std::lock_guard lock(mutex_);
        if (waiting_.size() + line.size() > limits_.buffer) drop_older_half();
        must_wake = waiting_.empty() || (is_urgent && !is_urgent_);
        waiting_ += line;
        is_urgent_ = is_urgent_ || is_urgent;
    } catch (const std::exception&) {
        // Without memory for a line there is none for a complaint.
        return;
    }
    if (must_wake) wake_.notify_one();
}

std::uint64_t log_writer::dropped() const
{
    const std::lock_guard lock(mutex_);
    return dropped_;
}

void log_writer::drop_older_half()
{
    const auto end = waiting_.find('\n', waiting_.size() / 2);
    const auto size = end == std::string::npos ? waiting_.size() : end + 1;
    const auto cut = waiting_.begin() + static_cast<std::ptrdiff_t>(size);
    dropped_ += static_cast<std::uint64_t>(std::count(waiting_.begin(), cut, '\n'));
    waiting_.erase(waiting_.begin(), cut);
}

void log_writer::run()
{
    std::string text;
    std::unique_lock lock(mutex_);
    for (;;) {
        wake_.wait(lock, [this] { return is_stopping_ || !waiting_.empty(); });
        wake_.wait_for(lock, limits_.gather, [this] { return is_stopping_ || is_urgent_; });
        if (waiting_.empty()) return;
        text.clear();
        std::swap(text, waiting_);
        is_urgent_ = false;
        const auto lost = dropped_ - reported_;
        reported_ = dropped_;
        lock.unlock();
        if (lost != 0) text.insert(0, describe_loss_(lost));
        const bool goes_on = write_out(text);
        lock.lock();
        if (!goes_on) return;
    }
}

/// False when the log is to be given up: it ends, and the descriptor takes no more.
bool log_writer::write_out(std::string_view text)
{
    // A pipe that is ready takes this much without blocking.
    const std::size_t step = is_regular_file_ ? text.size() : PIPE_BUF;
    while (!text.empty()) {
        if (!await_room()) return false;
        const auto written = ::write(descriptor_, text.data(), std::min(step, text.size()));
        if (written > 0) {
            text.remove_prefix(static_cast<std::size_t>(written));
        } else if (errno != EINTR && errno != EAGAIN) {
            return true;  // a broken pipe, a full disk: these lines are lost, later ones may not be
        }
    }
    return true;
}

/// False when the log ends before the descriptor takes anything.
bool log_writer::await_room()
{
    for (;;) {
        pollfd waited{descriptor_, POLLOUT, 0};
        if (::poll(&waited, 1, poll_interval_ms) > 0) return true;
        const std::lock_guard lock(mutex_);
        if (is_stopping_ && steady_clock::now() >= stop_at_) return false;
    }
}

}  // namespace ocpi::app
