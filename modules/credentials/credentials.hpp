#pragma once

#include "modules/credentials/image.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/protocol/party.hpp"
#include "ocpi/protocol/version.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::credentials {

/// A party in a role with its business details [OCPI credentials, CredentialsRole].
struct named_role {
    credentials_role role;
    /// BusinessDetails.name.
    std::string business_name;
    /// BusinessDetails.website; empty: none. Sent only, not read from others.
    std::string website;
    /// BusinessDetails.logo; sent only.
    std::optional<image> logo;

    named_role(credentials_role of, std::string called)
        : role(std::move(of)), business_name(std::move(called))
    {
    }
};

/// A platform's Credentials object [OCPI credentials, Credentials object].
struct platform_credentials {
    /// The token the receiver uses for its calls: a secret.
    std::string token;
    /// URL of the version list.
    std::string url;
    std::vector<named_role> roles;
    /// True if one of the roles is HUB, which only version 2.2.1 has; `roles` holds it as OTHER.
    bool is_hub = false;
    /// The party of the platform's hub (hub_party_id).
    std::optional<party> hub;

    std::vector<credentials_role> bare_roles() const;
};

/// errc::unreadable when the text is not JSON; errc::invalid naming every bad field. Unused fields
/// (logo, website) are not validated.
result<platform_credentials> read_credentials(std::string_view body, protocol::version version);
/// The same for a value within another document; pointers are relative to the value.
result<platform_credentials> read_credentials(json::value object, protocol::version version);

/// The token in credentials that may otherwise be invalid; empty when there is no usable token.
std::string find_token(json::value credentials);

std::string write_credentials(const platform_credentials& of);

/// errc::invalid naming each role not in `allowed`. CPO and EMSP, which grant rights, must be
/// allowed as such; for other roles, which grant none here, the party must be allowed.
result<void> check_claims(const platform_credentials& claimed,
                          const std::vector<credentials_role>& allowed);

}  // namespace ocpi::credentials
