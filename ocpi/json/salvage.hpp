#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::json {

/// A list element rejected by parse().
struct lost_element {
    /// Its place in the list, from 0.
    std::size_t index = 0;
    /// The error of parse(); positions count from the element's first byte.
    std::string reason;
    /// The value of its member `id` if it can be determined; else empty.
    std::string id;
};

/// An object with its invalid list elements removed.
struct salvaged_list {
    /// The object's text with `null` in place of each lost element.
    std::string text;
    /// In the list's order.
    std::vector<lost_element> lost;
};

/// Replaces invalid elements of the list `name` in an object by null. Elements are separated by
/// brackets and quotes alone, so that one of them may be nested too deeply, repeat a member or be
/// invalid UTF-8. std::nullopt when there is no such list; the rest of the text is not checked.
std::optional<salvaged_list> null_out_invalid(std::string_view text, std::string_view name);

}  // namespace ocpi::json
