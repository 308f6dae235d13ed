#pragma once

#include <string>
#include <string_view>
#include <vector>

/// The Authorization header [OCPI transport and format, authorization header]: the scheme
/// `Token` and the Base64 of the token.
namespace ocpi::auth {

/// What a header's value may mean, the likeliest first: the token that its Base64 stands for,
/// padded or not, also with the line end that the specification's own example encodes; and the
/// text as it stands, as platforms of older versions send it. Empty when the scheme is another.
std::vector<std::string> presented_tokens(std::string_view authorization);

/// The header's value for a token of ours to send.
std::string write_authorization(std::string_view token);

}  // namespace ocpi::auth
