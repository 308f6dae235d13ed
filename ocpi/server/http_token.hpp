#pragma once

#include <string_view>

namespace ocpi::server {

/// A character of a method, a field name and the like [RFC 9110 section 5.6.2].
constexpr bool is_token_character(char c) noexcept
{
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != others.npos;
}

}  // namespace ocpi::server
