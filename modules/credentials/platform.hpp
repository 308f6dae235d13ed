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

/// How long a token that was replaced still counts if its successor is not used.
inline constexpr auto grace_period = std::chrono::minutes(10);

/// This platform, as both sides of a handshake need to know it.
struct platform {
    std::shared_ptr<partners::partner_store> partners;
    std::shared_ptr<partners::platform_client> client;
    std::shared_ptr<const clock> time;
    std::shared_ptr<logger> log;
    /// Our parties in their roles.
    std::vector<named_role> roles;
    std::vector<protocol::version> versions;
    /// Where our version list is; empty as long as nobody can know.
    std::function<std::string()> versions_url;
    /// Ends the life of a token that has served for a registration.
    std::function<boost::asio::awaitable<void>(const auth::principal& bearer)> retire_token;
    /// Told when a partner has left, or we have registered with one; may be empty.
    std::function<void()> partners_changed;
    /// Handshakes with one partner go one after another.
    keyed_mutex turns;
};

/// Our credentials for a partner, with the token by which it is to call.
platform_credentials own_credentials(const platform& own, std::string token);

/// Makes a partner what its credentials say that it is, as far as roles go.
void take_roles(partners::partner& of, const platform_credentials& said);

/// Tells whom it concerns that partners have changed.
void tell_of_change(const platform& own);

/// A party belongs to one platform: errc::invalid when one of those claimed is ours, or is one
/// that another registered partner stands for.
boost::asio::awaitable<result<void>> check_uniqueness(const platform& own, std::string name,
                                                      const std::vector<credentials_role>& claimed);

}  // namespace ocpi::credentials
