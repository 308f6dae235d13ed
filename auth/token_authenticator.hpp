#pragma once

#include "auth/authenticator.hpp"
#include "auth/token_store.hpp"
#include "ocpi/base/ttl_cache.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::auth {

/// Recognises `Authorization: Token …` by the tokens in a token_store and by those of the
/// configuration. The value may be the token itself or its Base64, also with the line end that
/// the specification's own example encodes [OCPI transport and format, authorization header].
/// A token that was added or revoked, by whatever process, counts within `freshness`.
class token_authenticator final : public Authenticator {
public:
    /// An identity whose token stands in the configuration instead of the store.
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

    boost::asio::awaitable<result<std::shared_ptr<const principal>>> authenticate(
        std::string authorization) override;

private:
    boost::asio::awaitable<result<std::shared_ptr<const principal>>> identify(std::string token);

    token_store tokens_;
    std::vector<std::pair<std::string, std::shared_ptr<const principal>>> configured_;
    ttl_cache<std::string, std::shared_ptr<const principal>> recent_;  ///< by token hash
};

}  // namespace ocpi::auth
