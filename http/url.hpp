#pragma once

#include "ocpi/base/error.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::http {

/// A parsed absolute http or https URL. The fragment is dropped: it is never sent.
struct url {
    /// `http` or `https`.
    std::string scheme;
    /// A name in lower case, or an IP address; IPv6 without its brackets.
    std::string host;
    /// The given port, or the scheme's default.
    std::uint16_t port = 0;
    /// Path and query, percent-encoded as given; begins with a slash.
    std::string target;

    bool is_https() const noexcept { return scheme == "https"; }
    /// Host and, unless it is the scheme's default, port: the value of the Host field.
    std::string authority() const;
    /// `https://cpo.example.com`: identifies the server to connect to.
    std::string origin() const;
};

/// errc::invalid when the text is not such a URL, when its host is neither a name of letters,
/// digits, dots, hyphens and underscores nor an IP address, or when it contains a user or a
/// password, which would appear in logs.
result<url> parse_url(std::string_view text);

/// Resolves a relative or absolute reference, such as a Location field, at `base` [RFC 3986 section
/// 5.2]. errc::invalid as parse_url.
result<url> resolve_reference(const url& base, std::string_view reference);

/// Appends segments to the path of an endpoint's URL: `https://a/ocpi?key=1` and {"sessions", "a
/// b"} make `https://a/ocpi/sessions/a%20b?key=1`. Joined by exactly one slash, each segment
/// percent-encoded; the query is kept, a fragment is dropped.
std::string append_segments(std::string_view url, std::initializer_list<std::string_view> segments);

/// A parameter of a query, not encoded.
using query_field = std::pair<std::string_view, std::string_view>;

/// Appends parameters to the query of an endpoint's URL: `https://a/x/?key=1` and {{"limit", "5"}}
/// make `https://a/x/?key=1&limit=5`. Names and values are percent-encoded where necessary; path
/// and query are kept, a fragment is dropped.
std::string append_query(std::string_view url, const std::vector<query_field>& fields);

/// The URL without trailing slashes, for comparing endpoints.
std::string_view without_trailing_slashes(std::string_view url) noexcept;

}  // namespace ocpi::http
