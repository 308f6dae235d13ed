#include "app/effective_config.hpp"

#include "tests/support/run_awaitable.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <string>

using namespace ocpi;

TEST_CASE("app/effective_config: in development every EVSE takes all preferences at 22 kW")
{
    app::platform_arguments arguments;
    arguments.development = true;
    const auto options = app::application_options_of(app::effective_config(arguments), nullptr);
    REQUIRE(options.evses);
    const auto found =
        test::run_awaitable(options.evses->find(party("ES", "ABC"), "anywhere", "any"));
    REQUIRE(found.has_value());
    REQUIRE(*found);
    CHECK((*found)->is_preferences_capable());
    CHECK((*found)->profile_types.size() == 4);
    CHECK_FALSE((*found)->requires_departure_time);
    CHECK((*found)->max_power_kw == decimal::parse("22"));
}

TEST_CASE("app/effective_config: in development what is configured of EVSEs counts")
{
    const test::temporary_directory directory;
    const auto path = directory.path() / "c.toml";
    std::ofstream(path) << "[[evse]]\ncountry_code = \"ES\"\nparty_id = \"ABC\"\n"
                           "location_id = \"*\"\nevse_uid = \"*\"\nmax_power_kw = 11\n";
    app::platform_arguments arguments;
    arguments.development = true;
    arguments.config_file = path.string();
    const auto options = app::application_options_of(app::effective_config(arguments), nullptr);
    const auto found = test::run_awaitable(options.evses->find(party("ES", "ABC"), "L", "E"));
    CHECK((*found)->max_power_kw == decimal::parse("11"));
}
