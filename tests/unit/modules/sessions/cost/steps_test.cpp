#include "modules/sessions/cost/steps.hpp"

#include "cost_fixture.hpp"

using namespace ocpi;
using namespace ocpi::test;

namespace {

/// Components of price 1 without tax, in the order ENERGY, TIME, PARKING_TIME.
tariff_list stepping(int energy, int time, int parking)
{
    const auto component = [](const char* type, int step) {
        return std::string(R"({"type":")") + type + R"(","price":1,"vat":0,"step_size":)" +
               std::to_string(step) + "}";
    };
    return {make_tariff("[{\"price_components\":[" + component("ENERGY", energy) + "," +
                        component("TIME", time) + "," + component("PARKING_TIME", parking) +
                        "]}]")};
}

std::string billed(std::vector<sessions::charging_period> periods, const tariff_list& tariffs,
                   cost_dimension dimension)
{
    const auto priced =
        sessions::cost::make_breakdown(session_of(std::move(periods)), tariffs, time_zone());
    return text(priced.of(dimension).billed_volume);
}

}  // namespace

TEST_CASE("cost/steps: energy is rounded up to full steps, once over the session")
{
    const auto energy = [](int step) {
        return billed(
            {period(monday(10), {{"ENERGY", "1.2"}}), period(monday(11), {{"ENERGY", "1.3"}})},
            stepping(step, 0, 0), cost_dimension::energy);
    };
    CHECK(energy(1) == "2.5");
    CHECK(energy(500) == "2.5");  // full steps stay
    CHECK(energy(400) == "2.8");
    CHECK(energy(1000) == "3");
    CHECK(energy(0) == "2.5");
    CHECK(energy(-1000) == "2.5");
}

TEST_CASE("cost/steps: time is counted in seconds, exactly")
{
    const auto time = [](const char* hours, int step) {
        return billed({period(monday(10), {{"TIME", hours}})}, stepping(0, step, 0),
                      cost_dimension::time);
    };
    CHECK(time("0.25", 900) == "0.25");
    CHECK(time("0.2501", 900) == "0.5");
    CHECK(time("0.3333", 1) == "0.333333333333");  // 1199.88 s are 1200
    CHECK(time("0.1", 7) == "0.101111111111");     // 360 s are 364
}

TEST_CASE("cost/steps: where parking is billed, parking alone is rounded")
{
    const std::vector<sessions::charging_period> periods{
        period(monday(10), {{"TIME", "0.4"}}), period(monday(11), {{"PARKING_TIME", "0.4"}}),
        period(monday(12), {{"TIME", "0.3"}})};
    CHECK(billed(periods, stepping(0, 1800, 1800), cost_dimension::time) == "0.7");
    CHECK(billed(periods, stepping(0, 1800, 1800), cost_dimension::parking_time) == "0.5");
    CHECK(billed(periods, stepping(0, 1800, 0), cost_dimension::time) == "0.7");
}

TEST_CASE("cost/steps: parking that is free leaves charging time to be rounded")
{
    const auto tariff = make_tariff(
        R"([{"price_components": [{"type": "TIME", "price": 1, "vat": 0, "step_size": 1800}]}])");
    CHECK(
        billed({period(monday(10), {{"TIME", "0.4"}}), period(monday(11), {{"PARKING_TIME", "1"}})},
               {tariff}, cost_dimension::time) == "0.5");
}

TEST_CASE("cost/steps: parking at a price of 0 is billed, no parking is not")
{
    const auto tariff = make_tariff(R"([{"price_components": [
        {"type": "TIME", "price": 1, "vat": 0, "step_size": 1800},
        {"type": "PARKING_TIME", "price": 0, "step_size": 1800}]}])");
    const auto charged = period(monday(10), {{"TIME", "0.4"}});
    CHECK(billed({charged, period(monday(11), {{"PARKING_TIME", "0.1"}})}, {tariff},
                 cost_dimension::time) == "0.4");
    CHECK(billed({charged, period(monday(11), {{"PARKING_TIME", "0"}})}, {tariff},
                 cost_dimension::time) == "0.5");
}

TEST_CASE("cost/steps: the last component with a volume above 0 gives the step and takes the rest")
{
    const auto tariff = make_tariff(R"([
        {"price_components": [{"type": "ENERGY", "price": 1, "vat": 0, "step_size": 1000}],
         "restrictions": {"end_time": "11:00"}},
        {"price_components": [{"type": "ENERGY", "price": 10, "vat": 0, "step_size": 500}],
         "restrictions": {"end_time": "12:00"}},
        {"price_components": [{"type": "ENERGY", "price": 100, "vat": 0, "step_size": 100}]}])");
    const auto priced =
        sessions::cost::make_breakdown(session_of({period(monday(10), {{"ENERGY", "1.1"}}),
                                                   period(monday(11), {{"ENERGY", "1.1"}}),
                                                   period(monday(12), {{"ENERGY", "0"}})}),
                                       tariff_list{tariff}, time_zone());
    // 2.2 kWh are 2.5 in steps of 500 Wh: 1.1 at 1 and 1.4 at 10.
    CHECK(text(priced.before_taxes) == "15.1");
    CHECK(text(priced.of(cost_dimension::energy).step_cost) == "3");
    REQUIRE(priced.periods[1].items[0].excess);
    CHECK(text(priced.periods[1].items[0].excess) == "0.3");
    CHECK(text(billed_volume(priced.periods[1].items[0])) == "1.4");
}

TEST_CASE("cost/steps: a reservation is rounded on its own")
{
    const auto tariff = make_tariff(R"([
        {"price_components": [{"type": "TIME", "price": 1, "vat": 0, "step_size": 900}],
         "restrictions": {"reservation": "RESERVATION"}},
        {"price_components": [{"type": "TIME", "price": 1, "vat": 0, "step_size": 1800},
                              {"type": "PARKING_TIME", "price": 1, "vat": 0, "step_size": 3600}]}])");
    const std::vector<sessions::charging_period> periods{
        period(monday(9), {{"RESERVATION_TIME", "0.3"}}), period(monday(10), {{"TIME", "0.4"}}),
        period(monday(11), {{"PARKING_TIME", "0.1"}})};
    CHECK(billed(periods, {tariff}, cost_dimension::reservation) == "0.5");
    CHECK(billed(periods, {tariff}, cost_dimension::time) == "0.4");
    CHECK(billed(periods, {tariff}, cost_dimension::parking_time) == "1");
}
