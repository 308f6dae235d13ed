#pragma once

#include "app/config.hpp"
#include "app/table_reader.hpp"

#include <chrono>
#include <cstdint>

namespace ocpi::app {

/// Sizes beyond this are a slip of the pen; the HTTP parser counts a header in 32 bits.
inline constexpr std::int64_t max_size = 1024 * 1024 * 1024;

inline std::chrono::milliseconds milliseconds_of(double seconds)
{
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1000));
}

/// Leaves the timeout as it is when the key is not there.
inline void read_timeout(table_reader& in, const char* key, std::chrono::milliseconds& timeout)
{
    if (const auto seconds = in.seconds(key)) timeout = milliseconds_of(*seconds);
}

/// Reads `[limits]`.
void read_limits(table_reader& in, config& into);

}  // namespace ocpi::app
