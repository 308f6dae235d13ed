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
error revision_moved_on();

/// errc::overloaded: a queue is full and nothing was done.
error store_overloaded();

/// True of what a write fails with when another was quicker to create, change or remove the record:
/// it is to be decided anew upon what that one has left.
bool lost_a_race(const error& failure) noexcept;

/// errc::storage. The cause is for the operator alone.
error store_unwell(std::string cause);

}  // namespace ocpi::crud
