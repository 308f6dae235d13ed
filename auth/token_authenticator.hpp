#pragma once

#include "auth/authenticator.hpp"
#include "auth/token_store.hpp"
#include "ocpi/base/ttl_cache.hpp"

#include <chrono>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::auth {

/// Authenticates `Authorization: Token …` against a token_store and the configured tokens. The
/// value may be the token itself or its Base64, also with the line end that the specification's own
/// example encodes [OCPI transport and format, authorization header]. Tokens added or revoked by
/// any process take effect within `freshness`.
class token_authenticator final : public Authenticator {
public:
    /// An identity whose token is in the configuration instead of the store.
    struct configured_token {
        principal identity;
        std::string token;

        configured_token(principal of, std::string secret)
            : identity(std::move(of)), token(std::move(secret))
        {
        }
    };

    explicit token_authenticator(
        token_store tokens, const std::vector<configured_token>& configured = {},
        std::chrono::milliseconds freshness = std::chrono::milliseconds(500));

    /// Replaces the configured tokens: requests from now on are judged by these. Safe from any
    /// thread.
    void set_configured(const std::vector<configured_token>& configured);

    boost::asio::awaitable<result<std::shared_ptr<const principal>>> authenticate(
        std::string authorization) override;

    /// The identity of the first of these tokens that is valid, by their hashes; nullptr when none
    /// is. For a caller that has parsed and hashed the header already.
    boost::asio::awaitable<result<std::shared_ptr<const principal>>> find(
        std::vector<std::string> token_hashes);

private:
    /// By token hash.
    using identities = std::vector<std::pair<std::string, std::shared_ptr<const principal>>>;

    std::shared_ptr<const identities> configured_identities() const;
    boost::asio::awaitable<result<std::shared_ptr<const principal>>> identify(std::string hash);

    token_store tokens_;
    mutable std::mutex mutex_;
    std::shared_ptr<const identities> configured_;                     // guarded by mutex_
    ttl_cache<std::string, std::shared_ptr<const principal>> recent_;  ///< by token hash
};

}  // namespace ocpi::auth
