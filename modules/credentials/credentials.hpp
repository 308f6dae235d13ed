#pragma once

#include "ocpi/base/error.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/protocol/party.hpp"
#include "ocpi/protocol/version.hpp"

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::credentials {

/// A party in a role, under the name by which people know it [OCPI credentials, CredentialsRole].
struct named_role {
    credentials_role role;
    /// BusinessDetails.name.
    std::string business_name;

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

    std::vector<credentials_role> bare_roles() const;
};

/// errc::unreadable when the text is no JSON; errc::invalid naming every bad field. Fields that
/// are of no use here (logo, website) are not judged. The role HUB, which only version 2.2.1 has,
/// is read as OTHER.
result<platform_credentials> read_credentials(std::string_view body, protocol::version spoken);
/// The same for a value within another document; pointers are relative to the value.
result<platform_credentials> read_credentials(json::value object, protocol::version spoken);

std::string write_credentials(const platform_credentials& of);

/// errc::invalid, naming each role that is not among those `allowed`. What a role gives rights
/// for must be allowed as such: CPO and EMSP. The others give none here; their party must be
/// allowed.
result<void> check_claims(const platform_credentials& claimed,
                          const std::vector<credentials_role>& allowed);

}  // namespace ocpi::credentials
