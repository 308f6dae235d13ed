#pragma once

#include "tests/support/history.hpp"
#include "tests/support/socket_client.hpp"

#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace cluster {

/// Reads the stream of all events, at the next process where it left off at the one before, when a
/// stream ends or says nothing for two seconds. Safe from any thread.
class event_follower {
public:
    using servers = std::vector<boost::asio::ip::tcp::endpoint>;

    /// Begins with the events after the first change, at the process of that number.
    event_follower(servers at, std::size_t first, ocpi::test::history& clock);
    ~event_follower();

    /// What was received so far, of these sessions.
    std::vector<ocpi::test::stream_event> events(const std::set<std::string>& sessions) const;
    /// The last value of each of these sessions.
    std::map<std::string, std::string> last_values(const std::set<std::string>& sessions) const;

    /// Streams that brought an event.
    int streams() const;

private:
    void follow(std::stop_token over, std::size_t first);
    void read(const boost::asio::ip::tcp::endpoint& server, const std::stop_token& over);
    void read_one(ocpi::test::socket_client& stream);

    const servers servers_;
    ocpi::test::history& clock_;
    mutable std::mutex mutex_;
    std::vector<ocpi::test::stream_event> events_;  // guarded by mutex_; sessions by view id
    std::uint64_t last_id_ = 0;                     // guarded by mutex_
    int streams_ = 0;                               // guarded by mutex_
    std::jthread thread_;
};

}  // namespace cluster
