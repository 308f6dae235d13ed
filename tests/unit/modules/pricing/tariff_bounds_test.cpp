#include "modules/pricing/tariff_bounds.hpp"

#include "cost_fixture.hpp"

namespace tariff_bounds_test {

using namespace ocpi;
using namespace ocpi::test;
using pricing::find_bounds;

namespace {

pricing::tariff_bounds bounds_of(const std::vector<std::string>& restrictions)
{
    std::string elements;
    for (const auto& one : restrictions) {
        elements += (elements.empty() ? "" : ",") + std::string(R"({"price_components": [
            {"type": "ENERGY", "price": 1, "step_size": 1}], "restrictions": {)") +
                    one + "}}";
    }
    return find_bounds(*make_tariff("[" + elements + "]"));
}

}  // namespace

TEST_CASE("modules/pricing/tariff_bounds: every bound of every element is there once, in order")
{
    const auto bounds = bounds_of({R"("start_time": "20:00", "end_time": "07:30")",
                                   R"("start_time": "07:30", "end_time": "20:00", "min_kwh": 5)",
                                   R"("max_kwh": 0.5, "min_duration": 60, "max_duration": 7200)",
                                   R"("min_duration": 60, "min_kwh": 5.0)"});
    using namespace std::chrono;
    CHECK(bounds.times_of_day == std::vector<minutes>{minutes(450), minutes(1200)});
    CHECK(bounds.durations == std::vector<seconds>{seconds(60), seconds(7200)});
    CHECK(bounds.kwh == std::vector<decimal>{number("0.5"), number("5")});
}

TEST_CASE("modules/pricing/tariff_bounds: days, dates and open windows have midnight")
{
    using namespace std::chrono;
    const std::vector<minutes> midnight{minutes(0)};
    CHECK(bounds_of({R"("day_of_week": ["MONDAY"])"}).times_of_day == midnight);
    CHECK(bounds_of({R"("start_date": "2024-01-08")"}).times_of_day == midnight);
    CHECK(bounds_of({R"("end_date": "2024-01-08")"}).times_of_day == midnight);
    CHECK(bounds_of({R"("start_time": "12:00")"}).times_of_day ==
          std::vector<minutes>{minutes(0), minutes(720)});
}

TEST_CASE(
    "modules/pricing/tariff_bounds: powers, currents and what cannot be reckoned with have none")
{
    CHECK(bounds_of({R"("max_power": 11, "min_current": 6)", R"("min_kwh": 1e999999)"}).empty());
    CHECK(find_bounds(*make_tariff(R"([{"price_components": [
        {"type": "ENERGY", "price": 1, "step_size": 1}]}])"))
              .empty());
}

}  // namespace tariff_bounds_test
