#include "modules/exchange/acknowledgements.hpp"

#include "ocpi/json/document.hpp"
#include "ocpi/json/writer.hpp"

#include <charconv>

namespace ocpi::exchange {
namespace {

using crud::interface_side;
using json::value;

constexpr std::string_view progress_module = "push_progress";

crud::document make_document(crud::object_key key, std::string json)
{
    return crud::document(std::move(key), std::move(json), date_time(), {});
}

crud::object_key key_of_partner(std::string name)
{
    return crud::object_key("", "", std::move(name));
}

error damaged(std::string_view module)
{
    return error(errc::storage, "the store cannot be read", {},
                 "a record of " + std::string(module) + " is damaged");
}

std::optional<crud::revision> revision_of(value object, std::string_view name)
{
    const auto member = object.find(name);
    if (!member || !member->is(json::kind::number)) return {};
    const auto text = member->text();
    crud::revision number = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (problem != std::errc() || end != text.data() + text.size()) return {};
    return number;
}

crud::document write_acknowledgement(crud::object_key key, const acknowledgement& acknowledged)
{
    json::object_writer object;
    object.string("partner", acknowledged.partner)
        .raw("revision", std::to_string(acknowledged.revision));
    return make_document(std::move(key), object.finish());
}

result<acknowledgement> read_acknowledgement(const crud::record& record)
{
    const auto parsed = json::parse(record.document.json);
    if (parsed.has_error()) return damaged(acknowledgement_records);
    const auto revision = revision_of(parsed->root(), "revision");
    if (!revision) return damaged(acknowledgement_records);
    acknowledgement acknowledged;
    acknowledged.partner = std::string(parsed->root().find_string("partner"));
    acknowledged.revision = *revision;
    return acknowledged;
}

std::string write_rejected(const std::vector<crud::object_key>& sessions)
{
    json::array_writer list;
    for (const auto& key : sessions) {
        json::array_writer parts;
        parts.raw(json::quote(key.country_code.str()));
        parts.raw(json::quote(key.party_id.str()));
        parts.raw(json::quote(key.id.str()));
        list.raw(parts.finish());
    }
    return list.finish();
}

crud::document write_progress(crud::object_key key, const push_progress& progress)
{
    const bool is_since_now = progress.since == push_progress::this_write;
    const auto since = is_since_now ? std::string("null") : std::to_string(progress.since);
    json::object_writer object;
    object.string("url", progress.url)
        .string("registration", progress.registration)
        .string("party_pairs", progress.party_pairs);
    object.raw("revision", std::to_string(progress.revision)).raw("since", since);
    object.raw("rejected", write_rejected(progress.rejected));
    return make_document(std::move(key), object.finish());
}

result<push_progress> read_progress(const crud::record& record)
{
    const auto parsed = json::parse(record.document.json);
    if (parsed.has_error()) return damaged(progress_module);
    const auto root = parsed->root();
    const auto revision = revision_of(root, "revision");
    if (!revision) return damaged(progress_module);
    push_progress progress;
    progress.url = std::string(root.find_string("url"));
    progress.registration = std::string(root.find_string("registration"));
    progress.party_pairs = std::string(root.find_string("party_pairs"));
    progress.revision = *revision;
    progress.since = revision_of(root, "since").value_or(record.revision);
    if (const auto rejected = root.find("rejected")) {
        for (auto parts : *rejected) {
            std::vector<std::string> texts;
            for (auto part : parts) texts.emplace_back(part.string());
            if (texts.size() != 3) return damaged(progress_module);
            progress.rejected.emplace_back(texts[0], texts[1], texts[2]);
        }
    }
    return progress;
}

}  // namespace

acknowledgements::acknowledgements(std::shared_ptr<Crud> crud)
    : sessions_(crud, acknowledgement_records, interface_side::sender,
                crud::codec<acknowledgement>{write_acknowledgement, read_acknowledgement}),
      progress_(std::move(crud), progress_module, interface_side::sender,
                crud::codec<push_progress>{write_progress, read_progress})
{
}

boost::asio::awaitable<result<std::optional<stored_acknowledgement>>> acknowledgements::find(
    crud::object_key key)
{
    return sessions_.find(key);
}

boost::asio::awaitable<result<void>> acknowledgements::write(
    crud::object_key key, std::string partner, crud::revision revision,
    std::optional<stored_acknowledgement> found)
{
    const auto known = found ? found->revision : 0;
    crud::repository<acknowledgement>::change note =
        [&](const std::optional<stored_acknowledgement>& current)
        -> result<std::optional<acknowledgement>> {
        const bool is_noted = current && current->revision > known &&
                              current->value.partner == partner &&
                              current->value.revision >= revision;
        if (is_noted) return std::optional<acknowledgement>();
        return std::optional<acknowledgement>(acknowledgement{partner, revision});
    };
    const auto noted = co_await sessions_.update_from(std::move(found), key, std::move(note));
    if (noted.has_error()) co_return noted.error();
    co_return result<void>();
}

boost::asio::awaitable<result<void>> acknowledgements::carry_over(crud::object_key key,
                                                                  crud::revision from,
                                                                  crud::revision to)
{
    auto found = co_await find(key);
    if (found.has_error()) co_return found.error();
    if (!*found || (*found)->value.revision < from) co_return result<void>();
    const auto partner = (*found)->value.partner;
    const auto stored = co_await find_progress(partner);
    if (stored.has_error()) co_return stored.error();
    // An acknowledgement of an earlier registration must not become valid again.
    const bool counts = *stored && (*found)->revision > (*stored)->value.since;
    if (!counts) co_return result<void>();
    co_return co_await write(std::move(key), partner, to, std::move(*found));
}

boost::asio::awaitable<result<std::optional<stored_progress>>> acknowledgements::find_progress(
    std::string partner)
{
    return progress_.find(key_of_partner(std::move(partner)));
}

boost::asio::awaitable<result<crud::revision>> acknowledgements::save_progress(
    std::string partner, push_progress progress, std::optional<crud::revision> base)
{
    return progress_.save(key_of_partner(std::move(partner)), progress, base);
}

boost::asio::awaitable<result<void>> acknowledgements::forget(std::string partner)
{
    crud::repository<push_progress>::change clear =
        [](const std::optional<stored_progress>& current) -> result<std::optional<push_progress>> {
        // Without a record there are no acknowledgements; without a URL they are forgotten already.
        if (!current || current->value.url.empty()) return std::optional<push_progress>();
        push_progress cleared;
        cleared.since = push_progress::this_write;
        return std::optional<push_progress>(std::move(cleared));
    };
    const auto cleared =
        co_await progress_.update_with(key_of_partner(std::move(partner)), std::move(clear));
    if (cleared.has_error()) co_return cleared.error();
    co_return result<void>();
}

}  // namespace ocpi::exchange
