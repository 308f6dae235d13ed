#include "modules/exchange/acknowledgements.hpp"

#include "ocpi/json/document.hpp"
#include "ocpi/json/writer.hpp"

#include <charconv>
#include <string_view>

namespace ocpi::exchange {
namespace {

using crud::interface_side;
using json::value;

constexpr std::string_view mark_module = "acknowledgements";
constexpr std::string_view progress_module = "push_progress";

/// Each time one is lost somebody else has written.
constexpr int max_mark_attempts = 20;

crud::document make_document(crud::record_key key, std::string json)
{
    return crud::document(std::move(key), std::move(json), date_time(), {});
}

crud::record_key key_of_partner(std::string name)
{
    return crud::record_key("", "", std::move(name));
}

bool is_race(const error& failure)
{
    return failure.code() == errc::conflict || failure.code() == errc::already_exists ||
           failure.code() == errc::not_found;
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

std::string write_mark(const std::string& partner, crud::revision revision)
{
    json::object_writer mark;
    mark.string("partner", partner).raw("revision", std::to_string(revision));
    return mark.finish();
}

std::string write_owed(const std::vector<sessions::session_key>& sessions)
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

/// `since` as it shall be read back; null means the moment of this very write.
std::string write_progress(const push_progress& progress, const std::string& since)
{
    json::object_writer object;
    object.string("url", progress.url)
        .string("registration", progress.registration)
        .string("scope", progress.scope);
    object.raw("revision", std::to_string(progress.revision)).raw("since", since);
    object.raw("owed", write_owed(progress.owed));
    return object.finish();
}

std::optional<stored_progress> read_progress(const crud::record& record)
{
    const auto parsed = json::parse(record.document.json);
    if (parsed.has_error()) return {};
    const auto root = parsed->root();
    const auto revision = revision_of(root, "revision");
    if (!revision) return {};
    stored_progress stored;
    stored.revision = record.revision;
    stored.progress.url = std::string(root.find_string("url"));
    stored.progress.registration = std::string(root.find_string("registration"));
    stored.progress.scope = std::string(root.find_string("scope"));
    stored.progress.revision = *revision;
    stored.progress.since = revision_of(root, "since").value_or(record.revision);
    if (const auto owed = root.find("owed")) {
        for (auto parts : *owed) {
            std::vector<std::string> texts;
            for (auto part : parts) texts.emplace_back(part.string());
            if (texts.size() != 3) return {};
            stored.progress.owed.emplace_back(texts[0], texts[1], texts[2]);
        }
    }
    return stored;
}

}  // namespace

boost::asio::awaitable<result<std::optional<acknowledgement>>> acknowledgements::find(
    sessions::session_key key)
{
    const auto record =
        co_await crud_->get(mark_module, interface_side::sender, record_key_of(key));
    if (record.has_error()) {
        if (record.error().code() != errc::not_found) co_return record.error();
        co_return std::optional<acknowledgement>();
    }
    const auto parsed = json::parse(record->document.json);
    if (parsed.has_error()) co_return damaged(mark_module);
    const auto revision = revision_of(parsed->root(), "revision");
    if (!revision) co_return damaged(mark_module);
    acknowledgement mark;
    mark.partner = std::string(parsed->root().find_string("partner"));
    mark.revision = *revision;
    mark.written_at = record->revision;
    co_return std::optional<acknowledgement>(std::move(mark));
}

boost::asio::awaitable<result<void>> acknowledgements::write(sessions::session_key key,
                                                             std::string partner,
                                                             crud::revision revision,
                                                             std::optional<acknowledgement> found)
{
    auto outcome = result<crud::revision>(error());
    for (int attempt = 0; attempt < max_mark_attempts; ++attempt) {
        auto document = make_document(record_key_of(key), write_mark(partner, revision));
        if (found) {
            outcome = co_await crud_->update(mark_module, interface_side::sender,
                                             std::move(document), found->written_at);
        } else {
            outcome =
                co_await crud_->create(mark_module, interface_side::sender, std::move(document));
        }
        if (outcome.has_value()) co_return result<void>();
        if (!is_race(outcome.error())) break;
        auto latest = co_await find(key);
        if (latest.has_error()) co_return latest.error();
        found = std::move(*latest);
        if (found && found->partner == partner && found->revision >= revision) {
            co_return result<void>();
        }
    }
    co_return outcome.error();
}

boost::asio::awaitable<result<void>> acknowledgements::carry_over(sessions::session_key key,
                                                                  crud::revision from,
                                                                  crud::revision to)
{
    auto mark = co_await find(key);
    if (mark.has_error()) co_return mark.error();
    if (!*mark || (*mark)->revision < from) co_return result<void>();
    const auto partner = (*mark)->partner;
    const auto stored = co_await find_progress(partner);
    if (stored.has_error()) co_return stored.error();
    // A mark that counts for nothing must not come to count.
    const bool counts = *stored && (*mark)->written_at > (*stored)->progress.since;
    if (!counts) co_return result<void>();
    co_return co_await write(std::move(key), partner, to, std::move(*mark));
}

boost::asio::awaitable<result<std::optional<stored_progress>>> acknowledgements::find_progress(
    std::string partner)
{
    auto key = key_of_partner(std::move(partner));
    const auto record =
        co_await crud_->get(progress_module, interface_side::sender, std::move(key));
    if (record.has_error()) {
        if (record.error().code() != errc::not_found) co_return record.error();
        co_return std::optional<stored_progress>();
    }
    auto read = read_progress(*record);
    if (!read) co_return damaged(progress_module);
    co_return read;
}

boost::asio::awaitable<result<crud::revision>> acknowledgements::save_progress(
    std::string partner, push_progress progress, std::optional<crud::revision> base)
{
    auto document = make_document(key_of_partner(std::move(partner)),
                                  write_progress(progress, std::to_string(progress.since)));
    if (base) {
        co_return co_await crud_->update(progress_module, interface_side::sender,
                                         std::move(document), *base);
    }
    co_return co_await crud_->create(progress_module, interface_side::sender, std::move(document));
}

boost::asio::awaitable<result<void>> acknowledgements::forget(std::string partner)
{
    for (int attempt = 0; attempt < max_mark_attempts; ++attempt) {
        const auto stored = co_await find_progress(partner);
        if (stored.has_error()) co_return stored.error();
        // Without a record nothing was ever marked; without a URL it is forgotten already.
        if (!*stored || (*stored)->progress.url.empty()) co_return result<void>();
        const push_progress nothing;
        auto document = make_document(key_of_partner(partner), write_progress(nothing, "null"));
        const auto outcome = co_await crud_->update(progress_module, interface_side::sender,
                                                    std::move(document), (*stored)->revision);
        if (outcome.has_value()) co_return result<void>();
        if (!is_race(outcome.error())) co_return outcome.error();
    }
    co_return error(errc::conflict, "others write the progress of " + partner);
}

}  // namespace ocpi::exchange
