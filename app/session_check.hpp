#pragma once

#include "ocpi/json/field_reader.hpp"

#include <string_view>

namespace ocpi::app {

/// Judges the sessions in a JSON text as if a strict partner PUT them: a Session, a list of them,
/// or an OCPI envelope whose data is one of the two, which is how answers are saved. A byte order
/// mark before the text is passed over. Every problem names its place by a JSON pointer from the
/// root of the text; errc::unreadable when the text is no JSON.
result<json::report> check_sessions(std::string_view text);

}  // namespace ocpi::app
