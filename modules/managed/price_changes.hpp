#pragma once

#include "crud/object_key.hpp"
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

/// CPOs that have changed their prices, and their sessions not yet planned with the new ones. Safe
/// from any thread.
class price_changes {
public:
    struct change {
        date_time at;
        std::uint64_t number = 0;
    };

    void add(const party& owner, date_time at);

    /// The change missing from the session's plan; std::nullopt when up to date.
    std::optional<change> lacking(const crud::object_key& key) const;
    /// The session's plan includes that change.
    void note_planned(const crud::object_key& key, const change& known);

    /// Increases with each change; 0 once all sessions are planned with all changes.
    std::uint64_t latest() const;
    /// All sessions are planned with the changes up to that one.
    void note_all_planned(std::uint64_t number);

private:
    struct entry {
        change latest;
        std::unordered_set<std::string> planned;  ///< crud::object_key::folded()
    };

    static std::string name_of(const party& owner);

    mutable std::mutex mutex_;
    std::map<std::string, entry> by_owner_;  // guarded by mutex_, like what follows
    std::uint64_t changes_ = 0;
};

}  // namespace ocpi::managed
