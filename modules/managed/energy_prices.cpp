#include "modules/managed/energy_prices.hpp"

namespace ocpi::sessions::managed {

boost::asio::awaitable<result<price_curve>> flat_energy_prices::prices_for(sessions::session,
                                                                           profile_type, time_zone)
{
    co_return flat_prices();
}

}  // namespace ocpi::sessions::managed
