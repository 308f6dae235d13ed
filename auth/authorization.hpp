#pragma once

#include <string>
#include <string_view>
#include <vector>

/// The Authorization header [OCPI transport and format, authorization header]: the scheme
/// `Token` and the Base64 of the token.
namespace ocpi::auth {

/// Candidate tokens of a header value, most likely first: the decoded Base64, padded or not, also
/// with the line end that the specification's own example encodes; and the text itself, as
/// platforms of older versions send it. Empty for another scheme.
std::vector<std::string> presented_tokens(std::string_view authorization);

/// The header value that sends a token, Base64-encoded.
std::string write_authorization(std::string_view token);
/// The same without Base64, for platforms that expect the raw token.
std::string write_raw_authorization(std::string_view token);

}  // namespace ocpi::auth
