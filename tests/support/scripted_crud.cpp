#include "tests/support/scripted_crud.hpp"

#include <atomic>
#include <cstdint>
#include <limits>
#include <utility>

namespace ocpi::test {

using boost::asio::awaitable;

awaitable<result<crud::record>> scripted_crud::get(std::string_view module,
                                                   crud::interface_side side, crud::object_key key)
{
    std::atomic_ref(gets).fetch_add(1);
    if (before_get) {
        if (auto failure = before_get(module)) co_return std::move(*failure);
    }
    auto found = co_await store_.get(module, side, std::move(key));
    if (found.has_value()) std::atomic_ref(documents_read).fetch_add(1);
    co_return found;
}

awaitable<result<crud::record>> scripted_crud::get_if_visible_to(std::string_view module,
                                                                 crud::interface_side side,
                                                                 crud::object_key key,
                                                                 std::vector<party> emsps)
{
    std::atomic_ref(gets).fetch_add(1);
    if (before_get) {
        if (auto failure = before_get(module)) co_return std::move(*failure);
    }
    auto found = co_await store_.get_if_visible_to(module, side, std::move(key), std::move(emsps));
    if (found.has_value()) std::atomic_ref(documents_read).fetch_add(1);
    co_return found;
}

template <class Page, class Query>
awaitable<result<Page>> scripted_crud::list_by(lister<Page, Query> how, std::string_view module,
                                               crud::interface_side side, Query query)
{
    if (before_list) {
        if (auto failure = before_list()) co_return std::move(*failure);
    }
    if (ignores_max_bytes) query.max_bytes = std::numeric_limits<std::uint64_t>::max();
    Crud& store = store_;
    auto listed = co_await (store.*how)(module, side, std::move(query));
    if (listed.has_value()) {
        std::atomic_ref(documents_read).fetch_add(static_cast<int>(listed->records.size()));
    }
    co_return listed;
}

awaitable<result<crud::page>> scripted_crud::list(std::string_view module,
                                                  crud::interface_side side, crud::list_query query)
{
    return list_by(&Crud::list, module, side, std::move(query));
}

awaitable<result<crud::sorted_page>> scripted_crud::list_sorted(std::string_view module,
                                                                crud::interface_side side,
                                                                crud::sorted_query query)
{
    return list_by(&Crud::list_sorted, module, side, std::move(query));
}

awaitable<result<crud::changes_page>> scripted_crud::list_changes(std::string_view module,
                                                                  crud::interface_side side,
                                                                  crud::changes_query query)
{
    return list_by(&Crud::list_changes, module, side, std::move(query));
}

awaitable<result<crud::record>> scripted_crud::find_by_secondary_key(std::string_view module,
                                                                     crud::interface_side side,
                                                                     std::string key,
                                                                     crud::record_filter filter)
{
    if (before_list) {
        if (auto failure = before_list()) co_return std::move(*failure);
    }
    auto found =
        co_await store_.find_by_secondary_key(module, side, std::move(key), std::move(filter));
    if (found.has_value()) std::atomic_ref(documents_read).fetch_add(1);
    co_return found;
}

awaitable<result<crud::revision>> scripted_crud::create(std::string_view module,
                                                        crud::interface_side side,
                                                        crud::document document)
{
    std::atomic_ref(creates).fetch_add(1);
    if (before_create) {
        if (auto failure = before_create(document)) co_return std::move(*failure);
    }
    co_return co_await store_.create(module, side, std::move(document));
}

awaitable<result<crud::revision>> scripted_crud::update(std::string_view module,
                                                        crud::interface_side side,
                                                        crud::document document,
                                                        crud::revision expected)
{
    std::atomic_ref(updates).fetch_add(1);
    if (before_update) {
        if (auto failure = before_update(document)) co_return std::move(*failure);
    }
    co_return co_await store_.update(module, side, std::move(document), expected);
}

awaitable<result<void>> scripted_crud::remove(std::string_view module, crud::interface_side side,
                                              crud::object_key key)
{
    co_return co_await store_.remove(module, side, std::move(key));
}

}  // namespace ocpi::test
