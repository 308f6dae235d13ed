#pragma once

#include "ocpi/base/ascii.hpp"

#include <string_view>

namespace ocpi::server {

/// True for a character of a method, a field name and the like [RFC 9110 section 5.6.2].
constexpr bool is_token_character(char c) noexcept
{
    constexpr std::string_view others = "!#$%&'*+-.^_`|~";
    return is_letter(c) || is_digit(c) || others.find(c) != others.npos;
}

}  // namespace ocpi::server
