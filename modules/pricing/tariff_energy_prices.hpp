#pragma once

#include "modules/managed/energy_prices.hpp"
#include "modules/pricing/session_tariffs.hpp"

#include <memory>
#include <utility>

namespace ocpi::pricing {

/// The prices of plans as tariffs have them: that of the ENERGY component which is active when a
/// slot begins, before taxes where their rate is known; 0 where none is. Until then the session
/// is taken to have the energy that it has now.
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
