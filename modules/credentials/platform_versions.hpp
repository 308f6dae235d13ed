#pragma once

#include "ocpi/protocol/version.hpp"
#include "partners/partner.hpp"
#include "partners/platform_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace ocpi::credentials {

/// A version offered by a platform, and the URL of its details.
struct offered_version {
    protocol::version version = protocol::version::v2_3_0;
    std::string url;
};

/// Fetches a platform's version list [OCPI versions]: the versions we also support, highest first.
/// errc::partner_failure when the list cannot be fetched, errc::version_mismatch without a common
/// version.
boost::asio::awaitable<result<std::vector<offered_version>>> fetch_versions(
    partners::platform_client client, partners::platform_access platform, std::string versions_url,
    std::vector<protocol::version> accepted);

/// Fetches the endpoints of one version. errc::partner_failure when they cannot be fetched.
/// Unreadable endpoints are skipped; of a module listed twice one is used.
boost::asio::awaitable<result<std::vector<partners::endpoint>>> fetch_endpoints(
    partners::platform_client client, partners::platform_access platform, offered_version version);

/// Checks the endpoints we need: `credentials`, and `sessions` in at least one role; else
/// errc::endpoints_missing.
result<void> check_endpoints(const std::vector<partners::endpoint>& endpoints);

}  // namespace ocpi::credentials
