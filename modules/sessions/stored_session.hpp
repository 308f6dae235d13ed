#pragma once

#include "modules/sessions/session.hpp"
#include "ocpi/json/document.hpp"

namespace ocpi::sessions {

/// All fields of a stored Session (codec.hpp). Fields that a tolerant sender left out or that
/// cannot be read are std::nullopt.
session read_stored_session(const json::document& stored);

}  // namespace ocpi::sessions
