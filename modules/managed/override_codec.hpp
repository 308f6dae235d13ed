#pragma once

#include "modules/managed/target.hpp"
#include "ocpi/base/date_time.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/json/document.hpp"

#include <string>

namespace ocpi::managed {

/// Parses a target set by a user in place of the policy's: `minimumChargeTarget`, and for a REGULAR
/// target `readyBy`, later than `now`; an offset from UTC is converted. errc::invalid naming every
/// bad field, unknown members included.
result<target> read_override(const json::document& sent, date_time now);

/// Parses the output of write_override(), whose time may have passed since.
result<target> read_stored_override(const json::document& stored);

/// The target as JSON, without its source.
std::string write_override(const target& written);

}  // namespace ocpi::managed
