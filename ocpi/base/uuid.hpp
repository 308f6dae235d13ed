#pragma once

#include <string>

namespace ocpi {

/// A random UUID (version 4) in its 36-character text form. Safe from any thread. It names
/// requests; it is not fit to be a secret.
std::string make_uuid();

}  // namespace ocpi
