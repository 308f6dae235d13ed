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

    /// In how many turns all streams get their sign of life.
    static constexpr std::size_t beat_slots = 16;

    /// False when it is closed. The stream must leave() before its end.
    bool enter(event_stream& newcomer);
    /// Does nothing for a stream that has left already.
    void leave(event_stream& leaver) noexcept;
    /// From now on nobody enters.
    void close();

    bool is_empty() const noexcept { return size_ == 0; }
    std::size_t size() const noexcept { return size_; }

    /// True when somebody may want to hear of that session.
    bool wants(const std::string& session) const;
    /// Who may want to hear of it; whether they do, their filter says.
    listeners listeners_of(const session_event& event) const;
    listeners all() const;
    /// Those whose turn it is: each one every beat_slots calls, the first time after as many.
    listeners take_turn();

private:
    static void add_alive(listeners& found, const members& among);

    mutable std::mutex mutex_;
    bool is_closed_ = false;                                // guarded by mutex_
    std::size_t turn_ = 0;                                  // guarded by mutex_
    std::array<members, beat_slots> slots_;                 // guarded by mutex_
    std::unordered_map<std::string, members> by_session_;   // guarded by mutex_
    std::unordered_map<std::string, members> by_contract_;  // guarded by mutex_
    members of_all_;                                        // guarded by mutex_
    std::atomic<std::size_t> size_ = 0;
};

}  // namespace ocpi::status
