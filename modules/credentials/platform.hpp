#pragma once

#include "auth/principal.hpp"
#include "modules/credentials/credentials.hpp"
#include "ocpi/base/clock.hpp"
#include "ocpi/base/keyed_mutex.hpp"
#include "ocpi/base/logger.hpp"
#include "ocpi/protocol/version.hpp"
#include "partners/partner_store.hpp"
#include "partners/platform_client.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::credentials {

/// How long a replaced token stays valid if the new one is not used.
inline constexpr auto grace_period = std::chrono::minutes(10);

/// Data of this platform for both sides of a handshake.
struct platform {
    std::shared_ptr<partners::partner_store> partners;
    std::shared_ptr<partners::platform_client> client;
    std::shared_ptr<const clock> time;
    std::shared_ptr<logger> log;
    /// Our parties in their roles.
    std::vector<named_role> roles;
    std::vector<protocol::version> versions;
    /// URL of our version list; empty while unknown.
    std::function<std::string()> versions_url;
    /// Revokes a token used for a registration.
    std::function<boost::asio::awaitable<void>(const auth::principal& bearer)> revoke_token;
    /// Called after a partner has left or we have registered with one; may be empty.
    std::function<void()> partners_changed;
    /// Serializes handshakes with one partner.
    keyed_mutex turns;
};

/// Our credentials for a partner, with the token for its calls.
platform_credentials own_credentials(const platform& own, std::string token);

/// Copies the roles of the credentials to the partner.
void take_roles(partners::partner& of, const platform_credentials& said);

/// Calls partners_changed.
void tell_of_change(const platform& own);

/// A party belongs to one platform: errc::invalid when a claimed party is ours or belongs to
/// another registered partner.
boost::asio::awaitable<result<void>> check_uniqueness(const platform& own, std::string name,
                                                      const std::vector<credentials_role>& claimed);

}  // namespace ocpi::credentials
