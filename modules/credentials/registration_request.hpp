#pragma once

#include "auth/principal.hpp"
#include "ocpi/protocol/party.hpp"

#include <string>
#include <vector>

namespace ocpi::credentials {

/// What an operator says to have this platform registered with another one.
struct registration_request {
    /// What the partner will be called here; empty: the host of its URL.
    std::string name;
    /// Where the other platform's version list is.
    std::string versions_url;
    /// CREDENTIALS_TOKEN_A, as that platform's operator has handed it out: a secret.
    std::string token_a;
    /// Its URLs may be plain http and lead to private addresses.
    bool is_trusted = false;
    auth::profile profile = auth::profile::strict;
    /// What it may claim to be; empty: whatever it claims now, and no more later.
    std::vector<credentials_role> allowed_roles;
};

}  // namespace ocpi::credentials
