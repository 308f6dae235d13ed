#pragma once

#include "modules/managed/target.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/json/document.hpp"

#include <string>

namespace ocpi::managed {

/// Reads a target that a user sets in place of the policy's: `minimumChargeTarget`, and `readyBy`
/// for a REGULAR one, after `now`; an offset from UTC is converted. errc::invalid naming every bad
/// field; a member that is not known is one.
result<target> read_override(const json::document& sent, date_time now);

/// Reads what write_override() wrote, whose time may have passed since.
result<target> read_stored_override(const json::document& stored);

/// The target as JSON, without its source.
std::string write_override(const target& written);

}  // namespace ocpi::managed
