#include "modules/pricing/steps.hpp"

#include "cost_fixture.hpp"

namespace steps_test {

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
        pricing::make_breakdown(session_of(std::move(periods)), tariffs, time_zone());
    return text(priced.of(dimension).billed_volume);
}

}  // namespace

TEST_CASE("modules/pricing/steps: energy is rounded up to full steps, once over the session")
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

TEST_CASE("modules/pricing/steps: time is counted in seconds, exactly")
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

TEST_CASE("modules/pricing/steps: where parking is billed, parking alone is rounded")
{
    const std::vector<sessions::charging_period> periods{
        period(monday(10), {{"TIME", "0.4"}}), period(monday(11), {{"PARKING_TIME", "0.4"}}),
        period(monday(12), {{"TIME", "0.3"}})};
    CHECK(billed(periods, stepping(0, 1800, 1800), cost_dimension::time) == "0.7");
    CHECK(billed(periods, stepping(0, 1800, 1800), cost_dimension::parking_time) == "0.5");
    CHECK(billed(periods, stepping(0, 1800, 0), cost_dimension::time) == "0.7");
}

TEST_CASE("modules/pricing/steps: parking that is free leaves charging time to be rounded")
{
    const auto tariff = make_tariff(
        R"([{"price_components": [{"type": "TIME", "price": 1, "vat": 0, "step_size": 1800}]}])");
    CHECK(
        billed({period(monday(10), {{"TIME", "0.4"}}), period(monday(11), {{"PARKING_TIME", "1"}})},
               {tariff}, cost_dimension::time) == "0.5");
}

TEST_CASE("modules/pricing/steps: parking at a price of 0 is billed, no parking is not")
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

TEST_CASE(
    "modules/pricing/steps: the last component with a volume above 0 gives the step and takes the "
    "rest")
{
    const auto tariff = make_tariff(R"([
        {"price_components": [{"type": "ENERGY", "price": 1, "vat": 0, "step_size": 1000}],
         "restrictions": {"end_time": "11:00"}},
        {"price_components": [{"type": "ENERGY", "price": 10, "vat": 0, "step_size": 500}],
         "restrictions": {"end_time": "12:00"}},
        {"price_components": [{"type": "ENERGY", "price": 100, "vat": 0, "step_size": 100}]}])");
    const auto priced = pricing::make_breakdown(session_of({period(monday(10), {{"ENERGY", "1.1"}}),
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

TEST_CASE("modules/pricing/steps: a reservation is rounded on its own")
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

namespace {

breakdown priced_time(const std::vector<dimension_text>& volumes, int step)
{
    return pricing::make_breakdown(session_of({period(monday(10), volumes)}),
                                   stepping(step, step, step), time_zone());
}

std::string billed_time(const char* hours, int step)
{
    return text(priced_time({{"TIME", hours}}, step).of(cost_dimension::time).billed_volume);
}

}  // namespace

TEST_CASE(
    "modules/pricing/steps: hours of four decimals and more are rounded figures of full steps")
{
    const auto ten_minutes = priced_time({{"TIME", "0.1667"}}, 60);
    CHECK(text(ten_minutes.of(cost_dimension::time).billed_volume) == "0.166666666667");
    CHECK(ten_minutes.before_taxes == rational(1, 6));
    CHECK(has_note(ten_minutes,
                   "the TIME of 0.1667 h is rounded: it counts as the full steps of "
                   "600 s just below it"));
    CHECK(billed_time("0.16667", 300) == "0.166666666667");
    // 119 minutes are 1.98333 h: these are more than half a unit above.
    CHECK(billed_time("1.9834", 60) == "2");
    CHECK(billed_time("1.98334", 60) == "2");
    CHECK(billed_time("0.166666666666667", 60) == "0.166666666667");
    // Three decimals are what they say.
    CHECK(billed_time("0.167", 60) == "0.183333333333");
    CHECK(billed_time("0.25", 60) == "0.25");
    // Below a boundary they are rounded up to it, as everything is.
    CHECK(billed_time("0.3333", 60) == "0.333333333333");
    CHECK_FALSE(has_note(priced_time({{"TIME", "0.3333"}}, 60), "is rounded"));
}

TEST_CASE(
    "modules/pricing/steps: half a unit counts for each volume that is summed, and is the bound")
{
    // 0.1667 h are 0.00003 h above ten minutes, thirty of them 0.001 h above five hours.
    std::vector<sessions::charging_period> periods;
    for (int i = 0; i < 30; ++i) periods.push_back(period(monday(10, i), {{"TIME", "0.1667"}}));
    CHECK(billed(periods, stepping(0, 60, 0), cost_dimension::time) == "5");
    periods.back().dimensions.push_back({"TIME", number("0.0005")});
    CHECK(billed(periods, stepping(0, 60, 0), cost_dimension::time) == "5");
    periods.back().dimensions.back().volume = number("0.0006");
    CHECK(billed(periods, stepping(0, 60, 0), cost_dimension::time) == "5.016666666667");
    // Exactly half a unit of each.
    periods = {period(monday(10), {{"TIME", "0.2500"}}), period(monday(11), {{"TIME", "0.2501"}})};
    periods[0].dimensions[0].written_places = 4;
    CHECK(billed(periods, stepping(0, 1800, 0), cost_dimension::time) == "0.5");
    periods[0].dimensions[0].written_places = 2;
    CHECK(billed(periods, stepping(0, 1800, 0), cost_dimension::time) == "1");
}

TEST_CASE("modules/pricing/steps: parking and reservations are rounded figures too, energy is not")
{
    const auto parked = priced_time({{"PARKING_TIME", "0.1667"}}, 60);
    CHECK(text(parked.of(cost_dimension::parking_time).billed_volume) == "0.166666666667");
    const auto reserved = make_tariff(R"([{"price_components": [
        {"type": "FLAT", "price": 1, "step_size": 1},
        {"type": "TIME", "price": 6, "vat": 0, "step_size": 60}],
         "restrictions": {"reservation": "RESERVATION"}}])");
    const auto priced =
        pricing::make_breakdown(session_of({period(monday(10), {{"RESERVATION_TIME", "0.1667"}}),
                                            period(monday(11), {{"ENERGY", "1"}})}),
                                tariff_list{reserved}, time_zone());
    CHECK(text(priced.of(cost_dimension::reservation).billed_volume) == "0.166666666667");
    CHECK(text(priced.before_taxes) == "2");
    const auto energy = priced_time({{"ENERGY", "1.00001"}}, 1000);
    CHECK(text(energy.of(cost_dimension::energy).billed_volume) == "2");
}

TEST_CASE(
    "modules/pricing/steps: a trace of binary floating point above a full step is no step more")
{
    const auto energy = [](const char* kwh, int step) {
        const auto priced = priced_time({{"ENERGY", kwh}}, step);
        CHECK_FALSE(has_note(priced, "is rounded"));
        return text(priced.of(cost_dimension::energy).billed_volume);
    };
    CHECK(energy("0.30000000000000004", 100) == "0.3");
    CHECK(energy("41.120000000000005", 1) == "41.12");
    CHECK(energy("1.000000001", 1000) == "1");
    CHECK(energy("1.0000000011", 1000) == "2");
    CHECK(energy("0.29999999999999999", 100) == "0.3");
    CHECK(energy("0.00000000000000005", 1000) == "0");
    CHECK(billed_time("0.66666666666666667", 60) == "0.666666666667");
}

TEST_CASE("modules/pricing/steps: what hours are too long by is taken from the last of them")
{
    // 2.00016 h, of which that may be due to rounding, are 2 h: the last periods have less than
    // is taken away.
    const auto tariff = make_tariff(R"([
        {"price_components": [{"type": "TIME", "price": 10, "vat": 0, "step_size": 3600}],
         "restrictions": {"end_time": "11:00"}},
        {"price_components": [{"type": "TIME", "price": 1, "vat": 0, "step_size": 3600}]}])");
    std::vector<sessions::charging_period> periods{
        period(monday(10), {{"TIME", "0.5001"}}),  period(monday(10, 30), {{"TIME", "0.5001"}}),
        period(monday(11), {{"TIME", "0.4999"}}),  period(monday(11, 30), {{"TIME", "0.5"}}),
        period(monday(12), {{"TIME", "0.00005"}}), period(monday(12, 1), {{"TIME", "0.00001"}})};
    const auto priced =
        pricing::make_breakdown(session_of(periods), tariff_list{tariff}, time_zone());
    CHECK(text(priced.of(cost_dimension::time).billed_volume) == "2");
    CHECK(text(billed_volume(priced.periods[5].items[0])) == "0");
    CHECK(text(billed_volume(priced.periods[4].items[0])) == "0");
    CHECK(text(billed_volume(priced.periods[3].items[0])) == "0.4999");
    // 1.0002 h at 10 and 0.9998 at 1.
    CHECK(text(priced.before_taxes) == "11.0018");
    CHECK(text(priced.of(cost_dimension::time).step_cost) == "-0.00016");
}

}  // namespace steps_test
