#include "crud/postgres/text_value.hpp"

#include <cstddef>
#include <cstdint>

namespace ocpi::crud::postgres {
namespace {

/// How many bytes the character takes that begins there; 0: there is none.
std::size_t character_size(std::string_view bytes) noexcept
{
    const auto at = [bytes](std::size_t i) { return static_cast<unsigned char>(bytes[i]); };
    const unsigned first = at(0);
    if (first < 0x80) return first == 0 ? 0 : 1;
    const std::size_t size = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    if (first < 0xC2 || first > 0xF4 || bytes.size() < size) return 0;
    std::uint32_t code = first & (0x7Fu >> size);
    for (std::size_t i = 1; i < size; ++i) {
        if ((at(i) & 0xC0u) != 0x80u) return 0;
        code = code << 6 | (at(i) & 0x3Fu);
    }
    const bool is_short = (size == 3 && code < 0x800) || (size == 4 && code < 0x10000);
    const bool is_surrogate = code >= 0xD800 && code <= 0xDFFF;
    return is_short || is_surrogate || code > 0x10FFFF ? 0 : size;
}

/// How many bytes at the front are a text.
std::size_t text_size(std::string_view bytes) noexcept
{
    std::size_t size = 0;
    while (size < bytes.size()) {
        const auto next = character_size(bytes.substr(size));
        if (next == 0) break;
        size += next;
    }
    return size;
}

}  // namespace

bool is_text(std::string_view bytes) noexcept
{
    return text_size(bytes) == bytes.size();
}

std::string nearest_text(std::string_view bytes)
{
    const auto size = text_size(bytes);
    std::string text(bytes.substr(0, size));
    const bool is_beyond_ascii =
        size < bytes.size() && static_cast<unsigned char>(bytes[size]) >= 0x80;
    if (is_beyond_ascii) text += "\xF4\x8F\xBF\xBF";  // the last character
    return text;
}

}  // namespace ocpi::crud::postgres
