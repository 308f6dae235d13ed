#pragma once

#include "ocpi/json/field_reader.hpp"

#include <string_view>

namespace ocpi::app {

/// Validates the sessions in a JSON text as PUTs of a strict partner: a Session, a list of them, or
/// an OCPI envelope with one of the two as data, as in saved answers. A byte order mark is skipped.
/// Every problem has a JSON pointer from the root of the text; errc::unreadable when the text is
/// not JSON.
result<json::diagnostics> check_sessions(std::string_view text);

}  // namespace ocpi::app
