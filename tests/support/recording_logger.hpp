#pragma once

#include "ocpi/base/logger.hpp"

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::test {

/// Keeps what it is told, for a test to look at.
class recording_logger final : public logger {
public:
    struct entry {
        log_level level;
        std::string text;

        entry(log_level of, std::string_view what) : level(of), text(what) {}
    };

    void write(log_level level, std::string_view text) noexcept override
    {
        const std::lock_guard lock(mutex_);
        entries_.emplace_back(level, text);
        written_.notify_all();
    }

    std::vector<entry> entries() const
    {
        const std::lock_guard lock(mutex_);
        return entries_;
    }

    /// Everything logged, line by line.
    std::string text() const
    {
        std::string all;
        for (const auto& written : entries()) all += written.text + '\n';
        return all;
    }

    /// The same, once there is something; empty after ten seconds without an entry.
    std::string await_text()
    {
        {
            std::unique_lock lock(mutex_);
            written_.wait_for(lock, std::chrono::seconds(10), [this] { return !entries_.empty(); });
        }
        return text();
    }

private:
    mutable std::mutex mutex_;
    std::condition_variable written_;
    std::vector<entry> entries_;
};

}  // namespace ocpi::test
