#pragma once

#include "modules/credentials/credentials.hpp"
#include "ocpi/protocol/version.hpp"
#include "partners/platform_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <utility>

namespace ocpi::credentials {

/// What a platform that has taken our credentials answers with.
struct answered_credentials {
    /// By which it is called from now on, also when the rest cannot be used; empty when there is
    /// none.
    std::string token;
    /// errc::partner_failure naming what is wrong.
    result<platform_credentials> credentials;

    answered_credentials(std::string to_call_by, result<platform_credentials> read)
        : token(std::move(to_call_by)), credentials(std::move(read))
    {
    }
};

/// Sends our credentials to another platform's endpoint, by POST or PUT. The answer of a platform
/// that has taken them, be it one that cannot be used. errc::invalid when it refuses them,
/// errc::partner_failure when there is no answer: then nobody knows whether it has taken them.
///
/// A PUT whose answer got lost is sent again, three times in all: by the old token, which still
/// counts there for a while, the platform can be asked once more. A POST uses up its token.
boost::asio::awaitable<result<answered_credentials>> exchange_credentials(
    partners::platform_client client, partners::platform_access access,
    partners::platform_request request, protocol::version spoken);

/// Tells a platform that believes in a registration that there is none, by DELETE with the token
/// that it has just issued. What it answers does not matter: there is no more to be done.
boost::asio::awaitable<void> call_off(partners::platform_client client,
                                      partners::platform_access access, std::string token,
                                      std::string credentials_url);

}  // namespace ocpi::credentials
