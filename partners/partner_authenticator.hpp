#pragma once

#include "auth/authenticator.hpp"
#include "auth/token_authenticator.hpp"
#include "ocpi/base/clock.hpp"
#include "ocpi/base/ttl_cache.hpp"
#include "partners/partner_store.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace ocpi::partners {

/// Authenticates tokens issued in handshakes, and passes all others to another identity system. A
/// token bound to a partner is never passed on, so the registration token is invalid once the
/// registration is complete [OCPI credentials, registration].
///
/// Changes by other processes take effect within `freshness`, by this one at once.
class partner_authenticator final : public Authenticator {
public:
    partner_authenticator(std::shared_ptr<partner_store> partners,
                          std::shared_ptr<Authenticator> others, std::shared_ptr<const clock> time,
                          std::chrono::milliseconds freshness = std::chrono::milliseconds(500));

    boost::asio::awaitable<result<std::shared_ptr<const auth::principal>>> authenticate(
        std::string authorization) override;

private:
    /// What is known of a token.
    struct finding {
        /// False: the other identity system may know it.
        bool is_bound = false;
        /// nullptr for a bound token that is not valid.
        std::shared_ptr<const auth::principal> identity;
    };
    /// Together with partner_store::changes() before it was looked up.
    using remembered = std::pair<std::uint64_t, finding>;

    boost::asio::awaitable<result<finding>> look_up(std::string token_hash);
    boost::asio::awaitable<finding> judge(stored_partner stored, std::string token_hash);

    std::shared_ptr<partner_store> partners_;
    std::shared_ptr<Authenticator> others_;
    /// `others_` if that is our token authenticator, which takes the hashes; else nullptr.
    std::shared_ptr<auth::token_authenticator> own_tokens_;
    std::shared_ptr<const clock> time_;
    ttl_cache<std::string, remembered> recent_;  ///< by token hash
};

}  // namespace ocpi::partners
