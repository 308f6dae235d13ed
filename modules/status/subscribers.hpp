#pragma once

#include "modules/status/session_event.hpp"

#include <array>
#include <atomic>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>
#include <unordered_set>
#include <vector>

namespace ocpi::status {

class event_stream;

/// The open streams of a hub. Safe from any thread.
class subscribers {
public:
    using members = std::unordered_set<event_stream*>;
    using listeners = std::vector<std::shared_ptr<event_stream>>;

    /// Number of turns in which all streams get a heartbeat.
    static constexpr std::size_t heartbeat_slots = 16;

    /// False when closed. The stream must call leave() before its end.
    bool enter(event_stream& newcomer);
    /// No effect for a stream that has left already.
    void leave(event_stream& leaver) noexcept;
    /// Rejects further streams.
    void close();

    bool is_empty() const noexcept { return size_ == 0; }
    std::size_t size() const noexcept { return size_; }

    /// True if a stream may want events of that session.
    bool wants(const std::string& session) const;
    /// Streams that may want the event; their filters decide.
    listeners listeners_of(const session_event& event) const;
    listeners all() const;
    /// Streams due for a heartbeat: each one every heartbeat_slots calls, first after that many.
    listeners take_turn();

private:
    static void add_alive(listeners& found, const members& among);

    mutable std::mutex mutex_;
    bool is_closed_ = false;                                // guarded by mutex_
    std::size_t turn_ = 0;                                  // guarded by mutex_
    std::array<members, heartbeat_slots> slots_;            // guarded by mutex_
    std::unordered_map<std::string, members> by_session_;   // guarded by mutex_
    std::unordered_map<std::string, members> by_contract_;  // guarded by mutex_
    members of_all_;                                        // guarded by mutex_
    std::atomic<std::size_t> size_ = 0;
};

}  // namespace ocpi::status
