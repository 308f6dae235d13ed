#pragma once

#include "app/log_settings.hpp"
#include "http/request_observer.hpp"
#include "partners/call_observer.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

namespace ocpi::app {

/// One line of the log, made member by member. Whatever a text from outside contains, it stays one
/// line, and in JSON a valid one.
class log_line {
public:
    using time_point = std::chrono::system_clock::time_point;

    log_line(log_format format, time_point at, log_level level, std::string_view message);

    /// At most 200 bytes of the value are written; an empty one is left out.
    log_line& text(std::string_view name, std::string_view value);
    log_line& number(std::string_view name, std::int64_t value);
    /// As milliseconds, with three decimals.
    log_line& milliseconds(std::string_view name, std::chrono::nanoseconds value);

    /// The finished line with its end; the object must not be used again.
    std::string finish();

private:
    void begin(std::string_view name);

    log_format format_;
    std::string line_;
};

/// The line about a request: never a token, a header, a query or a body.
std::string write_request_line(log_format format, const http::request_report& report);

/// The line about a call of a partner, which ended at that time.
std::string write_call_line(log_format format, const partners::call_report& report,
                            log_line::time_point at);

}  // namespace ocpi::app
