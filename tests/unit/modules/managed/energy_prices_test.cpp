#include "modules/managed/energy_prices.hpp"

#include "modules/managed/plan.hpp"
#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

namespace energy_prices_test {

using namespace ocpi;
using namespace ocpi::managed;

TEST_CASE("modules/managed/energy_prices: without prices all slots cost the same")
{
    flat_energy_prices prices;
    energy_prices& port = prices;
    const auto curve = test::run_awaitable(
        port.prices_for(sessions::session(), sessions::profile_type::regular, time_zone()));
    REQUIRE(curve.has_value());
    CHECK((*curve)(date_time()) == (*curve)(date_time::from_milliseconds(1'780'000'000'000)));
}

TEST_CASE("modules/managed/energy_prices: the names of block types go there and back")
{
    for (const auto type :
         {block_type::battery_reserve, block_type::regular, block_type::immediate_start}) {
        CHECK(parse_block_type(to_string(type)) == type);
    }
    CHECK(to_string(block_type::battery_reserve) == "BATTERY_RESERVE");
    CHECK_FALSE(parse_block_type("battery_reserve"));
}

}  // namespace energy_prices_test
