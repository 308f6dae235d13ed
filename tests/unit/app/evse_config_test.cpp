#include "app/evse_config.hpp"

#include "app/config.hpp"
#include "app/effective_config.hpp"
#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace evse_config_test {

using namespace ocpi;
using sessions::profile_type;

namespace {

const std::string head =
    "[[evse]]\ncountry_code = \"ES\"\nparty_id = \"ABC\"\nlocation_id = \"L1\"\nevse_uid = \"*\"\n";

sessions::evse read(const std::string& text)
{
    const auto all = app::parse_config(text, "c.toml").evses;
    REQUIRE(all.size() == 1);
    return all.front().evse;
}

/// The first fault; empty when there is none.
std::string complaint(const std::string& text)
{
    try {
        app::parse_config(text, "c.toml");
    } catch (const std::runtime_error& failure) {
        const std::string faults = failure.what();
        return faults.substr(0, faults.find('\n'));
    }
    return {};
}

}  // namespace

TEST_CASE("app/evse_config: every key is read")
{
    const auto all = app::parse_config(head + R"(capabilities = ["CHARGING_PREFERENCES_CAPABLE"]
profile_types = ["REGULAR", "FAST"]
requires = ["departure_time", "energy_need"]
max_power_kw = 22.08
time_zone = "Europe/Madrid"
tariff_ids = {REGULAR = "T1", FAST = "T2"}
)",
                                       "c.toml")
                         .evses;
    REQUIRE(all.size() == 1);
    CHECK(all[0].owner == party("ES", "ABC"));
    CHECK(all[0].location_id == "L1");
    CHECK(all[0].evse_uid == "*");
    const auto& read = all[0].evse;
    CHECK(read.capabilities == std::vector<std::string>{"CHARGING_PREFERENCES_CAPABLE"});
    CHECK(read.profile_types ==
          std::vector<profile_type>{profile_type::regular, profile_type::fast});
    CHECK(read.requires_departure_time);
    CHECK(read.requires_energy_need);
    CHECK(read.max_power_kw == decimal::parse("22.08"));
    CHECK(read.time_zone == "Europe/Madrid");
    CHECK(read.tariff_ids.size() == 2);
    CHECK(read.tariff_ids.at(profile_type::fast) == "T2");
}

TEST_CASE("app/evse_config: an EVSE of which nothing more is said can do nothing")
{
    const auto plain = read(head);
    CHECK(plain.capabilities.empty());
    CHECK(plain.profile_types.empty());
    CHECK_FALSE(plain.requires_departure_time);
    CHECK_FALSE(plain.requires_energy_need);
    CHECK_FALSE(plain.max_power_kw.has_value());
}

TEST_CASE("app/evse_config: power is the number that was written, whole or not")
{
    CHECK(read(head + "max_power_kw = 22").max_power_kw == decimal::parse("22"));
    CHECK(read(head + "max_power_kw = 0.1").max_power_kw == decimal::parse("0.1"));
    CHECK(read(head + "max_power_kw = 43.6789").max_power_kw == decimal::parse("43.6789"));
    CHECK(read(head + "max_power_kw = 1e3").max_power_kw == decimal::parse("1000"));
}

TEST_CASE("app/evse_config: what cannot be is an error with its key and line")
{
    CHECK(complaint(head + "power = 1") == "c.toml:6: evse.power is not a known key");
    CHECK(complaint("[[evse]]\n") == "c.toml:1: evse.country_code is missing");
    CHECK(complaint("[[evse]]\ncountry_code = \"ES\"\nparty_id = \"ABC\"\nlocation_id = \"L\"\n") ==
          "c.toml:1: evse.evse_uid is missing");
    CHECK(complaint("[[evse]]\ncountry_code = \"ESP\"\nparty_id = \"ABC\"\n") ==
          "c.toml:2: evse.country_code must have 2 characters");
    CHECK(complaint("[[evse]]\ncountry_code = \"ES\"\nparty_id = \"ABC\"\nlocation_id = \"\"\n")
              .starts_with("c.toml:4: evse.location_id must have 1 to 36"));
    CHECK(complaint(head + "profile_types = [\"SLOW\"]") ==
          "c.toml:6: evse.profile_types has \"SLOW\"; there are CHEAP, FAST, GREEN and REGULAR");
    CHECK(complaint(head + "requires = [\"soc\"]") ==
          "c.toml:6: evse.requires has \"soc\"; there are departure_time and energy_need");
    CHECK(complaint(head + "capabilities = \"X\"") ==
          "c.toml:6: evse.capabilities must be a list of texts");
    for (const char* power : {"0", "-1", "0.0", "nan", "inf", "\"22\""}) {
        CHECK(complaint(head + "max_power_kw = " + power) ==
              "c.toml:6: evse.max_power_kw must be a number above 0");
    }
    CHECK(complaint(head + "tariff_ids = {SLOW = \"T\"}") ==
          "c.toml:6: evse.tariff_ids.SLOW is not a known key");
    CHECK(complaint(head + "tariff_ids = {FAST = 1}") ==
          "c.toml:6: evse.tariff_ids.FAST must be a text in quotes");
    CHECK(complaint(head + head) == "c.toml:10: evse.evse_uid names an EVSE twice");
}

TEST_CASE("app/evse_config: in development every EVSE takes all preferences at 22 kW")
{
    app::platform_arguments arguments;
    arguments.development = true;
    const auto effective = app::effective_config(arguments);
    const auto options = app::application_options_of(effective, nullptr);
    REQUIRE(options.evses);
    const auto found = test::run_awaitable(options.evses->find(party("ES", "ABC"), "any", "one"));
    REQUIRE(found.has_value());
    REQUIRE(found->has_value());
    CHECK((*found)->profile_types.size() == 4);
    CHECK((*found)->max_power_kw == decimal::parse("22"));
    CHECK_FALSE((*found)->requires_departure_time);
}

}  // namespace evse_config_test
