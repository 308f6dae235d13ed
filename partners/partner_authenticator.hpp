#pragma once

#include "auth/authenticator.hpp"
#include "ocpi/base/clock.hpp"
#include "ocpi/base/ttl_cache.hpp"
#include "partners/partner_store.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace ocpi::partners {

/// Recognises the tokens that handshakes have brought about, and leaves all others to another
/// identity system. A token that was bound to a partner is never asked about elsewhere, so the
/// registration token is dead once the registration stands [OCPI credentials, registration].
///
/// What another process changes counts within `freshness`, what this one changes at once.
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
        /// False: others may know it.
        bool is_bound = false;
        /// nullptr for a bound token that counts for nothing.
        std::shared_ptr<const auth::principal> identity;
    };
    /// Together with partner_store::changes() before it was looked up.
    using remembered = std::pair<std::uint64_t, finding>;

    boost::asio::awaitable<result<finding>> look_up(std::string token_hash);
    boost::asio::awaitable<finding> judge(stored_partner stored, std::string token_hash);

    std::shared_ptr<partner_store> partners_;
    std::shared_ptr<Authenticator> others_;
    std::shared_ptr<const clock> time_;
    ttl_cache<std::string, remembered> recent_;  ///< by token hash
};

}  // namespace ocpi::partners
