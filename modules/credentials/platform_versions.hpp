#pragma once

#include "ocpi/protocol/version.hpp"
#include "partners/partner.hpp"
#include "partners/platform_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <vector>

namespace ocpi::credentials {

/// A version that a platform offers, and where its details are.
struct offered_version {
    protocol::version version = protocol::version::v2_3_0;
    std::string url;
};

/// Reads a platform's version list [OCPI versions]: those versions that we speak too, the highest
/// first. errc::partner_failure when it cannot be had, errc::version_mismatch when there is none.
boost::asio::awaitable<result<std::vector<offered_version>>> fetch_versions(
    partners::platform_client client, partners::platform_access platform, std::string versions_url,
    std::vector<protocol::version> spoken);

/// Reads the endpoints of one version. errc::partner_failure when they cannot be had. An endpoint
/// that cannot be read is passed over; a module that is listed twice counts once.
boost::asio::awaitable<result<std::vector<partners::endpoint>>> fetch_endpoints(
    partners::platform_client client, partners::platform_access platform, offered_version version);

/// What we need of a platform: `credentials`, and `sessions` on one side at least; else
/// errc::endpoints_missing.
result<void> check_endpoints(const std::vector<partners::endpoint>& endpoints);

}  // namespace ocpi::credentials
