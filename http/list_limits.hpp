#pragma once

#include <cstddef>

namespace ocpi::http {

/// Limits on concurrent list requests of one caller.
struct list_limits {
    /// Lists in progress, from the store query until the answer has been sent: each may hold a page
    /// in memory.
    std::size_t at_a_time = 4;
    /// Lists waiting besides; further ones fail with errc::overloaded.
    std::size_t waiting = 256;
};

}  // namespace ocpi::http
