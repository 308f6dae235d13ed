#pragma once

#include "crud/crud.hpp"
#include "ocpi/base/date_time.hpp"

#include <cstddef>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace ocpi::exchange {

/// A state of a session: its revision in our store and its last_updated.
struct session_state {
    crud::revision revision = 0;
    date_time last_updated;

    session_state() = default;
    session_state(crud::revision at, date_time updated) : revision(at), last_updated(updated) {}
};

/// States of sessions that an eMSP may receive other than by an acknowledged push: states it has
/// read from us, and those of messages without an answer. Such a state can arrive at any later
/// time, and replaces the eMSP's state unless its last_updated is earlier. A PATCH, which contains
/// only the differences from the acknowledged state, must not be applied to another state.
///
/// At most max_sessions are stored, of all eMSPs together. Beyond it, the entries of the eMSP with
/// the most are reduced to their latest last_updated: none of its sessions is sent by PATCH until a
/// later state was acknowledged. Safe from any thread.
class served_states {
public:
    explicit served_states(std::size_t max_sessions) : max_sessions_(max_sessions) {}

    /// `emsp` and `session` are folded names.
    void note(const std::string& emsp, const std::string& session, session_state state) noexcept;

    /// True if the eMSP, which has acknowledged that state, cannot hold or receive another.
    bool is_certain(const std::string& emsp, const std::string& session,
                    session_state acknowledged) const;

    /// Call after a PATCH from `base` to `sent` was acknowledged: true if it may have been applied
    /// to, or followed by, an older state than the one sent.
    bool is_overtaken(const std::string& emsp, const std::string& session, session_state base,
                      session_state sent) const;

    /// The eMSP has acknowledged that state: states with an earlier last_updated are harmless now.
    void acknowledge(const std::string& emsp, const std::string& session, session_state state);

    /// The number of sessions stored.
    std::size_t size() const;

private:
    struct reading_emsp {
        std::unordered_map<std::string, std::vector<session_state>> sessions;
        /// Every state up to that last_updated may have been read.
        std::optional<date_time> unknown_up_to;
    };

    /// Whether one of the states with a last_updated of `since` or later is such a one.
    template <class Harmful>
    bool has_state(const std::string& emsp, const std::string& session, date_time since,
                   Harmful is_harmful) const;
    void sum_up_largest() noexcept;

    const std::size_t max_sessions_;
    mutable std::mutex mutex_;
    std::unordered_map<std::string, reading_emsp> readers_;  // guarded by mutex_, like what follows
    std::size_t size_ = 0;
    /// The same for all eMSPs, when memory to note a state was lacking.
    std::optional<date_time> unknown_up_to_;
};

}  // namespace ocpi::exchange
