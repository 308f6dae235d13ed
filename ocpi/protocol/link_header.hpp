#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ocpi::protocol {

/// The target of the first link that has the relation `next` in the value of a Link header
/// (RFC 8288), as it stands between the angle brackets: absolute by OCPI's rules [transport and
/// format, pagination], relative by those of HTTP. Nothing when there is no such link. What cannot
/// be read as a link is passed over; any text is safe to give, in time linear in its length.
std::optional<std::string> find_next_link(std::string_view header_value);

}  // namespace ocpi::protocol
