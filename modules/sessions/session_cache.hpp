#pragma once

#include "crud/crud.hpp"

#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>
#include <utility>

namespace ocpi::sessions {

/// A session as last written by this process.
struct known_session {
    /// As in the store, with the case of its creation.
    crud::record_key key;
    crud::revision revision = 0;
    std::string json;

    known_session() = default;
    known_session(crud::record_key identity, crud::revision at, std::string text)
        : key(std::move(identity)), revision(at), json(std::move(text))
    {
    }
};

/// Caches the most recently written sessions, so that the next write need not read the session
/// first: a session in progress is written every few minutes and rarely read in between. An entry
/// may be outdated by other processes; it is only a base whose revision the store checks. Safe from
/// any thread.
class session_cache {
public:
    explicit session_cache(std::size_t max_bytes) : max_bytes_(max_bytes) {}

    std::optional<known_session> find(const std::string& key) const;
    void remember(const std::string& key, known_session session);

private:
    struct remembered {
        std::string key;
        known_session session;
    };

    static std::size_t size_of(const remembered& entry);
    void forget_oldest();

    std::size_t max_bytes_;
    mutable std::mutex mutex_;
    std::list<remembered> by_age_;  // the latest first; guarded by mutex_, like what follows
    std::unordered_map<std::string, std::list<remembered>::iterator> by_key_;
    std::size_t bytes_ = 0;
};

}  // namespace ocpi::sessions
