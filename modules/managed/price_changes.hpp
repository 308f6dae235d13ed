#pragma once

#include "modules/sessions/session.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/protocol/party.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>

namespace ocpi::managed {

/// Which CPOs have changed their prices, and which of their sessions are yet to be planned by the
/// new ones. Safe from any thread.
class price_changes {
public:
    struct change {
        date_time at;
        std::uint64_t number = 0;
    };

    void add(const party& owner, date_time at);

    /// The change that the session's plan does not know of yet; nothing: it knows all.
    std::optional<change> lacking(const sessions::session_key& key) const;
    /// Its plan has the prices since that change.
    void note_planned(const sessions::session_key& key, const change& known);

    /// Grows with each change; 0 once all sessions have been planned by all of them.
    std::uint64_t latest() const;
    /// All sessions have been planned by the changes up to that one.
    void note_all_planned(std::uint64_t number);

private:
    struct entry {
        change latest;
        std::unordered_set<std::string> planned;  ///< session_key::folded()
    };

    static std::string name_of(const party& owner);

    mutable std::mutex mutex_;
    std::map<std::string, entry> by_owner_;  // guarded by mutex_, like what follows
    std::uint64_t changes_ = 0;
};

}  // namespace ocpi::managed
