#pragma once

#include "modules/managed/price_curve.hpp"
#include "modules/sessions/profile_type.hpp"
#include "modules/sessions/session.hpp"
#include "ocpi/base/error.hpp"
#include "ocpi/base/time_zone.hpp"

#include <boost/asio/awaitable.hpp>

namespace ocpi::managed {

/// Where a plan's prices come from, as a port. Safe from any thread.
class energy_prices {
public:
    virtual ~energy_prices() = default;

    /// The prices by which the rest of that session is planned, which charges by that profile.
    /// `local` is the time zone of its policy, by which tariffs tell the hours unless that of the
    /// EVSE is known. Where no price is known all slots cost the same: an error means that the
    /// prices could not be asked for.
    virtual boost::asio::awaitable<result<price_curve>> prices_for(sessions::session of,
                                                                   sessions::profile_type profile,
                                                                   time_zone local) = 0;
};

/// For those who know no prices: all slots cost the same.
class flat_energy_prices final : public energy_prices {
public:
    boost::asio::awaitable<result<price_curve>> prices_for(sessions::session of,
                                                           sessions::profile_type profile,
                                                           time_zone local) override;
};

}  // namespace ocpi::managed
