#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ocpi {

/// Two lower-case digits for each byte.
inline std::string to_hex(const unsigned char* bytes, std::size_t count)
{
    constexpr std::string_view digits = "0123456789abcdef";
    std::string text(count * 2, '\0');
    for (std::size_t i = 0; i < count; ++i) {
        text[2 * i] = digits[bytes[i] >> 4];
        text[2 * i + 1] = digits[bytes[i] & 0xf];
    }
    return text;
}

}  // namespace ocpi
