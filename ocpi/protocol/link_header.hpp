#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ocpi::protocol {

/// The target of the first link with the relation `next` in a Link header (RFC 8288), as written
/// between the angle brackets: absolute by OCPI's rules [transport and format, pagination],
/// relative by those of HTTP. std::nullopt when there is none. Unreadable links are skipped; any
/// text is safe, in time linear in its length.
std::optional<std::string> find_next_link(std::string_view header_value);

}  // namespace ocpi::protocol
