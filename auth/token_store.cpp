#include "auth/token_store.hpp"

#include "auth/hashing.hpp"
#include "crud/repository.hpp"
#include "ocpi/json/document.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <optional>
#include <utility>

namespace ocpi::auth {
namespace {

using crud::interface_side;
using crud::object_key;

// Two modules of the store: identities by token hash, for every request; and the hash by name,
// whose key makes names unique. A name is taken before its token counts and given up after it
// no longer does.
constexpr std::string_view token_module = "access_tokens";
constexpr std::string_view name_module = "access_token_names";

crud::document make_document(std::string id, std::string json)
{
    return crud::document(object_key(std::move(id)), std::move(json), date_time(), {});
}

std::string write_principal(const principal& identity)
{
    json::array_writer roles;
    for (const auto& role : identity.roles) roles.raw(json::quote(to_string(role)));
    json::array_writer contracts;
    for (const auto& contract : identity.contracts) contracts.raw(json::quote(contract.str()));
    json::object_writer written;
    written.string("name", identity.name)
        .string("kind", to_string(identity.kind))
        .raw("roles", roles.finish())
        .raw("contracts", contracts.finish())
        .string("profile", to_string(identity.profile))
        .string("token_kind",
                identity.token_kind == token_kind::registration ? "registration" : "credentials")
        .raw("is_trusted", identity.is_trusted ? "true" : "false");
    return written.finish();
}

error damaged()
{
    return error(errc::storage, "the stored access tokens cannot be read", {},
                 "a record of module access_tokens is damaged: revoke and add the token again");
}

result<principal> read_principal(const std::string& json)
{
    const auto parsed = json::parse(json);
    if (parsed.has_error()) return damaged();
    const auto text = [&](std::string_view name) {
        const auto member = parsed->root().find(name);
        return member ? member->string() : std::string_view();
    };
    principal identity;
    identity.name = text("name");
    const auto kind = parse_caller_kind(text("kind"));
    const auto strictness = parse_profile(text("profile"));
    if (!kind || !strictness) return damaged();
    identity.kind = *kind;
    identity.profile = *strictness;
    if (text("token_kind") == "registration") identity.token_kind = token_kind::registration;
    const auto trusted = parsed->root().find("is_trusted");
    identity.is_trusted = trusted && trusted->text() == "true";
    if (const auto roles = parsed->root().find("roles")) {
        for (auto entry : *roles) {
            const auto role = parse_credentials_role(entry.string());
            if (!role) return damaged();
            identity.roles.push_back(*role);
        }
    }
    if (const auto contracts = parsed->root().find("contracts")) {
        for (auto entry : *contracts) identity.contracts.emplace_back(std::string(entry.string()));
    }
    return identity;
}

}  // namespace

bool is_valid_token(std::string_view token) noexcept
{
    return !token.empty() && token.size() <= 64 &&
           std::all_of(token.begin(), token.end(), [](char c) { return c >= 0x21 && c <= 0x7e; });
}

boost::asio::awaitable<result<void>> token_store::add(principal identity, std::string token)
{
    if (!is_valid_token(token)) {
        co_return error(errc::invalid, "a token is 1 to 64 printable characters without spaces");
    }
    auto hash = hash_token(token);
    json::object_writer name_record;
    name_record.string("token_hash", hash);
    auto name_document = make_document(identity.name, name_record.finish());
    const auto named = co_await crud_->create(name_module, interface_side::sender, name_document);
    if (named.has_error()) {
        if (named.error().code() != errc::already_exists) co_return named.error();
        co_return error(errc::already_exists, "there is a token named " + identity.name +
                                                  " already; revoke it or choose another name");
    }
    auto token_document = make_document(std::move(hash), write_principal(identity));
    const auto added = co_await crud_->create(token_module, interface_side::sender, token_document);
    if (added.has_error()) {
        (void)co_await remove_name(name_document.key, *named);
        if (added.error().code() != errc::already_exists) co_return added.error();
        co_return error(errc::already_exists, "this token is in use under another name");
    }
    co_return result<void>();
}

boost::asio::awaitable<result<std::vector<principal>>> token_store::list()
{
    const auto all = co_await crud::list_all(*crud_, token_module, interface_side::sender);
    if (all.has_error()) co_return all.error();
    std::vector<principal> identities;
    for (const auto& stored : *all) {
        auto identity = read_principal(stored.document.json);
        if (identity.has_error()) co_return identity.error();
        identities.push_back(std::move(*identity));
    }
    co_return identities;
}

boost::asio::awaitable<result<void>> token_store::revoke(std::string name)
{
    object_key name_key(name);
    const auto named = co_await crud_->get(name_module, interface_side::sender, name_key);
    if (named.has_error()) {
        if (named.error().code() != errc::not_found) co_return named.error();
        co_return error(errc::not_found, "there is no token named " + name);
    }
    const auto parsed = json::parse(named->document.json);
    if (parsed.has_error()) co_return damaged();
    const auto hash = parsed->root().find("token_hash");
    if (!hash) co_return damaged();

    object_key token_key(std::string(hash->string()));
    const auto removed = co_await crud_->remove(token_module, interface_side::sender, token_key);
    if (removed.has_error() && removed.error().code() != errc::not_found) {
        co_return removed.error();
    }
    co_return co_await remove_name(std::move(name_key), named->revision);
}

/// Unless another process has given the name to another token meanwhile.
boost::asio::awaitable<result<void>> token_store::remove_name(crud::object_key name,
                                                              crud::revision expected)
{
    std::vector<crud::removal> removals;
    removals.emplace_back(std::move(name), expected);
    const auto removed = co_await crud_->remove_unchanged(name_module, interface_side::sender,
                                                          std::move(removals), {});
    if (removed.has_error()) co_return removed.error();
    co_return result<void>();
}

boost::asio::awaitable<result<std::shared_ptr<const principal>>> token_store::find(
    std::string token_hash)
{
    object_key key(token_hash);
    const auto stored = co_await crud_->get(token_module, interface_side::sender, key);
    if (stored.has_error()) {
        if (stored.error().code() != errc::not_found) co_return stored.error();
        co_return std::shared_ptr<const principal>();
    }
    if (!equal_in_constant_time(stored->document.key.id.str(), token_hash)) {
        co_return std::shared_ptr<const principal>();
    }
    auto identity = read_principal(stored->document.json);
    if (identity.has_error()) co_return identity.error();
    identity->token_hash = std::move(token_hash);
    co_return std::make_shared<const principal>(std::move(*identity));
}

}  // namespace ocpi::auth
