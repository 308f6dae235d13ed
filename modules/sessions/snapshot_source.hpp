#pragma once

#include "crud/crud.hpp"
#include "modules/sessions/evse_directory.hpp"
#include "modules/sessions/session_snapshot.hpp"
#include "ocpi/base/lru_cache.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <string>

namespace ocpi::sessions {

/// Stored sessions as parsed, their meter registers checked against the maximum power of their
/// EVSE. To parse a session takes as long as to derive a view of it, and one that is charged is
/// looked at again and again: those that were looked at last are remembered, by revision. Safe from
/// any thread.
class snapshot_source {
public:
    /// Of the memory that the remembered sessions take, estimated.
    static constexpr std::size_t usual_max_bytes = std::size_t(64) * 1024 * 1024;

    /// `evses` may be nullptr: then no EVSE is known.
    explicit snapshot_source(std::shared_ptr<evse_directory> evses,
                             std::size_t max_bytes = usual_max_bytes);

    /// errc::storage when the record is not JSON.
    boost::asio::awaitable<result<session_ptr>> read(const crud::record& record);

private:
    result<session_ptr> parse(const crud::record& record);

    const std::shared_ptr<evse_directory> evses_;
    lru_cache<std::string, session_ptr> recent_;
};

}  // namespace ocpi::sessions
