#pragma once

#include <cstddef>

namespace ocpi::http {

/// How many lists one caller may ask for at a time.
struct list_limits {
    /// Under way, from the question to the store until the answer has been sent: each may hold a
    /// page in memory.
    std::size_t at_a_time = 4;
    /// Waiting beside them; one more fails with errc::overloaded.
    std::size_t waiting = 256;
};

}  // namespace ocpi::http
