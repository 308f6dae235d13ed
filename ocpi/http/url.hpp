#pragma once

#include "ocpi/base/error.hpp"

#include <string>
#include <string_view>

namespace ocpi::http {

/// An absolute http or https URL, taken apart. Its fragment is dropped.
struct url {
    /// `http` or `https`.
    std::string scheme;
    /// In lower case; an IPv6 address without its brackets.
    std::string host;
    unsigned short port = 0;
    /// Path and query as they go into a request line, percent-encoded; begins with a slash.
    std::string target;

    bool is_https() const noexcept { return scheme == "https"; }
    /// `cpo.example.com`, `[2606:4700::1]:8443`: for the Host header and for people. The port is
    /// left out when it is the scheme's own.
    std::string authority() const;
    /// `https://cpo.example.com`.
    std::string origin() const { return scheme + "://" + authority(); }
};

/// errc::partner_failure when it is no such URL, when it carries a user name, and when its host
/// is neither an IP address nor a name of letters, digits, dots, hyphens and underscores.
result<url> parse_url(std::string_view text);

/// What a reference such as `/ocpi/2.3.0`, `../tokens` or a whole URL means where `base` was
/// fetched [RFC 3986 section 5]. Errors as in parse_url.
result<url> resolve_reference(const url& base, std::string_view reference);

/// The same scheme, host and port.
bool is_same_origin(const url& one, const url& other) noexcept;

}  // namespace ocpi::http
