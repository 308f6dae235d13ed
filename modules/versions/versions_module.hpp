#pragma once

#include "http/router.hpp"
#include "ocpi/protocol/version.hpp"

#include <functional>
#include <string>
#include <vector>

namespace ocpi::versions {

/// One endpoint of a version's details [OCPI versions, Endpoint].
struct endpoint {
    /// A ModuleID such as `sessions`.
    std::string identifier;
    /// An InterfaceRole: `SENDER` or `RECEIVER`, this server's side.
    std::string role;
    /// Below the public URL, such as `/ocpi/cpo/2.3.0/sessions`.
    std::string path;

    endpoint(std::string module, std::string side, std::string below)
        : identifier(std::move(module)), role(std::move(side)), path(std::move(below))
    {
    }
};

/// The endpoints of one version.
struct version_details {
    protocol::version version = protocol::version::v2_3_0;
    std::vector<endpoint> endpoints;
};

/// Adds GET /ocpi/versions, which lists the offered versions in their order, and for each of them
/// its details, such as GET /ocpi/2.3.0 [OCPI versions]; open to any partner's token.
void add_versions_module(http::router& router, std::vector<version_details> offered,
                         std::function<std::string()> public_url);

}  // namespace ocpi::versions
