#pragma once

#include "crud/crud.hpp"
#include "ocpi/base/lru_cache.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>

namespace ocpi::sessions {

/// A session as last written by this process.
struct known_session {
    /// As in the store, with the case of its creation.
    crud::object_key key;
    crud::revision revision = 0;
    std::string json;

    known_session() = default;
    known_session(crud::object_key identity, crud::revision at, std::string text)
        : key(std::move(identity)), revision(at), json(std::move(text))
    {
    }
};

/// Remembers the sessions that were written last, so that the next write to one of them need not
/// read it first: a session under way is written every few minutes and rarely read in between.
/// What is remembered may be out of date when another process writes too; it serves only as a
/// base whose revision the store checks. Safe from any thread.
class session_cache {
public:
    explicit session_cache(std::size_t max_bytes) : max_bytes_(max_bytes), sessions_(max_bytes) {}

    std::optional<known_session> find(const std::string& key) const { return sessions_.find(key); }

    void remember(const std::string& key, known_session session)
    {
        constexpr std::size_t bookkeeping = 256;
        const auto bytes = session.json.capacity() + bookkeeping;
        if (bytes > max_bytes_ / 8) return sessions_.erase(key);  // it would push out many others
        sessions_.put(key, std::move(session), bytes);
    }

private:
    const std::size_t max_bytes_;
    mutable lru_cache<std::string, known_session> sessions_;
};

}  // namespace ocpi::sessions
