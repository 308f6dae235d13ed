#include "modules/managed/managed_store.hpp"

#include "modules/sessions/session_record.hpp"
#include "modules/sessions/view_id.hpp"

#include <string_view>

namespace ocpi::managed {
namespace {

using crud::interface_side;

constexpr std::string_view managed_sessions_module = "managed_sessions";

}  // namespace

boost::asio::awaitable<result<std::optional<stored_session>>> managed_store::find(
    sessions::session_key key)
{
    const auto record_key = record_key_of(key);
    const auto record =
        co_await crud_->get(managed_sessions_module, interface_side::sender, record_key);
    if (record.has_error()) {
        if (record.error().code() != errc::not_found) co_return record.error();
        co_return std::optional<stored_session>();
    }
    auto session = read_managed_session(record->document.json);
    if (session.has_error()) co_return session.error();
    stored_session found;
    found.session = std::move(*session);
    found.revision = record->revision;
    co_return std::optional<stored_session>(std::move(found));
}

boost::asio::awaitable<result<void>> managed_store::save(sessions::session_key key,
                                                         stored_session& changed)
{
    crud::document document(record_key_of(key), write_managed_session(changed.session), date_time(),
                            {});
    // The ranked list is that of the sessions whose plans go on.
    if (!changed.session.is_settled) document.rank = view_id(key);
    constexpr auto side = interface_side::sender;
    result<crud::revision> saved = error();
    if (changed.revision) {
        saved = co_await crud_->update(managed_sessions_module, side, std::move(document),
                                       *changed.revision);
    } else {
        saved = co_await crud_->create(managed_sessions_module, side, std::move(document));
    }
    if (saved.has_error()) co_return saved.error();
    changed.revision = *saved;
    co_return result<void>();
}

boost::asio::awaitable<result<void>> managed_store::remove(sessions::session_key key)
{
    const auto record_key = record_key_of(key);
    auto removed =
        co_await crud_->remove(managed_sessions_module, interface_side::sender, record_key);
    if (removed.has_error() && removed.error().code() != errc::not_found) {
        co_return removed.error();
    }
    co_return result<void>();
}

boost::asio::awaitable<result<managed_store::live_page>> managed_store::list_live(
    std::optional<std::string> after)
{
    crud::list_query query;
    query.limit = 200;
    query.ranked.emplace();
    query.ranked->below = std::move(after);
    const auto page = co_await crud_->list(managed_sessions_module, interface_side::sender, query);
    if (page.has_error()) co_return page.error();
    live_page live;
    for (const auto& record : page->records) {
        const auto& key = record.document.key;
        live.keys.emplace_back(key.country_code.str(), key.party_id.str(), key.id.str());
    }
    if (!page->is_last_page) live.last = page->records.back().document.rank;
    co_return live;
}

}  // namespace ocpi::managed
