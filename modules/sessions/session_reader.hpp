#pragma once

#include "crud/crud.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::sessions {

/// The Crud module in which the sessions of both sides are stored.
inline constexpr std::string_view session_records = "sessions";

/// The stored sessions, read only. Safe from any thread.
class session_reader {
public:
    explicit session_reader(std::shared_ptr<Crud> crud) : crud_(std::move(crud)) {}

    boost::asio::awaitable<result<crud::record>> get(crud::interface_side side,
                                                     crud::object_key key) const;
    /// The session if its eMSP is one of these; else errc::not_found, like one that is not there.
    boost::asio::awaitable<result<crud::record>> get_if_visible_to(crud::interface_side side,
                                                                   crud::object_key key,
                                                                   std::vector<party> emsps) const;
    /// By its id under /v1 (view_id.hpp), in either case, if it is of one of the visible contracts
    /// (std::nullopt: of any or none); else errc::not_found.
    boost::asio::awaitable<result<crud::record>> find_by_view_id(crud::interface_side side,
                                                                 std::string id,
                                                                 contract_scope visible) const;
    /// Lists keep to the query's max_bytes, whatever the store does.
    boost::asio::awaitable<result<crud::page>> list(crud::interface_side side,
                                                    crud::list_query query) const;
    boost::asio::awaitable<result<crud::sorted_page>> list_sorted(crud::interface_side side,
                                                                  crud::sorted_query query) const;
    boost::asio::awaitable<result<crud::changes_page>> list_changes(
        crud::interface_side side, crud::changes_query query) const;
    /// Of session_summary.hpp's categories.
    boost::asio::awaitable<result<crud::search_page>> search(crud::search_query query) const;
    boost::asio::awaitable<result<std::optional<crud::totals>>> find_totals(
        crud::totals_query query) const;

private:
    std::shared_ptr<Crud> crud_;
};

}  // namespace ocpi::sessions
