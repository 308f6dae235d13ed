#pragma once

#include "modules/managed/energy_prices.hpp"
#include "modules/pricing/session_tariffs.hpp"

#include <memory>
#include <utility>

namespace ocpi::pricing {

/// Energy prices for plans from tariffs: the price of the ENERGY component active at the start of a
/// slot, before taxes where their rate is known; 0 without one. The session's energy is taken as
/// constant until then.
class tariff_energy_prices final : public managed::energy_prices {
public:
    explicit tariff_energy_prices(std::shared_ptr<session_tariff_finder> tariffs)
        : tariffs_(std::move(tariffs))
    {
    }

    boost::asio::awaitable<result<managed::price_curve>> prices_for(sessions::session of,
                                                                    sessions::profile_type profile,
                                                                    time_zone local) override;

private:
    const std::shared_ptr<session_tariff_finder> tariffs_;
};

}  // namespace ocpi::pricing
