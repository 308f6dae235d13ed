#include "partners/partner_store.hpp"

#include "ocpi/json/document.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <string_view>

namespace ocpi::partners {
namespace {

using crud::interface_side;
using crud::object_key;

constexpr std::string_view partner_module = "partners";
/// From the hash of a token to the name of a partner.
constexpr std::string_view token_module = "partner_tokens";

crud::document write_record(object_key key, const partner& of)
{
    return crud::document(std::move(key), write_partner(of), date_time(), {});
}

result<partner> read_record(const crud::record& stored)
{
    return read_partner(stored.document.json);
}

}  // namespace

partner_store::partner_store(std::shared_ptr<Crud> crud)
    : crud_(std::move(crud)),
      records_(crud_, partner_module, interface_side::sender,
               crud::codec<partner>{write_record, read_record})
{
}

boost::asio::awaitable<result<std::vector<stored_partner>>> partner_store::list()
{
    const auto all = co_await crud::list_all(*crud_, partner_module, interface_side::sender);
    if (all.has_error()) co_return all.error();
    std::vector<stored_partner> partners;
    for (const auto& stored : *all) {
        auto read = read_record(stored);
        if (read.has_error()) co_return read.error();
        partners.push_back(stored_partner{std::move(*read), stored.revision});
    }
    co_return partners;
}

boost::asio::awaitable<result<std::optional<stored_partner>>> partner_store::find(std::string name)
{
    return records_.find(object_key(std::move(name)));
}

boost::asio::awaitable<result<std::optional<partner>>> partner_store::find_by_role(
    credentials_role role)
{
    auto all = co_await list();
    if (all.has_error()) co_return all.error();
    for (auto& each : *all) {
        if (!each.value.is_registered()) continue;
        const auto roles = represented_roles(each.value);
        if (std::find(roles.begin(), roles.end(), role) == roles.end()) continue;
        co_return std::optional<partner>(std::move(each.value));
    }
    co_return std::optional<partner>();
}

boost::asio::awaitable<result<crud::revision>> partner_store::save(
    partner changed, std::optional<crud::revision> base)
{
    const auto saved = co_await records_.save(object_key(changed.name), changed, base);
    changes_.fetch_add(1, std::memory_order_acq_rel);
    co_return saved;
}

boost::asio::awaitable<result<partner>> partner_store::update_with(std::string name, change make)
{
    crud::repository<partner>::change update =
        [&](const std::optional<stored_partner>& current) -> result<std::optional<partner>> {
        if (!current) return error(errc::not_found, "there is no partner named " + name);
        auto changed = current->value;
        const auto made = make(changed);
        if (made.has_error()) return made.error();
        return std::optional<partner>(std::move(changed));
    };
    auto updated = co_await records_.update_with(object_key(name), std::move(update));
    changes_.fetch_add(1, std::memory_order_acq_rel);
    if (updated.has_error()) co_return updated.error();
    co_return std::move((*updated)->value);
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
    const auto noted = co_await update_with(name, std::move(note));
    if (noted.has_error()) co_return noted.error();
    co_return result<void>();
}

boost::asio::awaitable<result<void>> partner_store::bind_token(std::string token_hash,
                                                               std::string name)
{
    json::object_writer bound;
    bound.string("partner", name);
    crud::document document(object_key(std::move(token_hash)), bound.finish(), date_time(), {});
    const auto created = co_await crud_->create(token_module, interface_side::sender, document);
    if (created.has_error() && created.error().code() != errc::already_exists) {
        co_return created.error();
    }
    co_return result<void>();
}

boost::asio::awaitable<result<std::optional<stored_partner>>> partner_store::find_bound(
    std::string token_hash)
{
    object_key key(std::move(token_hash));
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
