#pragma once

#include "modules/credentials/credentials.hpp"
#include "ocpi/protocol/version.hpp"
#include "partners/platform_client.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <utility>

namespace ocpi::credentials {

/// The answer of a platform that has accepted our credentials.
struct answered_credentials {
    /// The token to call it with from now on, even if the rest is unusable; empty when absent.
    std::string token;
    /// errc::partner_failure naming the error.
    result<platform_credentials> credentials;

    answered_credentials(std::string to_call_by, result<platform_credentials> read)
        : token(std::move(to_call_by)), credentials(std::move(read))
    {
    }
};

/// Sends our credentials to another platform's endpoint, by POST or PUT. Returns the answer of a
/// platform that has accepted them, even an unusable one. errc::invalid when it refuses them;
/// errc::partner_failure without an answer: then it is unknown whether it has accepted them.
///
/// A PUT without answer is sent three times in all: the old token remains valid there for a while.
/// A POST uses up its token.
boost::asio::awaitable<result<answered_credentials>> exchange_credentials(
    partners::platform_client client, partners::platform_access access,
    partners::platform_request request, protocol::version version);

/// Cancels a registration known only to the other platform, by DELETE with the token it has just
/// issued. The answer is ignored.
boost::asio::awaitable<void> call_off(partners::platform_client client,
                                      partners::platform_access access, std::string token,
                                      std::string credentials_url);

}  // namespace ocpi::credentials
