#include "modules/managed/energy_prices.hpp"

namespace ocpi::managed {

boost::asio::awaitable<result<price_curve>> flat_energy_prices::prices_for(sessions::session,
                                                                           sessions::profile_type,
                                                                           time_zone)
{
    co_return flat_prices();
}

}  // namespace ocpi::managed
