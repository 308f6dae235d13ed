#pragma once

#include "modules/sessions/session_store.hpp"
#include "modules/status/event_source.hpp"
#include "modules/status/hub_options.hpp"
#include "ocpi/base/keyed_mutex.hpp"
#include "ocpi/base/log_limiter.hpp"
#include "ocpi/base/logger.hpp"

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string>

namespace ocpi::status {

/// What a hub and its streams have in common. Nothing of it belongs to an executor.
struct hub_context {
    /// For reading only.
    std::shared_ptr<sessions::session_store> sessions;
    std::shared_ptr<event_source> source;
    std::shared_ptr<logger> log;
    hub_options options;
    /// Streams that read from the store take turns, so that they do not crowd others out of it.
    std::shared_ptr<keyed_mutex> readers = std::make_shared<keyed_mutex>();
    std::shared_ptr<log_limiter> failures = std::make_shared<log_limiter>(std::chrono::minutes(1));

    /// Warns the operator of what has failed; of one cause, which readers by the thousand may meet
    /// at once, in one line a minute with a count.
    void warn(const std::string& what, const std::string& cause) const;
};

/// What an event says of that state of a session. Nothing when that fails, which is logged.
boost::asio::awaitable<std::optional<rendered_session>> render(
    std::shared_ptr<const hub_context> context, found_session state);

}  // namespace ocpi::status
