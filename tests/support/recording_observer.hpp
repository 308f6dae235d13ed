#pragma once

#include "http/request_observer.hpp"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

namespace ocpi::test {

/// Keeps the reports of requests, for a test to look at.
class recording_observer final : public http::request_observer {
public:
    void on_finished(const http::request_report& report) noexcept override
    {
        const std::lock_guard lock(mutex_);
        reports_.push_back(report);
        finished_.notify_all();
    }

    /// All reports, once there are so many; fewer after ten seconds.
    std::vector<http::request_report> await(std::size_t count)
    {
        std::unique_lock lock(mutex_);
        finished_.wait_for(lock, std::chrono::seconds(10),
                           [&] { return reports_.size() >= count; });
        return reports_;
    }

private:
    std::mutex mutex_;
    std::condition_variable finished_;
    std::vector<http::request_report> reports_;
};

}  // namespace ocpi::test
