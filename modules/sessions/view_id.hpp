#pragma once

#include "crud/object_key.hpp"

#include <string>

namespace ocpi::sessions {

/// The id of a session under /v1, unique across platforms: the UUID (version 5) in the URL
/// namespace of `ocpi:session:CC/PARTY/ID` in upper case (ASCII).
std::string view_id(const crud::object_key& key);

}  // namespace ocpi::sessions
