#pragma once

#include <string_view>

namespace ocpi::json {

/// What some programs write before a text in UTF-8. RFC 8259 forbids it before JSON and allows a
/// reader to pass over it (section 8.1); json::parse() does not.
inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

}  // namespace ocpi::json
