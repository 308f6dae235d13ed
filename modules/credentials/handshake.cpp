#include "modules/credentials/handshake.hpp"

#include "auth/hashing.hpp"
#include "modules/credentials/platform_versions.hpp"
#include "ocpi/base/uuid.hpp"

#include <optional>

namespace ocpi::credentials {
namespace {

using partners::inbound_token;
using partners::partner;
using partners::partner_state;
using partners::stored_partner;
using partners::token_standing;

error not_registered()
{
    return error(errc::method_not_allowed, "you are not registered: POST your credentials first");
}

bool stands(const partner& of, const auth::principal& caller)
{
    return of.is_registered() && of.find_inbound(caller.token_hash);
}

/// Another process has changed the partner in between.
error to_answer(const error& failure)
{
    if (failure.code() != errc::conflict && failure.code() != errc::already_exists) return failure;
    return error(errc::overloaded, "another handshake with you is under way; try again");
}

partners::platform_access access_by(const auth::principal& caller, const std::string& token,
                                    bool is_trusted)
{
    partners::platform_access access;
    access.name = caller.name;
    access.token = token;
    access.is_trusted = is_trusted;
    return access;
}

/// The grace of the token that a partner has called with, beside the new one.
std::vector<inbound_token> succeed(const partner& before, const std::string& presented_hash,
                                   const std::string& new_hash, date_time now)
{
    std::vector<inbound_token> tokens;
    tokens.emplace_back(new_hash, token_standing::current);
    const auto* presented = before.find_inbound(presented_hash);
    auto until = presented ? presented->valid_until : std::optional<date_time>();
    if (!until) {
        until = date_time::from_milliseconds(
            now.milliseconds() +
            std::chrono::duration_cast<std::chrono::milliseconds>(grace_period).count());
    }
    tokens.emplace_back(presented_hash, token_standing::previous, until);
    return tokens;
}

}  // namespace

boost::asio::awaitable<result<bool>> handshake::is_registered(auth::principal caller)
{
    const auto stored = co_await own_->partners->find(caller.name);
    if (stored.has_error()) co_return stored.error();
    co_return *stored&& stands((*stored)->value, caller);
}

boost::asio::awaitable<result<platform_credentials>> handshake::begin(auth::principal caller,
                                                                      protocol::version version,
                                                                      platform_credentials sent)
{
    const auto lock = co_await own_->turns.take(caller.name);
    auto stored = co_await own_->partners->find(caller.name);
    if (stored.has_error()) co_return stored.error();
    if (*stored && stands((*stored)->value, caller)) {
        co_return error(errc::method_not_allowed,
                        "you are registered already: PUT renews your credentials");
    }
    // While this request waited for its turn another one may have used up the same token.
    const auto bound = co_await own_->partners->find_bound(caller.token_hash);
    if (bound.has_error()) co_return bound.error();
    if (*bound) co_return error(errc::unauthenticated, "this token has been used up");

    const auto claims = check_claims(sent, caller.roles);
    if (claims.has_error()) co_return claims.error();
    partner registered;
    take_roles(registered, sent);
    registered.allowed_roles = caller.roles;
    const auto unique =
        co_await check_uniqueness(*own_, caller.name, represented_roles(registered));
    if (unique.has_error()) co_return unique.error();
    const auto access = access_by(caller, sent.token, caller.is_trusted);
    auto endpoints = co_await inspect(access, sent.url, version);
    if (endpoints.has_error()) co_return endpoints.error();

    auto token = auth::make_token();
    auto hash = auth::hash_token(token);
    registered.name = caller.name;
    registered.state = partner_state::registered;
    registered.registration = make_uuid();
    registered.is_trusted = caller.is_trusted;
    registered.profile = caller.profile;
    if (*stored) registered.closing_put = (*stored)->value.closing_put;
    registered.version = version;
    registered.versions_url = sent.url;
    registered.token = sent.token;
    registered.token_form = own_->client->form_for(access);
    registered.endpoints = std::move(*endpoints);
    registered.inbound_tokens.emplace_back(hash, token_standing::current);

    // A bound token is valid as long as there is no record of its partner, so that the old one
    // ends and the new one begins with the one write of that record. Where a record exists, the
    // old one must not end before.
    const bool is_new = !*stored;
    auto ready = co_await own_->partners->bind_token(hash, caller.name);
    if (ready.has_value() && is_new) {
        ready = co_await own_->partners->bind_token(caller.token_hash, caller.name);
    }
    if (ready.has_error()) co_return ready.error();
    std::optional<crud::revision> base;
    if (!is_new) base = (*stored)->revision;
    const auto saved = co_await own_->partners->save(std::move(registered), base);
    if (saved.has_error()) co_return to_answer(saved.error());
    if (!is_new) (void)co_await own_->partners->bind_token(caller.token_hash, caller.name);
    co_await own_->revoke_token(caller);
    // No error is reported: the partner knows its new token only once it has this answer, so it is
    // not called at once. Push and pull see it for themselves within about a second.
    own_->log->write(log_level::info, "partner " + caller.name + " has registered");
    co_return own_credentials(*own_, std::move(token));
}

boost::asio::awaitable<result<platform_credentials>> handshake::renew(auth::principal caller,
                                                                      protocol::version version,
                                                                      platform_credentials sent)
{
    const auto lock = co_await own_->turns.take(caller.name);
    auto stored = co_await own_->partners->find(caller.name);
    if (stored.has_error()) co_return stored.error();
    if (!*stored || !stands((*stored)->value, caller)) co_return not_registered();
    const auto& before = (*stored)->value;

    const auto claims = check_claims(sent, before.allowed_roles);
    if (claims.has_error()) co_return claims.error();
    auto after = before;
    take_roles(after, sent);
    const auto unique = co_await check_uniqueness(*own_, caller.name, represented_roles(after));
    if (unique.has_error()) co_return unique.error();
    auto access = access_by(caller, sent.token, before.is_trusted);
    access.form = before.token_form;
    auto endpoints = co_await inspect(access, sent.url, version);
    if (endpoints.has_error()) co_return endpoints.error();

    auto token = auth::make_token();
    const auto hash = auth::hash_token(token);
    const auto ready = co_await own_->partners->bind_token(hash, caller.name);
    if (ready.has_error()) co_return ready.error();
    partners::partner_store::change renewal = [&](partner& changed) -> result<void> {
        if (!stands(changed, caller)) return not_registered();
        changed.version = version;
        changed.versions_url = sent.url;
        changed.token = sent.token;
        changed.token_form = own_->client->form_for(access);
        take_roles(changed, sent);
        changed.endpoints = *endpoints;
        changed.inbound_tokens = succeed(changed, caller.token_hash, hash, own_->time->now());
        return {};
    };
    const auto saved = co_await own_->partners->update_with(caller.name, std::move(renewal));
    if (saved.has_error()) co_return saved.error();
    own_->log->write(log_level::info, "partner " + caller.name + " has renewed its credentials");
    co_return own_credentials(*own_, std::move(token));
}

boost::asio::awaitable<result<void>> handshake::end(auth::principal caller)
{
    const auto lock = co_await own_->turns.take(caller.name);
    partners::partner_store::change ending = [&](partner& changed) -> result<void> {
        if (!stands(changed, caller)) return not_registered();
        changed = unregistered(std::move(changed));
        return {};
    };
    const auto saved = co_await own_->partners->update_with(caller.name, std::move(ending));
    if (saved.has_error()) {
        if (saved.error().code() == errc::not_found) co_return not_registered();
        co_return saved.error();
    }
    own_->log->write(log_level::info, "partner " + caller.name + " has ended its registration");
    tell_of_change(*own_);
    co_return result<void>();
}

boost::asio::awaitable<result<std::vector<partners::endpoint>>> handshake::inspect(
    partners::platform_access caller, std::string versions_url, protocol::version version)
{
    const auto& client = *own_->client;
    std::vector<protocol::version> accepted{version};
    auto versions =
        co_await fetch_versions(client, caller, std::move(versions_url), std::move(accepted));
    if (versions.has_error()) co_return versions.error();
    auto endpoints = co_await fetch_endpoints(client, caller, std::move(versions->front()));
    if (endpoints.has_error()) co_return endpoints.error();
    const auto sufficient = check_endpoints(*endpoints);
    if (sufficient.has_error()) co_return sufficient.error();
    co_return endpoints;
}

}  // namespace ocpi::credentials
