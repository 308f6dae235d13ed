#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ocpi::json {

/// What can be saved of an object whose member `name` is a list with elements that parse() would
/// not take: the same text with `null` in place of each of those. Elements are told apart by
/// brackets and quotes alone, so that one of them may be nested too deeply, hold a member twice or
/// be no UTF-8. Nothing when there is no such list; the rest of the text is not judged.
std::optional<std::string> salvage_list(std::string_view text, std::string_view name);

}  // namespace ocpi::json
