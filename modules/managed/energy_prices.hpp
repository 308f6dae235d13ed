#pragma once

#include "modules/managed/price_curve.hpp"
#include "modules/sessions/profile_type.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/base/time_zone.hpp"

#include <boost/asio/awaitable.hpp>

namespace ocpi::managed {

/// Supplies the energy prices of plans, as a port. Safe from any thread.
class energy_prices {
public:
    virtual ~energy_prices() = default;

    /// Prices for planning the rest of the session, which charges by that profile. `local` is the
    /// policy's time zone, in which tariff times are evaluated unless the EVSE's zone is known.
    /// Without a known price all slots cost the same. An error means that the prices could not be
    /// read.
    virtual boost::asio::awaitable<result<price_curve>> prices_for(sessions::session of,
                                                                   sessions::profile_type profile,
                                                                   time_zone local) = 0;
};

/// No prices known: all slots cost the same.
class flat_energy_prices final : public energy_prices {
public:
    boost::asio::awaitable<result<price_curve>> prices_for(sessions::session of,
                                                           sessions::profile_type profile,
                                                           time_zone local) override;
};

}  // namespace ocpi::managed
