#include "modules/credentials/registration.hpp"

#include "auth/hashing.hpp"
#include "auth/token_store.hpp"
#include "http/target.hpp"
#include "http/url.hpp"
#include "modules/credentials/platform_versions.hpp"
#include "ocpi/base/uuid.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string_view>

namespace ocpi::credentials {
namespace {

using partners::inbound_token;
using partners::partner;
using partners::partner_state;
using partners::stored_partner;
using partners::token_standing;

/// For how long a request may wait when the other platform asks for that: a person waits, too.
constexpr std::chrono::seconds max_wait{60};

/// `cpo.example.com:8000` of `https://cpo.example.com:8000/ocpi/versions`.
std::string host_of(std::string_view url)
{
    const auto begin = url.find("://");
    if (begin == std::string_view::npos) return std::string(url);
    const auto rest = url.substr(begin + 3);
    return std::string(rest.substr(0, rest.find_first_of("/?#")));
}

result<void> check_request(const platform& own, const registration_request& request)
{
    if (own.roles.empty()) {
        return error(errc::invalid, "this platform has no party of its own to register");
    }
    if (own.versions_url().empty()) {
        return error(errc::invalid, "this platform's public URL is not known");
    }
    if (!http::is_base_url(request.versions_url)) {
        return error(errc::invalid, "\"" + request.versions_url +
                                        "\" is not an absolute http(s) URL of a version list");
    }
    if (!auth::is_valid_token(request.token_a)) {
        return error(errc::invalid, "a token is 1 to 64 printable characters without spaces");
    }
    return {};
}

const std::string* credentials_url(const std::vector<partners::endpoint>& endpoints)
{
    // Its role has no meaning [OCPI versions, InterfaceRole].
    const auto found = std::find_if(
        endpoints.begin(), endpoints.end(),
        [](const partners::endpoint& each) { return each.identifier == "credentials"; });
    return found == endpoints.end() ? nullptr : &found->url;
}

void drop_pending(partner& of)
{
    std::erase_if(of.inbound_tokens, [](const inbound_token& each) {
        return each.standing == token_standing::pending;
    });
}

/// Makes the token that the partner has confirmed the current one, and gives its predecessor the
/// grace it is due.
void succeed(partner& of, const std::string& hash, date_time now)
{
    const auto until = date_time::from_milliseconds(
        now.milliseconds() +
        std::chrono::duration_cast<std::chrono::milliseconds>(grace_period).count());
    std::erase_if(of.inbound_tokens, [&](const inbound_token& each) {
        return each.standing != token_standing::current || each.hash == hash;
    });
    for (auto& each : of.inbound_tokens) {
        each.standing = token_standing::previous;
        each.valid_until = until;
    }
    of.inbound_tokens.emplace_back(hash, token_standing::current);
}

error no_such_partner(const std::string& name)
{
    return error(errc::not_found, "no partner named " + name + " is registered");
}

/// Another process has registered the partner again, or has ended its registration.
error overtaken(const std::string& name)
{
    return error(errc::overloaded, "another handshake with " + name + " is under way; try again");
}

}  // namespace

/// The highest version that both sides speak, and the partner's endpoints in it.
struct registration::negotiated {
    protocol::version version = protocol::version::v2_3_0;
    std::vector<partners::endpoint> endpoints;
    std::string credentials_url;
};

boost::asio::awaitable<result<partner>> registration::begin(registration_request request)
{
    const auto sound = check_request(*own_, request);
    if (sound.has_error()) co_return sound.error();
    if (request.name.empty()) request.name = host_of(request.versions_url);
    const auto lock = co_await own_->turns.take(request.name);
    auto before = co_await own_->partners->find(request.name);
    if (before.has_error()) co_return before.error();
    if (*before && (*before)->value.is_registered()) {
        co_return error(errc::already_exists, "a partner named " + request.name +
                                                  " is registered already: rotate its tokens, "
                                                  "remove it, or choose another name");
    }
    const auto known = co_await find_by_versions_url(request.versions_url);
    if (known.has_error()) co_return known.error();
    if (!known->empty()) {
        co_return error(errc::already_exists, "that platform is registered as " + *known +
                                                  " already: rotate its tokens or remove it");
    }
    partners::platform_access access;
    access.name = request.name;
    access.token = request.token_a;
    access.is_trusted = request.is_trusted;
    access.patience = max_wait;
    auto found = co_await inspect(access, request.versions_url);
    if (found.has_error()) co_return found.error();

    // Before it answers, the other platform calls us with the token that we offer.
    const auto token = auth::make_token();
    const auto hash = auth::hash_token(token);
    partner candidate;
    candidate.name = request.name;
    candidate.registration = make_uuid();
    candidate.is_trusted = request.is_trusted;
    candidate.profile = request.profile;
    if (*before) candidate.closing_put = (*before)->value.closing_put;
    candidate.version = found->version;
    candidate.versions_url = request.versions_url;
    candidate.inbound_tokens.emplace_back(hash, token_standing::pending);
    const auto bound = co_await own_->partners->bind_token(hash, request.name);
    if (bound.has_error()) co_return bound.error();
    std::optional<crud::revision> base;
    if (*before) base = (*before)->revision;
    auto saved = co_await own_->partners->save(candidate, base);
    if (saved.has_error()) co_return saved.error();

    auto answered = co_await exchange(access, "POST", *found, token);
    result<void> accepted;
    if (answered.has_error()) {
        accepted = answered.error();
    } else {
        accepted = co_await judge(*answered, request, candidate);
    }
    partners::partner_store::change conclusion = [&](partner& changed) -> result<void> {
        if (changed.registration != candidate.registration) return overtaken(request.name);
        if (accepted.has_error()) {
            changed = unregistered(std::move(changed));
            return {};
        }
        changed = candidate;
        changed.state = partner_state::registered;
        changed.token = answered->token;
        changed.token_form = own_->client->form_for(access);
        changed.versions_url = answered->credentials->url;
        changed.endpoints = found->endpoints;
        changed.inbound_tokens.clear();
        changed.inbound_tokens.emplace_back(hash, token_standing::current);
        return {};
    };
    auto concluded = co_await own_->partners->update_with(request.name, std::move(conclusion));
    if (accepted.has_value() && concluded.has_error()) accepted = concluded.error();
    if (accepted.has_error()) {
        if (answered.has_value()) {
            co_await call_off(*own_->client, access, answered->token, found->credentials_url);
        }
        co_return accepted.error();
    }
    tell_of_change(*own_);
    co_return concluded;
}

/// May the answered credentials become those of the candidate? Then they are, as far as roles go.
boost::asio::awaitable<result<void>> registration::judge(const answered_credentials& answered,
                                                         const registration_request& request,
                                                         partner& candidate)
{
    const auto& theirs = answered.credentials;
    if (theirs.has_error()) co_return theirs.error();
    take_roles(candidate, *theirs);
    candidate.allowed_roles =
        request.allowed_roles.empty() ? candidate.roles : request.allowed_roles;
    const auto claims = check_claims(*theirs, candidate.allowed_roles);
    if (claims.has_error()) co_return claims.error();
    co_return co_await check_uniqueness(*own_, request.name, represented_roles(candidate));
}

boost::asio::awaitable<result<partner>> registration::renew(std::string name)
{
    const auto lock = co_await own_->turns.take(name);
    auto stored = co_await find_registered(name);
    if (stored.has_error()) co_return stored.error();
    if (own_->versions_url().empty()) {
        co_return error(errc::invalid, "this platform's public URL is not known");
    }
    auto access = partners::access_to(stored->value);
    access.patience = max_wait;
    auto found = co_await inspect(access, stored->value.versions_url);
    if (found.has_error()) co_return found.error();

    // The offered token counts beside the current one until the partner has confirmed it.
    const auto token = auth::make_token();
    const auto hash = auth::hash_token(token);
    const auto bound = co_await own_->partners->bind_token(hash, stored->value.name);
    if (bound.has_error()) co_return bound.error();
    const auto is_same = [&](const partner& changed) {
        return changed.is_registered() && changed.registration == stored->value.registration;
    };
    partners::partner_store::change offer = [&](partner& changed) -> result<void> {
        if (!is_same(changed)) return overtaken(name);
        drop_pending(changed);
        changed.inbound_tokens.emplace_back(hash, token_standing::pending);
        return {};
    };
    const auto offered = co_await own_->partners->update_with(name, std::move(offer));
    if (offered.has_error()) co_return offered.error();

    const auto answered = co_await exchange(access, "PUT", *found, token);
    if (answered.has_error() || answered->token.empty()) {
        const auto& failure =
            answered.has_error() ? answered.error() : answered->credentials.error();
        // A refusal ends the offer. Of a lost answer nobody knows what became of it: the partner
        // may use the new token from now on, so that stays.
        if (failure.code() != errc::partner_failure) {
            partners::partner_store::change withdrawal = [&](partner& changed) -> result<void> {
                // Another process may have offered another one meanwhile.
                std::erase_if(changed.inbound_tokens, [&](const inbound_token& each) {
                    return each.standing == token_standing::pending && each.hash == hash;
                });
                return {};
            };
            (void)co_await own_->partners->update_with(name, std::move(withdrawal));
        }
        co_return failure;
    }
    const auto& theirs = answered->credentials;
    result<void> accepted;
    if (theirs.has_error()) {
        accepted = theirs.error();
    } else {
        accepted = check_claims(*theirs, stored->value.allowed_roles);
    }
    partners::partner_store::change renewal = [&](partner& changed) -> result<void> {
        if (!is_same(changed)) return overtaken(name);
        changed.token = answered->token;
        changed.token_form = own_->client->form_for(access);
        changed.version = found->version;
        changed.endpoints = found->endpoints;
        if (theirs.has_value()) changed.versions_url = theirs->url;
        // What it may not claim it does not become, but its token is the one that counts now.
        if (accepted.has_value()) take_roles(changed, *theirs);
        succeed(changed, hash, own_->time->now());
        return {};
    };
    auto renewed = co_await own_->partners->update_with(name, std::move(renewal));
    tell_of_change(*own_);
    if (accepted.has_error()) co_return accepted.error();
    co_return renewed;
}

boost::asio::awaitable<result<void>> registration::end(std::string name, bool even_unconfirmed)
{
    const auto lock = co_await own_->turns.take(name);
    auto stored = co_await find_registered(name);
    if (stored.has_error()) co_return stored.error();
    auto access = partners::access_to(stored->value);
    access.patience = max_wait;
    partners::platform_request request;
    request.method = "DELETE";
    if (const auto* url = credentials_url(stored->value.endpoints)) request.url = *url;
    const auto& client = *own_->client;
    auto answered = co_await client.call(access, std::move(request));
    // 401, 404 and 405 say that there is no registration on that side any more.
    const bool is_over =
        answered.has_value() && (answered->is_success() || answered->http_status == 401 ||
                                 answered->http_status == 404 || answered->http_status == 405);
    if (!is_over && !even_unconfirmed) {
        if (answered.has_error()) co_return answered.error();
        co_return partners::unusable_answer(
            access, "does not end the registration: " + answered->describe());
    }
    partners::partner_store::change ending = [&](partner& changed) -> result<void> {
        if (changed.registration != stored->value.registration) return overtaken(name);
        changed = unregistered(std::move(changed));
        return {};
    };
    const auto saved = co_await own_->partners->update_with(name, std::move(ending));
    if (saved.has_error()) co_return saved.error();
    tell_of_change(*own_);
    co_return result<void>();
}

boost::asio::awaitable<result<std::string>> registration::find_by_versions_url(std::string url)
{
    const auto all = co_await own_->partners->list();
    if (all.has_error()) co_return all.error();
    for (const auto& each : *all) {
        const bool is_there = http::without_trailing_slashes(each.value.versions_url) ==
                              http::without_trailing_slashes(url);
        if (each.value.is_registered() && is_there) co_return each.value.name;
    }
    co_return std::string();
}

boost::asio::awaitable<result<registration::negotiated>> registration::inspect(
    partners::platform_access access, std::string versions_url)
{
    const auto& client = *own_->client;
    auto versions =
        co_await fetch_versions(client, access, std::move(versions_url), own_->versions);
    if (versions.has_error()) co_return versions.error();
    negotiated found;
    found.version = versions->front().version;
    auto endpoints = co_await fetch_endpoints(client, access, std::move(versions->front()));
    if (endpoints.has_error()) co_return endpoints.error();
    const auto sufficient = check_endpoints(*endpoints);
    if (sufficient.has_error()) co_return sufficient.error();
    found.credentials_url = *credentials_url(*endpoints);
    found.endpoints = std::move(*endpoints);
    co_return found;
}

boost::asio::awaitable<result<answered_credentials>> registration::exchange(
    partners::platform_access access, std::string method, const negotiated& found,
    std::string own_token)
{
    partners::platform_request request;
    request.method = std::move(method);
    request.url = found.credentials_url;
    request.body = write_credentials(own_credentials(*own_, std::move(own_token)));
    co_return co_await exchange_credentials(*own_->client, std::move(access), std::move(request),
                                            found.version);
}

boost::asio::awaitable<result<stored_partner>> registration::find_registered(std::string name)
{
    auto stored = co_await own_->partners->find(name);
    if (stored.has_error()) co_return stored.error();
    if (!*stored || !(*stored)->value.is_registered()) co_return no_such_partner(name);
    co_return std::move(**stored);
}

}  // namespace ocpi::credentials
