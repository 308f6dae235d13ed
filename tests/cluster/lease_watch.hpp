#pragma once

#include "tests/cluster/checks.hpp"

#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace cluster {

/// Reads the table of leases again and again, as long as it can, and keeps what was new.
class lease_watch {
public:
    /// A URI for libpq. Throws std::runtime_error when it cannot connect at first.
    explicit lease_watch(std::string url);
    ~lease_watch();

    std::vector<lease_sample> samples() const;
    /// The process that holds the lease; 0: none does.
    pid_t holder(const std::string& lease) const;

private:
    class session;

    void watch(std::stop_token over);
    void add(std::vector<lease_sample> read);

    const std::string url_;
    mutable std::mutex mutex_;
    std::vector<lease_sample> samples_;  // guarded by mutex_
    std::vector<lease_sample> latest_;   // guarded by mutex_
    std::jthread thread_;
};

}  // namespace cluster
