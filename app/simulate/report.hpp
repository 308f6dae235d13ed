#pragma once

#include "app/simulate/driver.hpp"

#include <string>

namespace ocpi::app::simulate {

/// A line of progress: simulated time, sessions, writes, latencies. `writes_per_second` is that of
/// the last second or so.
std::string describe_progress(const driver& of, double writes_per_second);

/// What was sent and how it was answered, in lines; with the differences, the first fifty.
std::string describe_outcome(const driver& of);

}  // namespace ocpi::app::simulate
