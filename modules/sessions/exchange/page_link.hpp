#pragma once

#include "ocpi/base/error.hpp"

#include <string>
#include <string_view>

namespace ocpi::sessions::exchange {

/// The absolute URL of the page that the page at `current` names as the next one, by a link that
/// is absolute or relative to it (RFC 3986 section 5). errc::partner_failure when the link is no
/// http or https URL, holds user information or a character that no URL may hold, or leads to
/// another scheme, host or port than `current`: the token must go nowhere else.
result<std::string> follow_page_link(std::string_view current, std::string_view link);

}  // namespace ocpi::sessions::exchange
