#pragma once

#include "tests/support/recorded_client.hpp"

#include <atomic>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace cluster {

/// Callers that write and read sessions through one address until they are stopped, each with a
/// pause between two requests, and record what they are answered. Some sessions are changed by all
/// of them, some are written once: the change of such a one is never made up for by a later one.
class traffic {
public:
    /// `parties`: the eMSPs that the sessions are for, each of them in the country DE.
    traffic(boost::asio::ip::tcp::endpoint server, std::vector<std::string> parties, unsigned seed);
    ~traffic() { stop(); }

    void stop();

    /// Waits until that many more writes are acknowledged; false after half a minute.
    bool await_writes(int count) const;
    int acknowledged() const { return acknowledged_; }

    /// Every session that was tried to be written.
    std::set<std::string> sessions() const;
    /// The party that a session is for.
    static std::string party_of(const std::string& session);

    ocpi::test::history recorded;
    ocpi::test::write_numbers numbers;

private:
    void call(std::stop_token over, unsigned seed);
    bool step(ocpi::test::recorded_client& client, unsigned choice, unsigned random);
    bool create(ocpi::test::recorded_client& client, const std::string& party, bool is_shared);
    std::string choose_shared(unsigned random) const;

    const boost::asio::ip::tcp::endpoint server_;
    const std::vector<std::string> parties_;
    std::atomic<int> acknowledged_{0};
    mutable std::mutex mutex_;
    std::set<std::string> sessions_;   // guarded by mutex_
    std::vector<std::string> shared_;  // guarded by mutex_
    std::vector<std::jthread> callers_;
};

/// The members of a session that name its eMSP.
std::string members_for(const std::string& party);

}  // namespace cluster
