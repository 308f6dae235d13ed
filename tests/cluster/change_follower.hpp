#pragma once

#include "crud/crud.hpp"
#include "tests/cluster/checks.hpp"

#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace cluster {

/// Follows the order of change of the sessions in the store itself, as the push and the events do.
class change_follower {
public:
    explicit change_follower(std::shared_ptr<ocpi::Crud> store);
    ~change_follower();

    std::vector<change> seen() const;
    std::map<std::string, std::uint64_t> last_revisions() const;

private:
    void follow(std::stop_token over);

    const std::shared_ptr<ocpi::Crud> store_;
    mutable std::mutex mutex_;
    std::vector<change> seen_;  // guarded by mutex_
    std::jthread thread_;
};

/// The revision of each session, read at one moment. Throws std::runtime_error.
std::map<std::string, std::uint64_t> read_revisions(ocpi::Crud& store);

}  // namespace cluster
