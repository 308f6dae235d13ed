#pragma once

#include "ocpi/base/error.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace ocpi::exchange {

/// Target of a link to a next page.
struct page_link {
    /// Absolute, always with the list's own scheme, host and port: the token must be sent to no
    /// other.
    std::string url;
    /// The scheme, host and port of the link if they differ; else empty. Platforms behind a gateway
    /// use their internal names.
    std::string foreign_origin;
};

/// Resolves the link to the next page on the page at `current`: absolute or relative.
/// errc::partner_failure when the link is not a URL that may be fetched (http/url.hpp).
result<page_link> follow_page_link(std::string_view current, std::string_view link);

/// True if the URL has an `offset` and lacks one of these parameters. A URL without an offset may
/// identify its list otherwise, such as by a cursor.
bool lacks_filters(std::string_view url, const std::vector<std::string>& names);

}  // namespace ocpi::exchange
