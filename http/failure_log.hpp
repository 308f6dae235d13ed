#pragma once

#include "ocpi/base/error.hpp"
#include "ocpi/base/log_limiter.hpp"
#include "ocpi/base/logger.hpp"

#include <memory>
#include <string_view>

namespace ocpi::http {

/// Logs why requests were refused: client errors at debug level, requests beyond a limit as
/// warnings, ours as errors. Of errors and warnings with one cause, such as a full disk, one line a
/// minute is written, with the number of those suppressed. What a text quotes of a request is left
/// out. Safe from any thread.
class failure_log {
public:
    using clock = log_limiter::clock;

    explicit failure_log(std::shared_ptr<logger> log);

    void write(std::string_view request_id, const error& failure,
               clock::time_point now = clock::now());

private:
    const std::shared_ptr<logger> log_;
    log_limiter limiter_;
};

}  // namespace ocpi::http
