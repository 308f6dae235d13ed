#pragma once

#include "ocpi/base/logger.hpp"

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

private:
    mutable std::mutex mutex_;
    std::vector<entry> entries_;
};

}  // namespace ocpi::test
