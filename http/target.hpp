#pragma once

#include "ocpi/base/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::http {

/// One query parameter, decoded and as received.
struct query_parameter {
    std::string name;
    std::string value;
    std::string text;
};

/// A parsed request target. Segments are split before decoding, so that an id may hold an encoded
/// slash; a trailing slash is not a segment.
struct target {
    std::vector<std::string> segments;
    std::vector<query_parameter> query;

    /// The parameter's value; nullptr when absent.
    const std::string* find(std::string_view name) const noexcept;
};

/// errc::malformed_http when the text is not a path with an optional query, or is not properly
/// percent-encoded.
result<target> parse_target(std::string_view text);

/// True for an absolute http or https URL without query and fragment, to which paths can be
/// appended.
bool is_base_url(std::string_view text) noexcept;

/// True for a path below /v1, the management interface.
bool is_management_path(std::string_view text) noexcept;

}  // namespace ocpi::http
