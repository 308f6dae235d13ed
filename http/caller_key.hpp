#pragma once

#include "auth/principal.hpp"

#include <string>

namespace ocpi::http {

/// What limits of a caller count by: the hash of its token, or its kind and name when the identity
/// system does not provide that. Never the token.
inline std::string caller_key(const auth::principal& caller)
{
    if (!caller.token_hash.empty()) return caller.token_hash;
    return std::string(to_string(caller.kind)) + ' ' + caller.name;
}

}  // namespace ocpi::http
