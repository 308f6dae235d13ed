#pragma once

#include <string>
#include <string_view>

namespace ocpi {

/// A random UUID (version 4) in its 36-character text form. Safe from any thread. For request ids;
/// not suitable as a secret.
std::string make_uuid();

/// The UUID (version 5) of a name in the URL namespace [RFC 9562, section 5.5]: the same for the
/// same name.
std::string make_url_uuid(std::string_view name);

/// True for the 36-character text form of a UUID of any version, case-insensitive.
bool is_uuid(std::string_view text);

}  // namespace ocpi
