#pragma once

#include "crud/crud.hpp"
#include "crud/store_watch.hpp"
#include "http/body_stream.hpp"
#include "modules/status/event_source.hpp"
#include "modules/status/hub_options.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/base/logger.hpp"
#include "ocpi/protocol/contract_id.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>

namespace ocpi::status {

struct hub_context;
struct stream_scope;

/// Dependencies of an event_hub.
struct hub_dependencies {
    std::shared_ptr<Crud> crud;
    std::shared_ptr<event_source> source;
    /// Asked to look when a first reader comes; nullptr: none. It must be given the hub as a
    /// listener (store_watch::add).
    std::shared_ptr<crud::store_watch> watch;
    /// nullptr: no log.
    std::shared_ptr<logger> log;
    hub_options options;
};

/// Sends session changes to readers as server-sent events [WHATWG HTML, server-sent events]: `id`
/// is the change number (crud::revision), `event` is `status`, `data` comes from the event_source.
/// Each change is rendered once for all readers. A slow reader receives the latest state of each
/// session, not every state. Changes, of any process, are read from the store in order of revision;
/// on_store_revision() only triggers the next read.
///
/// Safe from any thread. Streams may outlive the hub.
class event_hub final : public crud::store_listener {
public:
    /// Throws std::invalid_argument when the store or the source is missing.
    explicit event_hub(hub_dependencies dependencies);
    /// Ends all streams.
    ~event_hub() override;

    /// Starts sending changes on this executor, whose context may have any number of threads and
    /// must live until stop() has completed. No effect while running.
    void start(boost::asio::any_io_executor executor);

    /// Ends all streams and releases the executor; await it before the executor's context ends. The
    /// hub may be started again.
    boost::asio::awaitable<void> stop();

    /// Only records that there may be a change.
    void on_store_revision(crud::revision at) noexcept override;
    /// True while there are readers.
    bool is_waited_for() const noexcept override;

    /// Events of one session, starting with its present state unless that is `last_seen`.
    /// errc::overloaded while the hub is not running.
    result<std::shared_ptr<http::body_stream>> subscribe(crud::object_key key,
                                                         contract_scope filter,
                                                         std::optional<crud::revision> last_seen);

    /// Events of all sessions from now on, preceded by those missed since `last_seen`.
    /// errc::overloaded while the hub is not running; errors of the store.
    boost::asio::awaitable<result<std::shared_ptr<http::body_stream>>> subscribe_all(
        contract_scope filter, std::optional<crud::revision> last_seen);

    /// The number of open streams.
    std::size_t subscribers() const;

private:
    class impl;

    result<std::shared_ptr<http::body_stream>> enter(stream_scope scope,
                                                     std::optional<crud::revision> last_seen);
    std::shared_ptr<impl> find_run() const;

    const std::shared_ptr<const hub_context> context_;
    mutable std::mutex mutex_;
    std::shared_ptr<impl> run_;  // guarded by mutex_
};

}  // namespace ocpi::status
