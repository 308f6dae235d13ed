#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace ocpi::auth {

/// SHA-256 of a text as 64 hexadecimal digits: the form in which tokens are kept.
std::string hash_token(std::string_view token);

/// Compares two texts of one length in a time that does not depend on where they differ.
bool equal_in_constant_time(std::string_view a, std::string_view b) noexcept;

/// A new secret of 256 random bits, in printable characters that need no escaping anywhere.
std::string make_token();

/// RFC 4648 section 4, with padding.
std::string encode_base64(std::string_view text);

/// RFC 4648 section 4, with its padding or without any. std::nullopt when the text is not of that
/// form.
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace ocpi::auth
