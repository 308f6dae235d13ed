#include "partners/partner_authenticator.hpp"

#include "auth/authorization.hpp"
#include "auth/hashing.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace ocpi::partners {
namespace {

/// Unknown tokens are cached too, so invented ones must not fill the memory.
constexpr std::size_t max_remembered = 20'000;

bool counts(const partner& of, const inbound_token& token, date_time now)
{
    if (of.state == partner_state::unregistered) return false;
    return !token.valid_until || now < *token.valid_until;
}

std::shared_ptr<const auth::principal> identity_of(const partner& of, const std::string& token_hash)
{
    auth::principal identity;
    identity.kind = auth::caller_kind::partner;
    identity.name = of.name;
    identity.profile = of.profile;
    identity.token_hash = token_hash;
    if (of.is_registered()) {
        identity.roles = represented_roles(of);
        if (of.hub) identity.roles.emplace_back(party_role::other, *of.hub);
    } else {
        // While it registers us it needs nothing but our versions.
        identity.token_kind = auth::token_kind::registration;
    }
    return std::make_shared<const auth::principal>(std::move(identity));
}

}  // namespace

partner_authenticator::partner_authenticator(std::shared_ptr<partner_store> partners,
                                             std::shared_ptr<Authenticator> others,
                                             std::shared_ptr<const clock> time,
                                             std::chrono::milliseconds freshness)
    : partners_(std::move(partners)),
      others_(std::move(others)),
      own_tokens_(std::dynamic_pointer_cast<auth::token_authenticator>(others_)),
      time_(std::move(time)),
      recent_(freshness, max_remembered)
{
}

boost::asio::awaitable<result<std::shared_ptr<const auth::principal>>>
partner_authenticator::authenticate(std::string authorization)
{
    std::vector<std::string> hashes;
    for (const auto& token : auth::presented_tokens(authorization)) {
        hashes.push_back(auth::hash_token(token));
        auto found = co_await look_up(hashes.back());
        if (found.has_error()) co_return found.error();
        if (found->is_bound) co_return std::move(found->identity);
    }
    if (own_tokens_) co_return co_await own_tokens_->find(std::move(hashes));
    co_return co_await others_->authenticate(std::move(authorization));
}

boost::asio::awaitable<result<partner_authenticator::finding>> partner_authenticator::look_up(
    std::string token_hash)
{
    const auto changes = partners_->changes();
    auto known = recent_.find(token_hash);
    if (known && known->first == changes) co_return std::move(known->second);
    auto bound = co_await partners_->find_bound(token_hash);
    if (bound.has_error()) co_return bound.error();
    finding found;
    if (*bound) found = co_await judge(std::move(**bound), token_hash);
    // Another process may be about to make more of it: only what will last is remembered.
    const bool will_last = !found.is_bound || (found.identity && found.identity->token_kind ==
                                                                     auth::token_kind::credentials);
    if (will_last) recent_.put(token_hash, remembered(changes, found));
    co_return found;
}

boost::asio::awaitable<partner_authenticator::finding> partner_authenticator::judge(
    stored_partner stored, std::string token_hash)
{
    finding found;
    found.is_bound = true;
    const auto* token = stored.value.find_inbound(token_hash);
    if (!token || !counts(stored.value, *token, time_->now())) co_return found;
    found.identity = identity_of(stored.value, token_hash);

    // The partner has begun to use its new token, so it has no use for the one before.
    const auto is_previous = [](const inbound_token& each) {
        return each.standing == token_standing::previous;
    };
    auto& tokens = stored.value.inbound_tokens;
    if (token->standing == token_standing::current && std::erase_if(tokens, is_previous) > 0) {
        // Should the store refuse, the token ends by itself in time.
        (void)co_await partners_->save(std::move(stored.value), stored.revision);
    }
    co_return found;
}

}  // namespace ocpi::partners
