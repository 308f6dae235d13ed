#include "modules/sessions/session_store.hpp"

#include <string_view>

namespace ocpi::sessions {
namespace {

constexpr std::string_view module_name = "sessions";

/// Within this process writers take turns, so only writers of other processes can come in
/// between, and each time that happens one of them has made its way.
constexpr int most_attempts = 50;

crud::record_key record_key_of(const session_key& key)
{
    return crud::record_key(key.country_code.str(), key.party_id.str(), key.id.str());
}

std::string queue_key(const session_key& key)
{
    return key.country_code.folded() + '/' + key.party_id.folded() + '/' + key.id.folded();
}

crud::document document_of(crud::record_key key, decision made)
{
    return crud::document(std::move(key), std::move(made.json), made.last_updated,
                          std::move(made.emsp));
}

/// Another process was quicker: the decision must be made again on what it wrote.
bool lost_a_race(const result<crud::revision>& outcome)
{
    if (outcome.has_value()) return false;
    const auto code = outcome.error().code();
    return code == errc::conflict || code == errc::already_exists || code == errc::not_found;
}

error too_many_writers()
{
    return error(errc::overloaded, "too many others write to this session; try again in a moment");
}

result<std::optional<json::document>> parse_stored(const result<crud::record>& stored)
{
    if (stored.has_error()) {
        if (stored.error().code() != errc::not_found) return stored.error();
        return std::optional<json::document>();
    }
    auto parsed = json::parse(stored->document.json);
    if (parsed.has_error()) {
        return error(errc::storage, "the stored session cannot be read", {},
                     "a stored session is damaged: " + parsed.error().text());
    }
    return std::optional<json::document>(std::move(*parsed));
}

}  // namespace

boost::asio::awaitable<result<crud::record>> session_store::get(crud::interface_side side,
                                                                session_key key)
{
    co_return co_await crud_->get(module_name, side, record_key_of(key));
}

boost::asio::awaitable<result<crud::page>> session_store::list(crud::interface_side side,
                                                               crud::list_query query)
{
    co_return co_await crud_->list(module_name, side, std::move(query));
}

boost::asio::awaitable<result<written_session>> session_store::put(crud::interface_side side,
                                                                   session_key key,
                                                                   const parsed_session& sent,
                                                                   strictness strict)
{
    const auto turn = co_await writers_.take(queue_key(key));
    for (int attempt = 0; attempt < most_attempts; ++attempt) {
        const auto record = co_await get(side, key);
        const auto stored = parse_stored(record);
        if (stored.has_error()) co_return stored.error();
        auto made = decide_put(*stored ? &**stored : nullptr, sent, strict);
        if (made.has_error()) co_return made.error();

        written_session written;
        written.created = !*stored;
        written.tolerated = made->tolerated;
        if (!made->changes) co_return written;
        std::optional<crud::revision> base;
        if (*stored) base = record->revision;
        auto document = document_of(record_key_of(key), std::move(*made));
        const auto outcome = co_await write(side, base, std::move(document));
        if (outcome.has_value()) co_return written;
        if (!lost_a_race(outcome)) co_return outcome.error();
    }
    co_return too_many_writers();
}

boost::asio::awaitable<result<written_session>> session_store::patch(crud::interface_side side,
                                                                     session_key key,
                                                                     const parsed_session& sent,
                                                                     date_time now)
{
    const auto turn = co_await writers_.take(queue_key(key));
    for (int attempt = 0; attempt < most_attempts; ++attempt) {
        const auto record = co_await get(side, key);
        if (record.has_error()) co_return record.error();
        const auto stored = parse_stored(record);
        if (stored.has_error()) co_return stored.error();
        auto made = decide_patch(**stored, sent, now);
        if (made.has_error()) co_return made.error();

        written_session written;
        written.tolerated = made->tolerated;
        if (!made->changes) co_return written;
        auto document = document_of(record->document.key, std::move(*made));
        const auto outcome = co_await write(side, record->revision, std::move(document));
        if (outcome.has_value()) co_return written;
        if (!lost_a_race(outcome)) co_return outcome.error();
    }
    co_return too_many_writers();
}

boost::asio::awaitable<result<crud::revision>> session_store::write(
    crud::interface_side side, std::optional<crud::revision> base, crud::document document)
{
    if (base) co_return co_await crud_->update(module_name, side, std::move(document), *base);
    co_return co_await crud_->create(module_name, side, std::move(document));
}

}  // namespace ocpi::sessions
