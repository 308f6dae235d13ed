#pragma once

#include "ocpi/base/date_time.hpp"

namespace ocpi::test {

/// When sessions of tests are written: 2100-01-01, after every last_updated that they bring.
inline constexpr date_time written_at = date_time::from_milliseconds(4'102'444'800'000);

}  // namespace ocpi::test
