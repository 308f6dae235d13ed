#pragma once

#include "modules/managed/managed_session.hpp"
#include "modules/managed/reading.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/decimal.hpp"

#include <vector>

namespace ocpi::managed {

/// A window in which the vehicle has charged or is to charge.
struct block {
    block_type type = block_type::regular;
    decimal kwh_sum;
    date_time start;
    date_time end;
};

/// The runs of energy up to the end of the reading, cut where their type changes. The sum of
/// their kwh_sum is the whole energy of the session.
std::vector<block> past_blocks(const managed_session& session, const charging_history& reading);

/// What is planned from `now` on. A block that should have begun, and in which nothing has flowed,
/// keeps its start and has the sum 0; of one in which energy flows it is the rest.
std::vector<block> future_blocks(const managed_session& session, const charging_history& reading,
                                 date_time now);

/// The plan with blocks of one type that touch made one.
plan joined(const plan& planned);

}  // namespace ocpi::managed
