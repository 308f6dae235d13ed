#pragma once

#include "modules/metering/energy_series.hpp"
#include "modules/metering/state_of_charge.hpp"
#include "modules/sessions/session_data.hpp"
#include "ocpi/base/date_time.hpp"

namespace ocpi::managed {

struct managed_session;

/// Energy and battery level of a managed session from plug-in to an instant, or to the session's
/// end.
struct charging_history {
    metering::energy_series energy;
    metering::state_of_charge battery;  ///< refers to the series

    charging_history(const sessions::session_data& seen, const managed_session& session,
                     date_time now);
    charging_history(const charging_history&) = delete;
    charging_history& operator=(const charging_history&) = delete;
};

}  // namespace ocpi::managed
