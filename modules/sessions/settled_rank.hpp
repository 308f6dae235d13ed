#pragma once

#include "crud/crud.hpp"
#include "ocpi/base/date_time.hpp"

#include <optional>
#include <string>

/// Ranks of sessions in the ordered list of their records (crud::document::rank). Settled sessions
/// rank above, by settlement time; those awaiting their final reading rank below all of them, by
/// end time. Others have no rank.
namespace ocpi::sessions {

/// Ordered by settlement time, then by id under /v1.
std::string settled_rank(date_time settled_at, const std::string& view_id);

/// Rank of a session that ended then and awaits its final reading.
std::string awaiting_rank(date_time ended_at, const std::string& view_id);

/// Also false for an empty rank.
bool is_settled_rank(const std::string& rank) noexcept;

/// Ranges of settled sessions: all, those older than a rank, or those newer.
crud::rank_range all_settled();
crud::rank_range settled_below(std::string rank);
crud::rank_range settled_above(std::string rank);

/// The sessions that await their final reading and ended at that instant or before.
crud::rank_range awaiting_since(date_time ended_at);

}  // namespace ocpi::sessions
