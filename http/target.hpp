#pragma once

#include "ocpi/base/error.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::http {

/// One parameter of a query, decoded, and beside it as it was sent.
struct query_parameter {
    std::string name;
    std::string value;
    std::string text;
};

/// The target of a request, taken apart. Segments are split first and decoded afterwards, so
/// that an id may hold an encoded slash; one trailing slash is no segment.
struct target {
    std::vector<std::string> segments;
    std::vector<query_parameter> query;

    /// The parameter's value; nothing when it was not sent.
    const std::string* find(std::string_view name) const noexcept;
};

/// errc::malformed_http when it is not a path with an optional query, or is not properly
/// percent-encoded.
result<target> parse_target(std::string_view text);

/// True for an absolute http or https URL without query and fragment: what paths may follow.
bool is_base_url(std::string_view text) noexcept;

/// True for a path below /v1: the management interface, which answers in its own form.
bool is_management_path(std::string_view text) noexcept;

}  // namespace ocpi::http
