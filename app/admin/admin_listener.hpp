#pragma once

#include "app/admin/admin_sources.hpp"
#include "ocpi/base/logger.hpp"

#include <memory>
#include <string>

namespace ocpi::app {

/// Health, readiness and metrics for the operator, on an address, a thread and an event loop of
/// their own: they are answered while the public addresses are overloaded or draining.
class admin_listener {
public:
    /// Listens from now on; throws std::runtime_error when the address cannot be bound.
    admin_listener(const std::string& host_and_port, std::shared_ptr<admin_sources> sources,
                   std::shared_ptr<logger> log);
    /// On a listening socket of another process, which it owns from now on.
    admin_listener(int listening_socket, std::shared_ptr<admin_sources> sources,
                   std::shared_ptr<logger> log);
    ~admin_listener();

    /// `http://` and the address that it listens on.
    const std::string& url() const noexcept;

    /// Answers no further requests, and uses the Application no more.
    void stop() noexcept;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace ocpi::app
