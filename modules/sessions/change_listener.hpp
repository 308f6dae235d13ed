#pragma once

#include "crud/crud.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/protocol/party.hpp"
#include "ocpi/protocol/trace_context.hpp"

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::sessions {

/// A write that has changed a session.
struct session_change {
    /// With upper and lower case as at the session's creation.
    crud::object_key key;
    crud::revision revision = 0;
    /// The session's current eMSP; std::nullopt if none is named.
    std::optional<party> emsp;
    /// The contract of its cdr_token; std::nullopt if none is named.
    std::optional<ci_string> contract;
    /// The current session.
    std::shared_ptr<const std::string> json;
    /// The session has settled (session_record.hpp).
    bool has_settled = false;
    /// The trace of the request that has caused it; none if it was no request.
    protocol::trace_context trace;

    session_change(crud::object_key of, crud::revision now_at, std::optional<party> concerns,
                   std::optional<ci_string> under, std::shared_ptr<const std::string> text)
        : key(std::move(of)),
          revision(now_at),
          emsp(std::move(concerns)),
          contract(std::move(under)),
          json(std::move(text))
    {
    }
};

/// A session that another process has changed, as far as the store tells without its JSON.
struct foreign_change {
    /// With upper and lower case as at the session's creation.
    crud::object_key key;
    crud::revision revision = 0;
    /// As in session_change.
    std::optional<party> emsp;
    std::optional<ci_string> contract;
    bool has_settled = false;

    explicit foreign_change(const crud::record& changed);
};

/// Notified after each durable write by this process, and, by a change_feed, of the writes by
/// others.
class change_listener {
public:
    virtual ~change_listener() = default;

    /// Called once the write is durable and before its caller is answered. Runs on any thread,
    /// concurrently, but for one session sequentially and in order of revision. Must return
    /// quickly: the next write to the session waits for it.
    virtual void on_change(const session_change& change) noexcept = 0;

    /// A write has given the record the revision `now` without changing the session since `before`.
    /// Awaited before on_change() is called for it; the listener handles its own failures.
    virtual boost::asio::awaitable<void> on_same_session([[maybe_unused]] crud::object_key key,
                                                         [[maybe_unused]] crud::revision before,
                                                         [[maybe_unused]] crud::revision now)
    {
        co_return;
    }

    /// Another process has changed a session, which may have changed again since: read it. Called
    /// on one thread at a time, in the order of change, some time after the write; a session that
    /// changes again meanwhile is reported once. A write of this process may be reported, too. Must
    /// return quickly.
    virtual void on_foreign_change(const foreign_change&) noexcept {}

    /// True while it has a use for on_foreign_change(); else the store is not asked for them.
    virtual bool wants_foreign_changes() const noexcept { return false; }
};

using change_listeners = std::vector<std::shared_ptr<change_listener>>;

}  // namespace ocpi::sessions
