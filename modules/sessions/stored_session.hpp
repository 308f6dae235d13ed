#pragma once

#include "modules/sessions/session.hpp"
#include "ocpi/json/document.hpp"

namespace ocpi::sessions {

/// The fields of a Session that was accepted before (codec.hpp), for who reckons with all of it.
/// What a tolerant sender left out, or cannot be read after all, is nothing.
session read_stored_session(const json::document& stored);

}  // namespace ocpi::sessions
