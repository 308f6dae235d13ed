#pragma once

#include "ocpi/base/error.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::http {

/// An absolute http or https URL, taken apart as a request to it needs it. A fragment is left
/// out: it is never sent.
struct url {
    /// `http` or `https`.
    std::string scheme;
    /// A name in lower case, or an IP address; IPv6 without its brackets.
    std::string host;
    /// The one given, or that of the scheme.
    std::uint16_t port = 0;
    /// Path and query, percent-encoded as given; begins with a slash.
    std::string target;

    bool is_https() const noexcept { return scheme == "https"; }
    /// Host and, unless it is that of the scheme, port: what the Host field says.
    std::string authority() const;
    /// `https://cpo.example.com`: whom connections lead to.
    std::string origin() const;
};

/// errc::invalid when it is no such URL, or its host is neither a name of letters, digits, dots,
/// hyphens and underscores nor an IP address, or when it contains a user or a password: those
/// would end up in logs.
result<url> parse_url(std::string_view text);

/// What a relative or absolute reference, as a Location field has it, means at `base`
/// [RFC 3986 section 5.2]. errc::invalid as parse_url.
result<url> resolve_reference(const url& base, std::string_view reference);

/// An endpoint's URL with more segments at the end of its path: `https://a/ocpi?key=1` and
/// {"sessions", "a b"} make `https://a/ocpi/sessions/a%20b?key=1`. Joined by exactly one slash,
/// each segment percent-encoded; the query is kept as it is, a fragment is left out.
std::string append_segments(std::string_view url, std::initializer_list<std::string_view> segments);

/// A parameter of a query, not encoded.
using query_field = std::pair<std::string_view, std::string_view>;

/// An endpoint's URL with more parameters at the end of its query: `https://a/x/?key=1` and
/// {{"limit", "5"}} make `https://a/x/?key=1&limit=5`. Names and values are percent-encoded where
/// they must be; path and query are kept as they are, a fragment is left out.
std::string append_query(std::string_view url, const std::vector<query_field>& fields);

/// The URL without the slashes at its end: by it two spellings of one endpoint are compared.
std::string_view without_trailing_slashes(std::string_view url) noexcept;

}  // namespace ocpi::http
