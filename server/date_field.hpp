#pragma once

#include "ocpi/base/date_time.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ocpi::server {

/// The value of the Date field, updated once a second. Not thread safe.
class date_field {
public:
    /// The text is valid until the next call.
    const std::string& at(date_time now);

private:
    std::optional<std::int64_t> second_;
    std::string text_;
};

/// The current value of the Date field. It uses real time, not the settable development clock,
/// because caches depend on it. The text belongs to the thread and is valid until its next call.
const std::string& date_field_now();

}  // namespace ocpi::server
