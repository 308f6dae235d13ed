#pragma once

#include "crud/crud.hpp"
#include "modules/sessions/change_listener.hpp"
#include "modules/sessions/codec.hpp"
#include "modules/sessions/decision.hpp"
#include "modules/sessions/session.hpp"
#include "modules/sessions/session_cache.hpp"
#include "modules/sessions/settlement.hpp"
#include "ocpi/base/clock.hpp"
#include "ocpi/base/keyed_mutex.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::sessions {

/// The Crud module in which the sessions of both sides are stored.
inline constexpr std::string_view session_records = "sessions";

/// Result of a PUT, a PATCH or a pulled session.
struct written_session {
    bool created = false;
    /// False when the session did not change.
    bool changed = false;
    std::vector<std::string> tolerated;
};

/// How long after its end a session waits for its final reading.
struct final_reading_rule {
    final_reading_timeout timeout{0};
    /// May be nullptr when the timeout is 0.
    std::shared_ptr<const clock> time;
};

/// Sessions, written by the rules of OCPI through the Crud port. Safe from any thread.
///
/// A write is decided on the cached session of the last write, which the store confirms by
/// revision, so that a write is one store operation instead of two. A decision not to write has no
/// such confirmation; it is repeated on the stored state.
class session_store {
public:
    /// The listeners, none null, are notified of every change made through this object.
    explicit session_store(std::shared_ptr<Crud> crud, change_listeners listeners = {},
                           final_reading_rule rule = {});

    boost::asio::awaitable<result<crud::record>> get(crud::interface_side side,
                                                     crud::object_key key);
    /// The session if its eMSP is one of these; else errc::not_found, like one that is not there.
    boost::asio::awaitable<result<crud::record>> get_if_visible_to(crud::interface_side side,
                                                                   crud::object_key key,
                                                                   std::vector<party> emsps);
    /// By its id under /v1 (view_id.hpp), in either case, if it is of one of the visible contracts
    /// (std::nullopt: of any or none); else errc::not_found.
    boost::asio::awaitable<result<crud::record>> find_by_view_id(crud::interface_side side,
                                                                 std::string id,
                                                                 contract_scope visible);
    /// Lists keep to the query's max_bytes, whatever the store does.
    boost::asio::awaitable<result<crud::page>> list(crud::interface_side side,
                                                    crud::list_query query);
    boost::asio::awaitable<result<crud::sorted_page>> list_sorted(crud::interface_side side,
                                                                  crud::sorted_query query);
    boost::asio::awaitable<result<crud::changes_page>> list_changes(crud::interface_side side,
                                                                    crud::changes_query query);
    /// Of session_summary.hpp's categories.
    boost::asio::awaitable<result<crud::search_page>> search(crud::search_query query);
    boost::asio::awaitable<result<std::optional<crud::totals>>> find_totals(
        crud::totals_query query);

    /// Creates or replaces the session, subject to decision.hpp.
    boost::asio::awaitable<result<written_session>> put(crud::interface_side side,
                                                        crud::object_key key,
                                                        const parsed_session& sent,
                                                        strictness strict, date_time now);

    /// Updates the session; errc::not_found when there is none.
    boost::asio::awaitable<result<written_session>> patch(crud::interface_side side,
                                                          crud::object_key key,
                                                          const parsed_session& sent,
                                                          date_time now);

    /// Applies a session's state from its owner's list, subject to decision.hpp.
    boost::asio::awaitable<result<written_session>> apply_pulled(crud::object_key key,
                                                                 const parsed_session& pulled,
                                                                 date_time now);

    /// Stores accepted charging preferences with the session: true; false when the session is over.
    /// errc::not_found when there is none.
    boost::asio::awaitable<result<bool>> keep_preferences(crud::interface_side side,
                                                          crud::object_key key,
                                                          std::string preferences);

    /// Settles sessions whose final reading is overdue: call before listing settled sessions. Free
    /// when final readings have no timeout. Returns the number of sessions settled.
    boost::asio::awaitable<result<std::size_t>> settle_overdue();

private:
    /// Decides on a stored session; nullptr when there is none.
    using decide = std::function<result<decision>(const json::document*)>;

    boost::asio::awaitable<result<written_session>> write(crud::interface_side side,
                                                          crud::object_key key, bool is_likely_new,
                                                          decide decide_on);
    boost::asio::awaitable<result<std::optional<known_session>>> fetch(crud::interface_side side,
                                                                       crud::object_key key);

    std::optional<date_time> overdue() const;
    crud::document document_of(crud::object_key key, decision made) const;
    boost::asio::awaitable<result<bool>> settle(crud::record awaiting);
    void tell(const crud::document& written, crud::revision revision) const;

    std::shared_ptr<Crud> crud_;
    const change_listeners listeners_;
    const final_reading_rule rule_;
    keyed_mutex writers_;
    session_cache recent_;
};

}  // namespace ocpi::sessions
