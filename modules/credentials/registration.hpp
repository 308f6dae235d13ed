#pragma once

#include "modules/credentials/credentials_exchange.hpp"
#include "modules/credentials/platform.hpp"
#include "modules/credentials/registration_request.hpp"
#include "partners/partner.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::credentials {

/// The requesting side of the handshake [OCPI credentials, registration]: registers this platform
/// with another one, renews the tokens of both, ends the registration. Meanwhile the other platform
/// calls back, so a server of ours must answer at our public URL, on the same store. Safe from any
/// thread and beside a running server.
class registration {
public:
    explicit registration(std::shared_ptr<platform> own) : own_(std::move(own)) {}

    /// errc::already_exists when a partner of that name, or that platform, is registered;
    /// errc::invalid for an invalid request or invalid credentials of the other platform;
    /// errc::partner_failure, errc::version_mismatch, errc::endpoints_missing. On error nothing has
    /// changed here.
    boost::asio::awaitable<result<partners::partner>> begin(registration_request request);

    /// Exchanges new tokens in the highest version both now support. If the other platform accepts
    /// ours but answers with unusable credentials or claims too much, its new token is used and the
    /// rest does not change.
    boost::asio::awaitable<result<partners::partner>> renew(std::string name);

    /// Ends the registration on both sides. If the partner does not confirm: errc::partner_failure
    /// without any change; unless `even_unconfirmed`.
    boost::asio::awaitable<result<void>> end(std::string name, bool even_unconfirmed);

private:
    struct negotiated;

    /// The name of the registered partner with that version list; empty when there is none.
    boost::asio::awaitable<result<std::string>> find_by_versions_url(std::string url);
    boost::asio::awaitable<result<negotiated>> inspect(partners::platform_access access,
                                                       std::string versions_url);
    boost::asio::awaitable<result<answered_credentials>> exchange(partners::platform_access access,
                                                                  std::string method,
                                                                  const negotiated& found,
                                                                  std::string own_token);
    boost::asio::awaitable<result<void>> judge(const answered_credentials& answered,
                                               const registration_request& request,
                                               partners::partner& candidate);
    boost::asio::awaitable<result<partners::stored_partner>> find_registered(std::string name);

    std::shared_ptr<platform> own_;
};

}  // namespace ocpi::credentials
