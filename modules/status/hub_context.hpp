#pragma once

#include "crud/store_watch.hpp"
#include "modules/sessions/session_reader.hpp"
#include "modules/status/event_source.hpp"
#include "modules/status/hub_options.hpp"
#include "modules/status/session_event.hpp"
#include "ocpi/base/keyed_mutex.hpp"
#include "ocpi/base/log_limiter.hpp"
#include "ocpi/base/logger.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace ocpi::status {

/// State shared by a hub and its streams, independent of any executor.
struct hub_context {
    /// Read only.
    std::shared_ptr<sessions::session_reader> sessions;
    std::shared_ptr<event_source> source;
    /// May be nullptr.
    std::shared_ptr<crud::store_watch> watch;
    std::shared_ptr<logger> log;
    hub_options options;
    /// Memory of the events that wait for readers.
    std::shared_ptr<event_bytes> bytes = std::make_shared<event_bytes>(0);
    /// Limits concurrent store reads of streams, so that they do not block other users of the
    /// store.
    std::shared_ptr<keyed_mutex> readers = std::make_shared<keyed_mutex>();
    std::shared_ptr<log_limiter> failures = std::make_shared<log_limiter>(std::chrono::minutes(1));

    /// Logs a warning; at most one line a minute per cause, with a count, because thousands of
    /// readers may meet it at once.
    void warn(const std::string& what, const std::string& cause) const;
};

/// Renders that state of a session. std::nullopt on failure, which is logged.
boost::asio::awaitable<std::optional<rendered_session>> render(
    std::shared_ptr<const hub_context> context, crud::record session);

}  // namespace ocpi::status
