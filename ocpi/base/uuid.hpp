#pragma once

#include <string>
#include <string_view>

namespace ocpi {

/// A random UUID (version 4) in its 36-character text form. Safe from any thread. It names
/// requests; it is not fit to be a secret.
std::string make_uuid();

/// The UUID (version 5) that stands for a name in the URL namespace [RFC 9562, section 5.5]:
/// always the same for the same name.
std::string make_url_uuid(std::string_view name);

/// True for the 36-character text form of a UUID, of any version, in any case.
bool is_uuid(std::string_view text);

}  // namespace ocpi
