#pragma once

#include "ocpi/base/date_time.hpp"

#include <chrono>

namespace ocpi::app::simulate {

inline date_time later_by(date_time instant, std::chrono::milliseconds time)
{
    return date_time(instant.instant() + time);
}

inline std::chrono::milliseconds between(date_time begin, date_time end)
{
    return end.instant() - begin.instant();
}

}  // namespace ocpi::app::simulate
