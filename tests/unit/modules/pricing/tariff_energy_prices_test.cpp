#include "modules/pricing/tariff_energy_prices.hpp"

#include "tests/support/run_awaitable.hpp"
#include "tests/unit/modules/pricing/cost_fixture.hpp"
#include "tests/unit/modules/pricing/known_tariffs.hpp"

#include <doctest/doctest.h>

#include <string>

namespace tariff_energy_prices_test {

using namespace ocpi;
using namespace ocpi::sessions;
using namespace ocpi::pricing;
using test::run_awaitable;

namespace {

struct fixture {
    std::shared_ptr<test::known_tariffs> tariffs = std::make_shared<test::known_tariffs>();
    session of;

    fixture()
    {
        of.country_code = ci_string("DE");
        of.party_id = ci_string("OUR");
        of.start_date_time = test::instant("2026-06-01T10:00:00Z");
        charging_period period;
        period.start_date_time = *of.start_date_time;
        period.tariff_id = ci_string("T");
        of.charging_periods.push_back(period);
    }

    managed::price_curve curve(const std::string& elements, const char* tax_included = "NO",
                               const char* zone = "UTC")
    {
        tariffs->add(test::make_tariff(elements, tax_included));
        tariff_finder_dependencies parts;
        parts.tariffs = tariffs;
        tariff_energy_prices prices(std::make_shared<session_tariff_finder>(std::move(parts)));
        auto made =
            run_awaitable(prices.prices_for(of, profile_type::regular, *time_zone::find(zone)));
        REQUIRE(made.has_value());
        return std::move(*made);
    }
};

rational price_at(const managed::price_curve& curve, const char* slot_start)
{
    return curve(test::instant(slot_start));
}

std::string element(const std::string& price_and_vat, const std::string& restrictions = "")
{
    return R"({"price_components":[{"type":"ENERGY","step_size":1,"price":)" + price_and_vat +
           "}]" + (restrictions.empty() ? "" : R"(,"restrictions":{)" + restrictions + "}") + "}";
}

}  // namespace

TEST_CASE("modules/pricing/tariff_energy_prices: the component that is active when the slot begins")
{
    fixture f;
    const auto curve = f.curve("[" + element("0.1", R"("start_time":"22:00","end_time":"06:00")") +
                                   "," + element("0.3") + "]",
                               "NO", "Europe/Madrid");
    CHECK(price_at(curve, "2026-06-01T19:59:59Z") == rational(3, 10));
    CHECK(price_at(curve, "2026-06-01T20:00:00Z") == rational(1, 10));
    CHECK(price_at(curve, "2026-06-02T03:45:00Z") == rational(1, 10));
    CHECK(price_at(curve, "2026-06-02T04:00:00Z") == rational(3, 10));
    // In winter the night of local clocks is an hour later.
    CHECK(price_at(curve, "2026-12-01T20:00:00Z") == rational(3, 10));
    CHECK(price_at(curve, "2026-12-01T21:00:00Z") == rational(1, 10));
}

TEST_CASE(
    "modules/pricing/tariff_energy_prices: energy so far, time since the start, unknown power")
{
    fixture f;
    f.of.kwh = decimal::parse("10");
    const auto by_energy =
        f.curve("[" + element("1", R"("max_kwh":10)") + "," + element("2") + "]");
    CHECK(price_at(by_energy, "2026-06-01T12:00:00Z") == 2);
    f.of.kwh = decimal::parse("-10");
    const auto below = f.curve("[" + element("1", R"("max_kwh":10)") + "," + element("2") + "]");
    CHECK(price_at(below, "2026-06-01T12:00:00Z") == 1);
    const auto by_time =
        f.curve("[" + element("1", R"("max_duration":3600)") + "," + element("2") + "]");
    CHECK(price_at(by_time, "2026-06-01T10:59:59Z") == 1);
    CHECK(price_at(by_time, "2026-06-01T11:00:00Z") == 2);
    const auto by_power =
        f.curve("[" + element("1", R"("min_power":50)") + "," + element("2") + "]");
    CHECK(price_at(by_power, "2026-06-01T11:00:00Z") == 1);
}

TEST_CASE("modules/pricing/tariff_energy_prices: prices are before taxes where the rate is known")
{
    fixture f;
    const auto at_noon = [](const managed::price_curve& curve) {
        return price_at(curve, "2026-06-01T12:00:00Z");
    };
    CHECK(at_noon(f.curve("[" + element(R"(1.21,"vat":21)") + "]", "YES")) == 1);
    CHECK(at_noon(f.curve("[" + element("1.21") + "]", "YES")) == rational(121, 100));
    CHECK(at_noon(f.curve("[" + element(R"(1.21,"vat":21)") + "]", "NO")) == rational(121, 100));
    CHECK(at_noon(f.curve("[" + element("1.21") + "]", "N/A")) == rational(121, 100));
}

TEST_CASE(
    "modules/pricing/tariff_energy_prices: what no component prices is free, and never throws")
{
    fixture f;
    const auto free =
        f.curve(R"([{"price_components":[{"type":"FLAT","price":5,"step_size":0}]}])");
    CHECK(price_at(free, "2026-06-01T12:00:00Z") == 0);
    const auto huge = f.curve("[" + element("1e999999") + "," + element("2") + "]");
    CHECK(price_at(huge, "2026-06-01T12:00:00Z") == 2);
    f.of.charging_periods.clear();
    CHECK(price_at(f.curve("[" + element("1") + "]"), "2026-06-01T12:00:00Z") == 0);
}

}  // namespace tariff_energy_prices_test
