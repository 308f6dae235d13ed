#pragma once

#include "crud/crud.hpp"
#include "ocpi/base/date_time.hpp"

#include <optional>
#include <string>

/// The places of sessions in the sorted list of their records (crud::document::sort_key). Those
/// that have settled stand above, by when they settled; those that await their final reading stand
/// below all of them, by when they ended. Others are not in it.
namespace ocpi::sessions {

/// Ordered by settlement time, then by id under /v1.
std::string settled_rank(date_time settled_at, const std::string& view_id);

/// Rank of a session that ended then and awaits its final reading.
std::string awaiting_rank(date_time ended_at, const std::string& view_id);

/// Also false for an empty rank.
bool is_settled_rank(const std::string& rank) noexcept;

/// The sessions that have settled: all, those older than a place of the list, or those newer.
crud::sort_range all_settled();
crud::sort_range settled_below(std::string rank);
crud::sort_range settled_above(std::string rank);

/// The sessions that await their final reading and have ended at that instant or before.
crud::sort_range awaiting_since(date_time ended_at);

}  // namespace ocpi::sessions
