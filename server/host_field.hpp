#pragma once

#include <string_view>

namespace ocpi::server {

/// True for `uri-host [":" port]` [RFC 9110 section 7.2]: a Host field, or the authority of an
/// absolute target. Stricter than the URI grammar: no user, no list, and only characters of network
/// names.
bool is_valid_host(std::string_view text) noexcept;

}  // namespace ocpi::server
