#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ocpi::auth {

/// SHA-256 of a token as 64 hexadecimal digits, the form in which tokens are stored.
std::string hash_token(std::string_view token);

/// Compares two texts of equal length in a time independent of where they differ.
bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

/// A new secret of 256 random bits, in printable characters that need no escaping.
std::string make_token();

/// RFC 4648 section 4, with padding.
std::string encode_base64(std::string_view text);

/// RFC 4648 section 4, with or without padding. std::nullopt when the text is not valid Base64.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace ocpi::auth
