#pragma once

#include "auth/authenticator.hpp"
#include "ocpi/base/clock.hpp"
#include "partners/partner_store.hpp"

#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

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
    using real_time = std::chrono::steady_clock;

    /// What is known of a token.
    struct finding {
        /// False: others may know it.
        bool is_bound = false;
        /// nullptr for a bound token that counts for nothing.
        std::shared_ptr<const auth::principal> identity;
    };
    struct remembered {
        finding found;
        real_time::time_point until;
        std::uint64_t changes = 0;
    };

    boost::asio::awaitable<result<finding>> look_up(std::string token_hash);
    boost::asio::awaitable<finding> judge(stored_partner stored, std::string token_hash);
    std::optional<finding> recall(const std::string& token_hash);
    void remember(const std::string& token_hash, const finding& found, std::uint64_t changes);

    std::shared_ptr<partner_store> partners_;
    std::shared_ptr<Authenticator> others_;
    std::shared_ptr<const clock> time_;
    std::chrono::milliseconds freshness_;

    std::mutex mutex_;
    std::unordered_map<std::string, remembered> recent_;  // by token hash; guarded by mutex_
};

}  // namespace ocpi::partners
