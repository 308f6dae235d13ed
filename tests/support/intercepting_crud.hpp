#pragma once

#include "tests/support/forwarding_crud.hpp"

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::test {

/// Passes every function of the port on to another store, its own and those of several processes
/// included: what it does between is what a test overrides of forwarding_crud.
class intercepting_crud : public forwarding_crud {
public:
    explicit intercepting_crud(std::shared_ptr<Crud> inner) : forwarding_crud(std::move(inner)) {}

    boost::asio::awaitable<result<crud::record>> get_if_visible_to(
        std::string_view module, crud::interface_side side, crud::object_key key,
        std::vector<party> emsps) override
    {
        if (auto failure = before(module)) co_return std::move(*failure);
        co_return co_await inner().get_if_visible_to(module, side, std::move(key),
                                                     std::move(emsps));
    }
    boost::asio::awaitable<result<crud::record>> find_by_secondary_key(
        std::string_view module, crud::interface_side side, std::string key,
        crud::record_filter filter) override
    {
        if (auto failure = before(module)) co_return std::move(*failure);
        co_return co_await inner().find_by_secondary_key(module, side, std::move(key),
                                                         std::move(filter));
    }
    boost::asio::awaitable<result<crud::sorted_page>> list_sorted(std::string_view module,
                                                                  crud::interface_side side,
                                                                  crud::sorted_query query) override
    {
        if (auto failure = before(module)) co_return std::move(*failure);
        co_return co_await inner().list_sorted(module, side, std::move(query));
    }
    boost::asio::awaitable<result<crud::changes_page>> list_changes(
        std::string_view module, crud::interface_side side, crud::changes_query query) override
    {
        if (auto failure = before(module)) co_return std::move(*failure);
        co_return co_await inner().list_changes(module, side, std::move(query));
    }
    boost::asio::awaitable<result<crud::search_page>> search(std::string_view module,
                                                             crud::interface_side side,
                                                             crud::search_query query) override
    {
        if (auto failure = before(module)) co_return std::move(*failure);
        co_return co_await inner().search(module, side, std::move(query));
    }
    boost::asio::awaitable<result<std::optional<crud::totals>>> find_totals(
        std::string_view module, crud::interface_side side, crud::totals_query query) override
    {
        if (auto failure = before(module)) co_return std::move(*failure);
        co_return co_await inner().find_totals(module, side, std::move(query));
    }
    boost::asio::awaitable<result<std::vector<crud::object_key>>> remove_unchanged(
        std::string_view module, crud::interface_side side, std::vector<crud::removal> removals,
        std::vector<std::string> belonging) override
    {
        if (auto failure = before(module)) co_return std::move(*failure);
        auto removed = co_await inner().remove_unchanged(module, side, std::move(removals),
                                                         std::move(belonging));
        if (removed.has_value() && !removed->empty()) after_write(module);
        co_return removed;
    }
    boost::asio::awaitable<result<crud::revision>> find_latest_revision() override
    {
        co_return co_await inner().find_latest_revision();
    }
    std::shared_ptr<crud::leases> leases() override { return inner().leases(); }
    std::shared_ptr<Crud> fenced_by(crud::held_lease lease) override
    {
        return inner().fenced_by(std::move(lease));
    }
    boost::asio::awaitable<result<void>> check_writable() override
    {
        co_return co_await inner().check_writable();
    }
    boost::asio::awaitable<result<void>> check_readable() override
    {
        co_return co_await inner().check_readable();
    }
    crud::store_report report() const override { return inner().report(); }
};

}  // namespace ocpi::test
