#pragma once

#include "ocpi/base/logger.hpp"

#include <atomic>
#include <string>
#include <string_view>

namespace ocpi::crud::sqlite {

/// Tells the operator when something begins to fail and when it works again, once each. Thread
/// safe.
class health {
public:
    /// `activity` as it reads in the log: "writing to /var/lib/…".
    health(logger& log, std::string activity);

    void failed(std::string_view cause);
    void worked();

private:
    logger& log_;
    const std::string activity_;
    std::atomic<bool> failing_ = false;
};

}  // namespace ocpi::crud::sqlite
