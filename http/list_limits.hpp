#pragma once

#include <cstddef>

namespace ocpi::http {

/// Limits on concurrent list requests.
struct list_limits {
    /// Lists of all callers being made, from the store query until the answer is written: each may
    /// use twice the bytes of a page. Further ones wait; no client can hold them up.
    std::size_t being_made = 16;
    /// Lists of one caller in progress, until the answer has been sent: each may hold a page in
    /// memory.
    std::size_t at_a_time = 4;
    /// Lists of one caller waiting besides; further ones fail with errc::overloaded.
    std::size_t waiting = 256;
};

}  // namespace ocpi::http
