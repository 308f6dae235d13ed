#pragma once

#include "ocpi/base/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ocpi::exchange {

/// Where a link to a next page leads.
struct page_link {
    /// Absolute, always of the list's own scheme, host and port: the token must go nowhere else.
    std::string url;
    /// The scheme, host and port that the link names when they are others; else empty. Platforms
    /// behind a gateway name themselves as they are called behind it.
    std::string foreign_origin;
};

/// Reads the link to the next page that stands on the page at `current`: absolute, or relative to
/// it. errc::partner_failure when the link is no URL that may be fetched (http/url.hpp).
result<page_link> follow_page_link(std::string_view current, std::string_view link);

/// True when the URL pages by an `offset` and lacks one of the parameters of these names. A URL
/// without an offset may say by other means, such as a cursor, which list it belongs to.
bool lacks_filters(std::string_view url, const std::vector<std::string>& names);

}  // namespace ocpi::exchange
