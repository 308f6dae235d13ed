#pragma once

#include "ocpi/base/error.hpp"

#include <string>
#include <string_view>

namespace ocpi::sessions::exchange {

/// The absolute URL of the page that the page at `current` names as the next one, by a link that
/// is absolute or relative to it. errc::partner_failure when the link is no URL that may be
/// fetched (http/url.hpp), or leads to another scheme, host or port than `current`: the token
/// must go nowhere else.
result<std::string> follow_page_link(std::string_view current, std::string_view link);

}  // namespace ocpi::sessions::exchange
