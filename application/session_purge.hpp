#pragma once

#include "crud/crud.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/error.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>

namespace ocpi {

struct purge_options {
    /// Sessions that have settled before this instant.
    date_time completed_before;
    /// False: they are counted only.
    bool removes = false;
};

struct purge_summary {
    struct counts {
        /// Removed, or to be removed.
        std::uint64_t purged = 0;
        /// Kept, because a partner lacks them.
        std::uint64_t lacking = 0;
        /// Kept, because they have changed meanwhile.
        std::uint64_t changed = 0;
    };
    /// By the party that owns the sessions, like `ES*ABC`.
    std::map<std::string, counts> parties;
    /// How many sessions each partner lacks, by its name.
    std::map<std::string, std::uint64_t> partners;

    counts total() const;
};

/// Removes the sessions that have settled before an instant, with what is stored of them beside
/// the session: the managed-session record and the acknowledgement. A session of ours that a
/// registered partner must have is kept until the partner has acknowledged its last state.
///
/// Removes up to a hundred sessions at a time, each only in the state that was judged, and pauses
/// in between for as long as that took, so that a server on the same database goes on writing. A
/// failure leaves what was not removed yet; repeat it. `report` is called after each hundred.
boost::asio::awaitable<result<purge_summary>> purge_sessions(
    std::shared_ptr<Crud> crud, purge_options options,
    std::function<void(const purge_summary&)> report);

}  // namespace ocpi
