#pragma once

#include "crud/crud.hpp"
#include "http/body_stream.hpp"
#include "modules/sessions/session.hpp"
#include "modules/status/hub_context.hpp"
#include "modules/status/session_event.hpp"
#include "ocpi/base/completion.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/base/keyed_mutex.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::status {

class subscribers;

/// A changed session and the revision of the change.
struct changed_session {
    crud::object_key key;
    crud::revision revision;

    changed_session(crud::object_key of, crud::revision at) : key(std::move(of)), revision(at) {}
};

/// The sessions a stream reports on.
struct stream_scope {
    /// std::nullopt: all sessions.
    std::optional<crud::object_key> session;
    contract_scope filter;
};

/// The events of one reader. New events wait here until the reader has taken earlier ones, only the
/// latest of each session. On overflow they are dropped, and the changes since are read from the
/// store, as for a reader that reconnects.
///
/// next() is for the reader; other members may be called from any thread.
class event_stream final : public http::body_stream,
                           public std::enable_shared_from_this<event_stream> {
public:
    event_stream(std::shared_ptr<const hub_context> context, std::shared_ptr<subscribers> among,
                 stream_scope scope, std::optional<crud::revision> last_seen);
    ~event_stream() override;

    boost::asio::awaitable<std::optional<std::string>> next() override;
    void close() noexcept override;

    /// Adds an event.
    void offer(const shared_event& event);
    /// Events from that change on may be missing: they are read from the store.
    void catch_up_from(crud::revision first);
    /// A heartbeat is due.
    void heartbeat();
    /// Makes a waiting next() return, with an empty piece if there is no event, so that its caller
    /// can check whether to continue.
    void poll();

    const stream_scope& scope() const noexcept { return scope_; }
    /// Lookup keys: the session's name, or else its contracts (contract_key()).
    const std::vector<std::string>& topics() const noexcept { return topics_; }

    /// Used by subscribers.
    std::size_t beat_slot = 0;

private:
    boost::asio::awaitable<std::optional<std::string>> find_next();
    boost::asio::awaitable<void> read_changes();
    boost::asio::awaitable<result<crud::record>> read(crud::object_key key);
    boost::asio::awaitable<std::string> write_found(changed_session found);
    boost::asio::awaitable<void> wait();
    boost::asio::awaitable<keyed_mutex::lock> lock_reader();
    bool begin_to_catch_up();
    std::string take_pending();
    bool take_heartbeat();
    bool take_look();
    void give_up(const std::string& why);

    bool is_closed() const;
    bool has_room() const;
    bool must_wake() const;
    void enqueue(completion<bool> waiter);
    void overflow(crud::revision from);
    template <class Change>
    void change_and_wake(Change change);

    const std::shared_ptr<const hub_context> context_;
    const std::shared_ptr<subscribers> among_;
    const stream_scope scope_;
    const std::vector<std::string> topics_;
    const std::optional<crud::revision> last_seen_;

    mutable std::mutex mutex_;
    std::vector<shared_event> pending_;           // guarded by mutex_
    std::optional<crud::revision> missing_from_;  // guarded by mutex_
    completion<bool> waiter_;                     // guarded by mutex_
    bool is_waiting_ = false;                     // guarded by mutex_
    bool is_beat_due_ = false;                    // guarded by mutex_
    bool is_look_due_ = false;                    // guarded by mutex_
    bool is_closed_ = false;                      // guarded by mutex_

    // Used by the reader only.

    bool is_greeted_ = false;
    /// The revision after which the store is read next; std::nullopt: no read pending.
    std::optional<crud::revision> read_after_;
    /// Changes up to this one are sent or not needed: later offers of them are ignored.
    crud::revision sent_revision_ = 0;
    /// Changes read and not yet sent, the latest first.
    std::vector<changed_session> found_;
};

}  // namespace ocpi::status
