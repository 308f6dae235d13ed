#pragma once

#include "crud/crud.hpp"
#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <cstdint>
#include <memory>

namespace ocpi::sessions {

/// Gives the records of sessions that an earlier version has written the values by which they are
/// found (session_record.hpp), and notes in the module `index` that it has been done. Then, and
/// when there are no sessions, it does nothing but look. Nobody is told of a change, for there is
/// none; who has a session by a push still has it, and is sent nothing, as long as no push runs
/// meanwhile.
///
/// Ends early when `is_stopping` becomes true. What was done is kept, and the next run goes on.
/// Returns how many records it has rewritten.
boost::asio::awaitable<result<std::uint64_t>> reindex_sessions(
    std::shared_ptr<Crud> crud, std::shared_ptr<const std::atomic<bool>> is_stopping);

}  // namespace ocpi::sessions
