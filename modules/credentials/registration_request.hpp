#pragma once

#include "auth/principal.hpp"
#include "ocpi/protocol/party.hpp"

#include <string>
#include <vector>

namespace ocpi::credentials {

/// An operator's request to register this platform with another one.
struct registration_request {
    /// The partner's name on this server; empty: the host of its URL.
    std::string name;
    /// URL of the other platform's version list.
    std::string versions_url;
    /// CREDENTIALS_TOKEN_A, issued by that platform's operator: a secret.
    std::string token_a;
    /// Its URLs may be plain http and lead to private addresses.
    bool is_trusted = false;
    auth::profile profile = auth::profile::strict;
    /// Roles it may claim; empty: those it claims in this registration, and no others later.
    std::vector<credentials_role> allowed_roles;
};

}  // namespace ocpi::credentials
