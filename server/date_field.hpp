#pragma once

#include "ocpi/base/date_time.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace ocpi::server {

/// The value of the Date field, made once a second. For one thread.
class date_field {
public:
    /// The text lasts until the next call.
    const std::string& at(date_time now);

private:
    std::optional<std::int64_t> second_;
    std::string text_;
};

/// The value of the Date field for an answer that is sent now. It tells real time: caches reckon
/// with it, so the settable clock of development does not rule it. The text is the thread's own
/// and lasts until the thread asks again.
const std::string& date_field_now();

}  // namespace ocpi::server
