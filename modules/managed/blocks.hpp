#pragma once

#include "modules/managed/managed_session.hpp"
#include "modules/managed/reading.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"

#include <vector>

namespace ocpi::managed {

/// A time window in which the vehicle has charged or will charge.
struct block {
    block_type type = block_type::regular;
    decimal kwh_sum;
    date_time start;
    date_time end;
};

/// Periods of energy flow up to the end of the history, split where the type changes. Their kwh_sum
/// adds up to the energy of the session.
std::vector<block> past_blocks(const managed_session& session, const charging_history& reading);

/// Blocks planned from `now` on. A block that should have begun without energy flow keeps its start
/// and has the sum 0; a block with energy flow is reduced to its rest.
std::vector<block> future_blocks(const managed_session& session, const charging_history& reading,
                                 date_time now);

/// The plan with adjacent blocks of one type merged.
plan merge_adjacent(const plan& planned);

}  // namespace ocpi::managed
