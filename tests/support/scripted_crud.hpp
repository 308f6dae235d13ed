#pragma once

#include "crud/crud.hpp"
#include "crud/memory/memory_crud.hpp"

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::test {

/// A store in memory that a test can make fail, or let another process write to at the worst
/// moment. Each hook runs before its operation; an error that it returns is the operation's.
class scripted_crud final : public Crud {
public:
    using hook = std::function<std::optional<error>(const crud::document&)>;

    hook before_create;
    hook before_update;
    std::function<std::optional<error>(std::string_view module)> before_get;
    std::function<std::optional<error>()> before_list;
    int gets = 0;
    /// How many documents the reads have given out.
    int documents_read = 0;
    /// As a store that knows nothing of a query's max_bytes.
    bool ignores_max_bytes = false;
    int creates = 0;
    int updates = 0;

    /// The store itself, without hooks: what another process does.
    crud::memory_crud& behind() { return store_; }

    boost::asio::awaitable<result<crud::record>> get(std::string_view module,
                                                     crud::interface_side side,
                                                     crud::object_key key) override;
    boost::asio::awaitable<result<crud::record>> get_if_visible_to(
        std::string_view module, crud::interface_side side, crud::object_key key,
        std::vector<party> emsps) override;
    boost::asio::awaitable<result<crud::page>> list(std::string_view module,
                                                    crud::interface_side side,
                                                    crud::list_query query) override;
    boost::asio::awaitable<result<crud::revision>> create(std::string_view module,
                                                          crud::interface_side side,
                                                          crud::document document) override;
    boost::asio::awaitable<result<crud::revision>> update(std::string_view module,
                                                          crud::interface_side side,
                                                          crud::document document,
                                                          crud::revision expected) override;
    boost::asio::awaitable<result<void>> remove(std::string_view module, crud::interface_side side,
                                                crud::object_key key) override;
    boost::asio::awaitable<result<crud::record>> find_by_secondary_key(
        std::string_view module, crud::interface_side side, std::string key,
        crud::record_filter filter) override;
    boost::asio::awaitable<result<crud::sorted_page>> list_sorted(
        std::string_view module, crud::interface_side side, crud::sorted_query query) override;
    boost::asio::awaitable<result<crud::changes_page>> list_changes(
        std::string_view module, crud::interface_side side, crud::changes_query query) override;

private:
    template <class Page, class Query>
    using lister = boost::asio::awaitable<result<Page>> (Crud::*)(std::string_view,
                                                                  crud::interface_side, Query);
    template <class Page, class Query>
    boost::asio::awaitable<result<Page>> list_by(lister<Page, Query> how, std::string_view module,
                                                 crud::interface_side side, Query query);

    crud::memory_crud store_;
};

}  // namespace ocpi::test
