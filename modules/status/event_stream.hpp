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

/// A session that has changed, and the number of that change.
struct changed_session {
    sessions::session_key key;
    crud::revision revision;

    changed_session(sessions::session_key of, crud::revision at) : key(std::move(of)), revision(at)
    {
    }
};

/// Of which sessions a stream tells.
struct stream_scope {
    /// Nothing: all of them.
    std::optional<sessions::session_key> session;
    contract_scope filter;
};

/// The events that one reader is told of. What is new waits here until the reader has taken what
/// was before: of each session the latest. When that becomes too much it is thrown away, and what
/// has changed since is read from the store, as for a reader that comes back.
///
/// next() is for the reader, all else may be called from any thread.
class event_stream final : public http::body_stream,
                           public std::enable_shared_from_this<event_stream> {
public:
    event_stream(std::shared_ptr<const hub_context> context, std::shared_ptr<subscribers> among,
                 stream_scope scope, std::optional<crud::revision> last_seen);
    ~event_stream() override;

    boost::asio::awaitable<std::optional<std::string>> next() override;
    void close() noexcept override;

    /// There is an event.
    void offer(const shared_event& event);
    /// From that change on there may be events that were not offered: what was not read yet is
    /// read from the store.
    void catch_up_from(crud::revision first);
    /// A sign of life is due.
    void beat();
    /// A next() that waits is to return, with an empty piece if there is nothing: so that whoever
    /// asks for pieces may look around.
    void look();

    const stream_scope& scope() const noexcept { return scope_; }
    /// By what it is found: the session by its name, or else its contracts (contract_key()).
    const std::vector<std::string>& topics() const noexcept { return topics_; }

    /// For the subscribers.
    std::size_t beat_slot = 0;

private:
    boost::asio::awaitable<std::optional<std::string>> find_next();
    boost::asio::awaitable<void> read_changes();
    boost::asio::awaitable<result<crud::record>> read(sessions::session_key key);
    boost::asio::awaitable<std::string> tell_found(changed_session found);
    boost::asio::awaitable<void> wait();
    boost::asio::awaitable<keyed_mutex::turn> take_turn();
    bool begin_to_catch_up();
    std::string take_pending();
    bool take_beat();
    bool take_look();
    void give_up(const std::string& why);

    bool is_closed() const;
    bool must_wake() const;
    void enqueue(completion<bool> waiter);
    void miss(crud::revision from);
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

    // The reader's own.

    bool is_greeted_ = false;
    /// After which change the store is to be read next; nothing: not at all.
    std::optional<crud::revision> read_after_;
    /// All changes up to this one have been told, or need not be: an event of one of them that is
    /// offered after all is passed over.
    crud::revision told_to_ = 0;
    /// What was read and is to be told, the latest change first.
    std::vector<changed_session> found_;
};

}  // namespace ocpi::status
