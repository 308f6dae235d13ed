#pragma once

#include "auth/principal.hpp"
#include "modules/credentials/credentials.hpp"
#include "modules/credentials/platform.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <utility>

namespace ocpi::credentials {

/// The answering side of the handshake [OCPI credentials, registration]: another platform registers
/// with us, renews its registration, or ends it. Each step is atomic. Safe from any thread.
class handshake {
public:
    explicit handshake(std::shared_ptr<platform> own) : own_(std::move(own)) {}

    /// True if the caller's token belongs to an active registration.
    boost::asio::awaitable<result<bool>> is_registered(auth::principal caller);

    /// Registers the caller with the credentials it sent, after reading its versions and details
    /// with the token in them; returns our credentials with a new token for it.
    /// errc::method_not_allowed when it is already registered; errc::invalid,
    /// errc::partner_failure, errc::version_mismatch, errc::endpoints_missing.
    boost::asio::awaitable<result<platform_credentials>> begin(auth::principal caller,
                                                               protocol::version version,
                                                               platform_credentials sent);

    /// The same for a registered caller: new tokens, possibly another version or other endpoints.
    /// The caller's token stays valid until the new one is used, or for grace_period.
    boost::asio::awaitable<result<platform_credentials>> renew(auth::principal caller,
                                                               protocol::version version,
                                                               platform_credentials sent);

    /// Ends the registration and deletes both tokens.
    boost::asio::awaitable<result<void>> end(auth::principal caller);

private:
    boost::asio::awaitable<result<std::vector<partners::endpoint>>> inspect(
        partners::platform_access caller, std::string versions_url, protocol::version version);

    std::shared_ptr<platform> own_;
};

}  // namespace ocpi::credentials
