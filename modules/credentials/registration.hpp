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

/// The asking side of the handshake [OCPI credentials, registration]: registers this platform
/// with another one, renews the tokens of both, ends the registration. Meanwhile the other
/// platform calls back, so a server of ours must answer at our public URL, on the same store.
/// Safe from any thread and beside a running server.
class registration {
public:
    explicit registration(std::shared_ptr<platform> own) : own_(std::move(own)) {}

    /// errc::already_exists when a partner of that name, or that very platform, is registered;
    /// errc::invalid for what the request or the other platform's credentials say;
    /// errc::partner_failure, errc::version_mismatch, errc::endpoints_missing. Whatever it is,
    /// nothing has changed here.
    boost::asio::awaitable<result<partners::partner>> begin(registration_request request);

    /// New tokens for both sides, in the highest version that both speak by now. When the other
    /// platform has taken ours and answers with credentials that cannot be used, or claims what it
    /// may not, its new token counts all the same, and the rest stays as it was.
    boost::asio::awaitable<result<partners::partner>> renew(std::string name);

    /// Ends the registration on both sides. When the partner does not confirm that,
    /// errc::partner_failure and nothing has changed; unless `even_unconfirmed`.
    boost::asio::awaitable<result<void>> end(std::string name, bool even_unconfirmed);

private:
    struct negotiated;

    /// The name of the registered partner whose version list that is; empty when it is nobody's.
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
