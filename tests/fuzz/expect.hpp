#pragma once

#include <cstdio>
#include <cstdlib>

namespace ocpi::fuzz {

/// Stops the fuzzer, which then keeps the input, when a promise is broken.
inline void expect(bool kept, const char* promise)
{
    if (kept) return;
    std::fprintf(stderr, "broken promise: %s\n", promise);
    std::abort();
}

}  // namespace ocpi::fuzz
