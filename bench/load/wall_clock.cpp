#include "bench/load/wall_clock.hpp"

#include <chrono>
#include <cstdio>
#include <ctime>

namespace ocpi::bench {

std::int64_t steady_nanoseconds()
{
    using namespace std::chrono;
    return duration_cast<nanoseconds>(steady_clock::now().time_since_epoch()).count();
}

std::string_view wall_clock::now()
{
    timespec time{};
    ::clock_gettime(CLOCK_REALTIME, &time);
    const auto milliseconds = std::int64_t{time.tv_sec} * 1000 + time.tv_nsec / 1'000'000;
    if (milliseconds == milliseconds_) return text_;
    milliseconds_ = milliseconds;
    std::tm parts{};
    ::gmtime_r(&time.tv_sec, &parts);
    char text[40];
    const auto length = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
    std::snprintf(text + length, sizeof text - length, ".%03ldZ", time.tv_nsec / 1'000'000);
    return text_ = text;
}

}  // namespace ocpi::bench
