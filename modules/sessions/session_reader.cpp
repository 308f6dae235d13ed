#include "modules/sessions/session_reader.hpp"

#include "crud/page_bound.hpp"

namespace ocpi::sessions {

boost::asio::awaitable<result<crud::record>> session_reader::get(crud::interface_side side,
                                                                 crud::object_key key) const
{
    return crud_->get(session_records, side, std::move(key));
}

boost::asio::awaitable<result<crud::record>> session_reader::get_if_visible_to(
    crud::interface_side side, crud::object_key key, std::vector<party> emsps) const
{
    return crud_->get_if_visible_to(session_records, side, std::move(key), std::move(emsps));
}

boost::asio::awaitable<result<crud::record>> session_reader::find_by_view_id(
    crud::interface_side side, std::string id, contract_scope visible) const
{
    // In whichever case a UUID is written, it is the same.
    for (char& c : id) c = c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
    crud::record_filter filter;
    filter.contracts = std::move(visible);
    return crud_->find_by_secondary_key(session_records, side, std::move(id), std::move(filter));
}

boost::asio::awaitable<result<crud::page>> session_reader::list(crud::interface_side side,
                                                                crud::list_query query) const
{
    auto listed = co_await crud_->list(session_records, side, query);
    if (listed.has_value()) crud::shorten(*listed, query);
    co_return listed;
}

boost::asio::awaitable<result<crud::sorted_page>> session_reader::list_sorted(
    crud::interface_side side, crud::sorted_query query) const
{
    auto listed = co_await crud_->list_sorted(session_records, side, query);
    if (listed.has_value()) crud::shorten(*listed, query);
    co_return listed;
}

boost::asio::awaitable<result<crud::changes_page>> session_reader::list_changes(
    crud::interface_side side, crud::changes_query query) const
{
    auto listed = co_await crud_->list_changes(session_records, side, query);
    if (listed.has_value()) crud::shorten(*listed, query);
    co_return listed;
}

boost::asio::awaitable<result<crud::search_page>> session_reader::search(
    crud::search_query query) const
{
    auto found = co_await crud_->search(session_records, crud::interface_side::sender, query);
    if (found.has_value()) crud::shorten(*found, query);
    co_return found;
}

boost::asio::awaitable<result<std::optional<crud::totals>>> session_reader::find_totals(
    crud::totals_query query) const
{
    co_return co_await crud_->find_totals(session_records, crud::interface_side::sender,
                                          std::move(query));
}

}  // namespace ocpi::sessions
