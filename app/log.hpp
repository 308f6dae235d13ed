#pragma once

#include "app/log_settings.hpp"
#include "app/log_writer.hpp"
#include "http/request_observer.hpp"
#include "ocpi/base/logger.hpp"
#include "partners/call_observer.hpp"

#include <atomic>
#include <memory>
#include <string_view>

namespace ocpi::app {

/// The log of a server: messages, a line for each request, and a line for each call of a partner.
/// No caller waits for the descriptor. Safe from any thread.
class server_log final : public logger,
                         public http::request_observer,
                         public partners::call_observer {
public:
    /// Writes to `descriptor`, which stays the caller's.
    server_log(int descriptor, const log_settings& settings);

    /// Lines from now on follow these settings.
    void apply(const log_settings& settings) noexcept;

    void write(log_level level, std::string_view text) noexcept override;
    void on_finished(const http::request_report& report) noexcept override;
    void on_call(const partners::call_report& report) noexcept override;

private:
    std::atomic<log_format> format_;
    std::atomic<log_level> lowest_;
    std::atomic<bool> has_access_;
    log_writer writer_;
};

/// A logger for commands: one line of text per message to stderr, from `lowest` up, written before
/// write() returns.
std::shared_ptr<logger> make_stderr_logger(log_level lowest);

}  // namespace ocpi::app
