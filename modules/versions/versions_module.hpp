#pragma once

#include "ocpi/http/router.hpp"

#include <functional>
#include <string>
#include <vector>

namespace ocpi::versions {

/// One endpoint of a version's details [OCPI versions, Endpoint].
struct endpoint {
    /// A ModuleID such as `sessions`.
    std::string identifier;
    /// An InterfaceRole: `SENDER` or `RECEIVER`, the side that this server is.
    std::string role;
    /// Below the public URL, such as `/ocpi/cpo/2.3.0/sessions`.
    std::string path;

    endpoint(std::string module, std::string side, std::string below)
        : identifier(std::move(module)), role(std::move(side)), path(std::move(below))
    {
    }
};

/// Adds GET /ocpi/versions and GET /ocpi/2.3.0 [OCPI versions], open to any partner's token.
void add_versions_module(http::router& router, std::vector<endpoint> endpoints,
                         std::function<std::string()> public_url);

}  // namespace ocpi::versions
