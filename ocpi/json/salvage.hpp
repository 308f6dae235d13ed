#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::json {

/// An element of a list that parse() would not take.
struct lost_element {
    /// Its place in the list, from 0.
    std::size_t index = 0;
    /// What parse() says of it; positions count from the element's first byte.
    std::string reason;
    /// The value of its member `id`, as far as it can be told; else empty.
    std::string id;
};

/// What can be saved of an object with a list that has such elements.
struct salvaged_list {
    /// The object's text with `null` in place of each lost element.
    std::string text;
    /// In the list's order.
    std::vector<lost_element> lost;
};

/// Saves what can be read of an object whose member `name` is a list with elements that parse()
/// would not take. Elements are told apart by brackets and quotes alone, so that one of them may be
/// nested too deeply, hold a member twice or be no UTF-8. std::nullopt when there is no such list;
/// the rest of the text is not judged.
std::optional<salvaged_list> null_out_invalid(std::string_view text, std::string_view name);

}  // namespace ocpi::json
