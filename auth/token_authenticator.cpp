#include "auth/token_authenticator.hpp"

#include "auth/authorization.hpp"
#include "auth/hashing.hpp"

#include <utility>

namespace ocpi::auth {
namespace {

/// Only known tokens are remembered, so this is far beyond any honest number of callers within
/// one freshness period.
constexpr std::size_t max_remembered = 100'000;

}  // namespace

token_authenticator::token_authenticator(token_store tokens,
                                         const std::vector<configured_token>& configured,
                                         std::chrono::milliseconds freshness)
    : tokens_(std::move(tokens)), recent_(freshness, max_remembered)
{
    set_configured(configured);
}

void token_authenticator::set_configured(const std::vector<configured_token>& configured)
{
    auto made = std::make_shared<identities>();
    for (const auto& entry : configured) {
        auto identity = entry.identity;
        identity.token_hash = hash_token(entry.token);
        auto hash = identity.token_hash;
        made->emplace_back(std::move(hash), std::make_shared<const principal>(std::move(identity)));
    }
    const std::lock_guard lock(mutex_);
    configured_ = std::move(made);
}

std::shared_ptr<const token_authenticator::identities> token_authenticator::configured_identities()
    const
{
    const std::lock_guard lock(mutex_);
    return configured_;
}

boost::asio::awaitable<result<std::shared_ptr<const principal>>> token_authenticator::authenticate(
    std::string authorization)
{
    std::vector<std::string> hashes;
    for (const auto& token : presented_tokens(authorization)) hashes.push_back(hash_token(token));
    co_return co_await find(std::move(hashes));
}

boost::asio::awaitable<result<std::shared_ptr<const principal>>> token_authenticator::find(
    std::vector<std::string> token_hashes)
{
    for (auto& hash : token_hashes) {
        auto identified = co_await identify(std::move(hash));
        if (identified.has_error() || *identified) co_return identified;
    }
    co_return std::shared_ptr<const principal>();
}

boost::asio::awaitable<result<std::shared_ptr<const principal>>> token_authenticator::identify(
    std::string hash)
{
    const auto configured = configured_identities();
    for (const auto& [configured_hash, identity] : *configured) {
        if (equal_in_constant_time(configured_hash, hash)) co_return identity;
    }
    if (auto identity = recent_.find(hash)) co_return std::move(*identity);
    auto found = co_await tokens_.find(hash);
    if (found.has_value() && *found) recent_.put(hash, *found);
    co_return found;
}

}  // namespace ocpi::auth
