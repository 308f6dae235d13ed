#pragma once

#include <string_view>

namespace ocpi::json {

/// U+FEFF in UTF-8, which some editors and libraries put before a text.
inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// The text after its byte order mark, if it has one [RFC 8259 section 8.1].
constexpr std::string_view without_byte_order_mark(std::string_view text) noexcept
{
    return text.starts_with(byte_order_mark) ? text.substr(byte_order_mark.size()) : text;
}

}  // namespace ocpi::json
