#pragma once

#include <string_view>

namespace ocpi::server {

/// True for `uri-host [":" port]` [RFC 9110 section 7.2]: the value of a Host field, or what an
/// absolute target names between scheme and path. Stricter than the grammar of URIs: no user, no
/// list, and of the characters of a name only those that names on networks have.
bool is_valid_host(std::string_view text) noexcept;

}  // namespace ocpi::server
