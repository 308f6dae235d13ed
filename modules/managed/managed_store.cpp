#include "modules/managed/managed_store.hpp"

#include "crud/errors.hpp"
#include "modules/sessions/session_record.hpp"
#include "modules/sessions/view_id.hpp"

namespace ocpi::managed {
namespace {

using boost::asio::awaitable;
using crud::interface_side;

crud::document write_managed_record(crud::object_key key, const managed_session& session)
{
    crud::document document(std::move(key), write_managed_session(session), date_time(), {});
    // The sorted list is that of the sessions whose plans go on.
    if (!session.is_settled) document.sort_key = sessions::view_id(document.key);
    return document;
}

result<managed_session> read_managed_record(const crud::record& record)
{
    return read_managed_session(record.document.json);
}

}  // namespace

managed_store::managed_store(std::shared_ptr<Crud> crud)
    : crud_(std::move(crud)),
      records_(crud_, managed_session_records, interface_side::sender,
               crud::codec<managed_session>{write_managed_record, read_managed_record})
{
}

awaitable<result<std::optional<stored_session>>> managed_store::find(crud::object_key key)
{
    return records_.find(std::move(key));
}

awaitable<result<crud::revision>> managed_store::save(crud::object_key key,
                                                      const managed_session& session,
                                                      std::optional<crud::revision> base)
{
    return records_.save(std::move(key), session, base);
}

awaitable<result<void>> managed_store::remove(crud::object_key key, crud::revision base)
{
    std::vector<crud::removal> removals;
    removals.emplace_back(std::move(key), base);
    const auto removed = co_await crud_->remove_unchanged(
        managed_session_records, interface_side::sender, std::move(removals), {});
    if (removed.has_error()) co_return removed.error();
    if (removed->empty()) co_return crud::revision_mismatch();
    co_return result<void>();
}

awaitable<result<void>> managed_store::release(crud::object_key key, std::string policy_id)
{
    const auto found = co_await find(key);
    if (found.has_error()) co_return found.error();
    if (!*found || (*found)->value.rule.id != policy_id) co_return result<void>();
    co_return co_await remove(std::move(key), (*found)->revision);
}

awaitable<result<managed_store::live_page>> managed_store::list_live(
    std::optional<std::string> after)
{
    crud::sorted_query query;
    query.limit = 200;
    query.range.below = std::move(after);
    const auto page =
        co_await crud_->list_sorted(managed_session_records, interface_side::sender, query);
    if (page.has_error()) co_return page.error();
    live_page live;
    for (const auto& record : page->records) {
        live.keys.push_back(record.document.key);
    }
    if (!page->is_last_page) live.last = page->records.back().document.sort_key;
    co_return live;
}

}  // namespace ocpi::managed
