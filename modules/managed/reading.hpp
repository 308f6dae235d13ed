#pragma once

#include "modules/metering/battery_level.hpp"
#include "modules/metering/energy_series.hpp"
#include "modules/sessions/observation.hpp"
#include "ocpi/base/date_time.hpp"

namespace ocpi::managed {

struct managed_session;

/// Energy and level of a managed session from plug-in up to an instant, or to the session's end.
struct session_reading {
    metering::energy_series energy;
    metering::battery_level battery;  ///< refers to the series

    session_reading(const sessions::observation& seen, const managed_session& session,
                    date_time now);
    session_reading(const session_reading&) = delete;
    session_reading& operator=(const session_reading&) = delete;
};

}  // namespace ocpi::managed
