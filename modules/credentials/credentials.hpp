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

/// A party in a role, and who it is to people [OCPI credentials, CredentialsRole].
struct named_role {
    credentials_role role;
    /// BusinessDetails.name.
    std::string business_name;
    /// BusinessDetails.website; empty: none. Written only: of others it is not read.
    std::string website;
    /// BusinessDetails.logo; the same.
    std::optional<image> logo;

    named_role(credentials_role of, std::string called)
        : role(std::move(of)), business_name(std::move(called))
    {
    }
};

/// What one platform tells another about itself [OCPI credentials, Credentials object].
struct platform_credentials {
    /// By which the other one is to call: a secret.
    std::string token;
    /// Of the version list.
    std::string url;
    std::vector<named_role> roles;
    /// True when one of the roles is HUB, which only version 2.2.1 has; among `roles` it is OTHER.
    bool is_hub = false;
    /// The party of the platform's hub (hub_party_id).
    std::optional<party> hub;

    std::vector<credentials_role> bare_roles() const;
};

/// errc::unreadable when the text is no JSON; errc::invalid naming every bad field. Fields that
/// are of no use here (logo, website) are not judged.
result<platform_credentials> read_credentials(std::string_view body, protocol::version spoken);
/// The same for a value within another document; pointers are relative to the value.
result<platform_credentials> read_credentials(json::value object, protocol::version spoken);

/// The token of credentials of which all else may be wrong; empty when there is none that could be
/// sent.
std::string find_token(json::value credentials);

std::string write_credentials(const platform_credentials& of);

/// errc::invalid, naming each role that is not among those `allowed`. What a role gives rights
/// for must be allowed as such: CPO and EMSP. The others give none here; their party must be
/// allowed.
result<void> check_claims(const platform_credentials& claimed,
                          const std::vector<credentials_role>& allowed);

}  // namespace ocpi::credentials
