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
    using real_time = std::chrono::steady_clock;

    /// Result of a token lookup.
    struct finding {
        /// False: the other identity system may know it.
        bool is_bound = false;
        /// nullptr for a bound token that is not valid.
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
