#include "partners/partner_store.hpp"

#include "ocpi/json/document.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <string_view>

namespace ocpi::partners {
namespace {

using crud::interface_side;
using crud::record_key;

constexpr std::string_view partner_module = "partners";
/// From the hash of a token to the name of a partner.
constexpr std::string_view token_module = "partner_tokens";

/// A partner is changed only by handshakes and the first use of a new token.
constexpr int max_attempts = 20;

crud::document make_document(std::string id, std::string json)
{
    return crud::document(record_key("", "", std::move(id)), std::move(json), date_time(), {});
}

result<stored_partner> read_record(const crud::record& stored)
{
    auto read = read_partner(stored.document.json);
    if (read.has_error()) return read.error();
    stored_partner found;
    found.partner = std::move(*read);
    found.revision = stored.revision;
    return found;
}

}  // namespace

boost::asio::awaitable<result<std::vector<stored_partner>>> partner_store::list()
{
    std::vector<stored_partner> partners;
    crud::list_query query;
    query.limit = 1000;
    for (;;) {
        auto page = co_await crud_->list(partner_module, interface_side::sender, query);
        if (page.has_error()) co_return page.error();
        for (const auto& stored : page->records) {
            auto read = read_record(stored);
            if (read.has_error()) co_return read.error();
            partners.push_back(std::move(*read));
        }
        if (page->is_last_page) co_return partners;
        query.offset += page->records.size();
    }
}

boost::asio::awaitable<result<std::optional<stored_partner>>> partner_store::find(std::string name)
{
    record_key key("", "", std::move(name));
    const auto stored = co_await crud_->get(partner_module, interface_side::sender, key);
    if (stored.has_error()) {
        if (stored.error().code() != errc::not_found) co_return stored.error();
        co_return std::optional<stored_partner>();
    }
    auto read = read_record(*stored);
    if (read.has_error()) co_return read.error();
    co_return std::optional<stored_partner>(std::move(*read));
}

boost::asio::awaitable<result<std::optional<partner>>> partner_store::find_by_role(
    credentials_role role)
{
    auto all = co_await list();
    if (all.has_error()) co_return all.error();
    for (auto& each : *all) {
        if (!each.partner.is_registered()) continue;
        const auto roles = represented_roles(each.partner);
        if (std::find(roles.begin(), roles.end(), role) == roles.end()) continue;
        co_return std::optional<partner>(std::move(each.partner));
    }
    co_return std::optional<partner>();
}

boost::asio::awaitable<result<crud::revision>> partner_store::save(
    partner changed, std::optional<crud::revision> base)
{
    auto document = make_document(changed.name, write_partner(changed));
    result<crud::revision> saved = crud::revision(0);
    if (base) {
        saved = co_await crud_->update(partner_module, interface_side::sender, document, *base);
    } else {
        saved = co_await crud_->create(partner_module, interface_side::sender, document);
    }
    changes_.fetch_add(1, std::memory_order_acq_rel);
    co_return saved;
}

boost::asio::awaitable<result<partner>> partner_store::amend(std::string name, change make)
{
    for (int attempt = 0; attempt < max_attempts; ++attempt) {
        auto stored = co_await find(name);
        if (stored.has_error()) co_return stored.error();
        if (!*stored) co_return error(errc::not_found, "there is no partner named " + name);
        auto changed = std::move((*stored)->partner);
        const auto made = make(changed);
        if (made.has_error()) co_return made.error();
        const auto saved = co_await save(changed, (*stored)->revision);
        if (saved.has_value()) co_return changed;
        if (saved.error().code() != errc::conflict) co_return saved.error();
    }
    co_return error(errc::overloaded, "too many others change this partner; try again in a moment");
}

boost::asio::awaitable<result<void>> partner_store::keep_token_form(std::string name,
                                                                    std::string token,
                                                                    token_form form)
{
    change note = [&](partner& changed) -> result<void> {
        if (!changed.is_registered() || changed.token != token) {
            return error(errc::not_found, "no partner named " + name + " has that token");
        }
        if (changed.token_form == form) {
            return error(errc::already_exists, "the form of its token is known");
        }
        changed.token_form = form;
        return {};
    };
    const auto noted = co_await amend(name, std::move(note));
    if (noted.has_error()) co_return noted.error();
    co_return result<void>();
}

boost::asio::awaitable<result<void>> partner_store::bind_token(std::string token_hash,
                                                               std::string name)
{
    json::object_writer bound;
    bound.string("partner", name);
    auto document = make_document(std::move(token_hash), bound.finish());
    const auto created = co_await crud_->create(token_module, interface_side::sender, document);
    if (created.has_error() && created.error().code() != errc::already_exists) {
        co_return created.error();
    }
    co_return result<void>();
}

boost::asio::awaitable<result<std::optional<stored_partner>>> partner_store::find_bound(
    std::string token_hash)
{
    record_key key("", "", std::move(token_hash));
    const auto bound = co_await crud_->get(token_module, interface_side::sender, key);
    if (bound.has_error()) {
        if (bound.error().code() != errc::not_found) co_return bound.error();
        co_return std::optional<stored_partner>();
    }
    const auto parsed = json::parse(bound->document.json);
    if (parsed.has_error()) co_return parsed.error();
    const auto name = parsed->root().find("partner");
    if (!name) co_return std::optional<stored_partner>();
    co_return co_await find(std::string(name->string()));
}

}  // namespace ocpi::partners
