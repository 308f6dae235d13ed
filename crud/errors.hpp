#pragma once

#include "ocpi/base/error.hpp"

#include <string>

/// The failures that the port speaks of, worded once for all implementations.
namespace ocpi::crud {

/// errc::not_found: no record has this key.
error no_such_record();

/// errc::already_exists: the key is taken.
error key_taken();

/// errc::conflict: the record is not at the expected revision.
error revision_mismatch();

/// errc::overloaded: a queue is full and nothing was done.
error store_overloaded();

/// True of errc::conflict and errc::already_exists: another was quicker to create or to change the
/// record. Read it again, decide again, retry.
bool is_write_conflict(const error& failure) noexcept;

/// errc::storage. The cause is for the operator alone.
error store_unavailable(std::string cause);

/// errc::overloaded: there is no connection to the database, and nothing was done. The cause is for
/// the operator alone.
error store_unreachable(std::string cause);

/// errc::lease_lost, of the lease of that name.
error lease_lost(const std::string& name);

}  // namespace ocpi::crud
