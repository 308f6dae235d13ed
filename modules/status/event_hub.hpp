#pragma once

#include "crud/crud.hpp"
#include "http/body_stream.hpp"
#include "modules/sessions/change_listener.hpp"
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
class hub_run;
struct stream_scope;

/// What a hub is made of.
struct hub_parts {
    std::shared_ptr<Crud> crud;
    std::shared_ptr<event_source> source;
    /// nullptr: silence.
    std::shared_ptr<logger> log;
    hub_options options;
};

/// Tells readers of changed sessions as server-sent events [WHATWG HTML, server-sent events]:
/// `id` is the change number (crud::revision), `event` is `status`, `data` what the event_source
/// says. Every change is rendered once, for all readers. A reader that falls behind gets the
/// latest state of each session, not every one. Changes are read from the store in the order of
/// their numbers, those of other processes too; on_change() is but the sign to do so at once.
///
/// Safe from any thread. Streams may outlive the hub.
class event_hub final : public sessions::change_listener {
public:
    /// Throws std::invalid_argument when the store or the source is missing.
    explicit event_hub(hub_parts parts);
    /// Ends all streams.
    ~event_hub() override;

    /// Begins to tell of changes, upon this executor, whose context may have any number of
    /// threads, and must outlive what is not stopped. Does nothing while it runs already.
    void start(boost::asio::any_io_executor executor);

    /// Ends all streams, and holds on to nothing of the executor afterwards. To be awaited before
    /// the executor's context ends. It may be started again.
    boost::asio::awaitable<void> stop();

    /// Notes that there is a change, no more.
    void on_change(const sessions::session_change& change) noexcept override;

    /// The events of one session, from its present state on, unless the reader has that one
    /// already: `last_seen`. errc::overloaded while the hub does not run.
    result<std::shared_ptr<http::body_stream>> subscribe(sessions::session_key key,
                                                         contract_scope filter,
                                                         std::optional<crud::revision> last_seen);

    /// The events of all sessions from now on; with `last_seen` those before that the reader has
    /// missed, too. errc::overloaded while the hub does not run; or what the store fails with.
    boost::asio::awaitable<result<std::shared_ptr<http::body_stream>>> subscribe_all(
        contract_scope filter, std::optional<crud::revision> last_seen);

    /// The number of open streams.
    std::size_t subscribers() const;

private:
    result<std::shared_ptr<http::body_stream>> enter(stream_scope scope,
                                                     std::optional<crud::revision> last_seen);
    std::shared_ptr<hub_run> find_run() const;

    const std::shared_ptr<const hub_context> context_;
    mutable std::mutex mutex_;
    std::shared_ptr<hub_run> run_;  // guarded by mutex_
};

}  // namespace ocpi::status
