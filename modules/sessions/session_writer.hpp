#pragma once

#include "crud/crud.hpp"
#include "modules/sessions/change_listener.hpp"
#include "modules/sessions/codec.hpp"
#include "modules/sessions/decision.hpp"
#include "modules/sessions/guess_history.hpp"
#include "modules/sessions/known_keys.hpp"
#include "modules/sessions/session.hpp"
#include "modules/sessions/session_cache.hpp"
#include "modules/sessions/session_reader.hpp"
#include "modules/sessions/settlement.hpp"
#include "ocpi/base/clock.hpp"
#include "ocpi/base/keyed_mutex.hpp"
#include "ocpi/protocol/trace_context.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::sessions {

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

/// Writes sessions by the rules of OCPI. Safe from any thread.
///
/// A write is decided on the cached session of the last write, which the store confirms by
/// revision, so that a write is one store operation instead of two. A decision not to write has no
/// such confirmation; it is repeated on the stored state. While other processes write the same
/// sessions, so that the store mostly refuses, sessions are read first.
class session_writer {
public:
    /// The listeners, none null, are notified of every change made through this object.
    explicit session_writer(std::shared_ptr<Crud> crud, change_listeners listeners = {},
                            final_reading_rule rule = {});

    /// Reads from the store that this object writes to.
    const session_reader& reader() const noexcept { return reader_; }

    /// Creates or replaces the session, subject to decision.hpp. `trace`: of the request, for the
    /// listeners; also below.
    boost::asio::awaitable<result<written_session>> put(crud::interface_side side,
                                                        crud::object_key key,
                                                        const parsed_session& sent,
                                                        strictness strict, date_time now,
                                                        protocol::trace_context trace = {});

    /// Updates the session; errc::not_found when there is none.
    boost::asio::awaitable<result<written_session>> patch(crud::interface_side side,
                                                          crud::object_key key,
                                                          const parsed_session& sent, date_time now,
                                                          protocol::trace_context trace = {});

    /// Applies a session's state from its owner's list, subject to decision.hpp. `through`: the
    /// view of the store (Crud::fenced_by) by which it is written; nullptr: the store itself. Also
    /// below.
    boost::asio::awaitable<result<written_session>> apply_pulled(
        crud::object_key key, const parsed_session& pulled, date_time now,
        std::shared_ptr<Crud> through = nullptr);

    /// Stores accepted charging preferences with the session: true; false when the session is over.
    /// errc::not_found when there is none.
    boost::asio::awaitable<result<bool>> keep_preferences(crud::interface_side side,
                                                          crud::object_key key,
                                                          std::string preferences,
                                                          protocol::trace_context trace = {});

    /// Settles sessions whose final reading is overdue: call before listing settled sessions. Free
    /// when final readings have no timeout. Returns the number of sessions settled.
    boost::asio::awaitable<result<std::size_t>> settle_overdue(
        std::shared_ptr<Crud> through = nullptr);

private:
    /// Decides on a stored session; nullptr when there is none.
    using decide = std::function<result<decision>(const json::document*)>;

    boost::asio::awaitable<result<written_session>> write(crud::interface_side side,
                                                          crud::object_key key, bool is_likely_new,
                                                          decide decide_on,
                                                          protocol::trace_context trace,
                                                          std::shared_ptr<Crud> through = nullptr);
    boost::asio::awaitable<result<std::optional<known_session>>> fetch(crud::interface_side side,
                                                                       crud::object_key key);

    std::optional<date_time> overdue() const;
    crud::document document_of(crud::object_key key, decision made) const;
    boost::asio::awaitable<result<bool>> settle(crud::record awaiting, Crud& through);
    void tell(const crud::document& written, crud::revision revision,
              const protocol::trace_context& trace) const;

    std::shared_ptr<Crud> crud_;
    const session_reader reader_;
    const change_listeners listeners_;
    const final_reading_rule rule_;
    keyed_mutex writers_;
    session_cache recent_;
    known_keys known_;
    guess_history state_guesses_;
    guess_history absence_guesses_;
};

}  // namespace ocpi::sessions
