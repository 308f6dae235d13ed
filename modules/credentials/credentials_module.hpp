#pragma once

#include "http/router.hpp"
#include "modules/credentials/platform.hpp"

#include <memory>

namespace ocpi::credentials {

/// The module's path for a version, such as `/ocpi/2.3.0/credentials`.
std::string module_path(protocol::version of);

/// Adds GET, POST, PUT and DELETE of the credentials module [OCPI credentials] for each version of
/// the platform. For partners, registered or not; other callers get not_found.
void add_credentials_module(http::router& router, const std::shared_ptr<platform>& own);

}  // namespace ocpi::credentials
