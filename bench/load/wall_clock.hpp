#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace ocpi::bench {

/// Nanoseconds of the steady clock.
std::int64_t steady_nanoseconds();

/// The time as an OCPI DateTime with milliseconds, written once a millisecond.
class wall_clock {
public:
    /// 24 characters, valid until the next call.
    std::string_view now();

private:
    std::int64_t milliseconds_ = 0;
    std::string text_;
};

}  // namespace ocpi::bench
