#pragma once

#include "app/notify_socket.hpp"
#include "application/run_options.hpp"
#include "ocpi/base/logger.hpp"
#include "ocpi/base/task_scope.hpp"

#include <boost/asio/any_io_executor.hpp>

#include <sys/types.h>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::app {

/// How often a service manager wants to hear from this process, from WATCHDOG_USEC and
/// WATCHDOG_PID; std::nullopt: not at all, the values are for another process, or are no numbers.
std::optional<std::chrono::microseconds> watchdog_period(const std::optional<std::string>& usec,
                                                         const std::optional<std::string>& pid,
                                                         pid_t own_pid);

/// Tells the service manager, if there is one, of the stages of the server, and that its threads
/// still turn their loop: `WATCHDOG=1` twice in each period, by a timer of the loop itself.
class service_link final : public run_observer {
public:
    /// Without a `socket` the calls have no effect.
    service_link(std::shared_ptr<notify_socket> socket,
                 std::optional<std::chrono::microseconds> period, std::shared_ptr<logger> log);

    void on_ready(const boost::asio::any_io_executor& executor,
                  const std::vector<std::string>& urls) override;
    void on_reloading() override;
    void on_reloaded() override;
    void on_stopping() override;

private:
    void tell(const std::string& state);

    const std::shared_ptr<notify_socket> socket_;
    const std::optional<std::chrono::microseconds> period_;
    const std::shared_ptr<logger> log_;
    task_scope watchdog_;
};

/// From NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID, which are taken from the environment. An
/// unusable NOTIFY_SOCKET is a warning in the log. Only before other threads run.
std::unique_ptr<service_link> make_service_link(std::shared_ptr<logger> log);

}  // namespace ocpi::app
