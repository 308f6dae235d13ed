#include "modules/pricing/totals.hpp"

#include "cost_fixture.hpp"

namespace totals_test {

using namespace ocpi;
using namespace ocpi::test;
using pricing::collect_totals;

namespace {

/// A tariff for energy at 1 with 20 % VAT up to 5 kWh and at 2 with 10 % beyond, in steps of 1 kWh,
/// a fee of 3, and no price for time.
breakdown priced(std::string_view limits = "")
{
    const auto tariff = make_tariff(R"([
        {"price_components": [{"type": "FLAT", "price": 3, "vat": 10, "step_size": 1}]},
        {"price_components": [{"type": "ENERGY", "price": 1, "vat": 20, "step_size": 1000}],
         "restrictions": {"max_kwh": 5}},
        {"price_components": [{"type": "ENERGY", "price": 2, "vat": 10, "step_size": 1000}]}])",
                                    "NO", limits);
    return pricing::make_breakdown(
        session_of({period(monday(10), {{"ENERGY", "3"}, {"TIME", "0.5"}}),
                    period(monday(11), {{"ENERGY", "2"}, {"TIME", "1"}}),
                    period(monday(12), {{"ENERGY", "0.25"}, {"TIME", "1"}})}),
        tariff_list{tariff}, time_zone());
}

}  // namespace

TEST_CASE(
    "modules/pricing/totals: a dimension's volume is all of it, billed is what has a price and its "
    "steps")
{
    const auto of = priced();
    const auto& energy = of.of(cost_dimension::energy);
    CHECK(energy.volume == number("5.25"));
    CHECK(text(energy.billed_volume) == "6");
    CHECK(text(energy.before_taxes) == "7");
    CHECK(text(energy.step_cost) == "1.5");
    const auto& time = of.of(cost_dimension::time);
    CHECK(time.volume == number("2.5"));
    CHECK(text(time.billed_volume) == "0");
    CHECK(text(time.before_taxes) == "0");
    const auto& flat = of.of(cost_dimension::flat);
    CHECK(flat.volume == number("1"));
    CHECK(text(flat.before_taxes) == "3");
}

TEST_CASE(
    "modules/pricing/totals: taxes are by rate across dimensions, totals the sum of all parts")
{
    const auto of = priced();
    CHECK(totals(of) == "10 / 11.5");
    REQUIRE(of.taxes.size() == 2);
    CHECK(of.taxes[0].percentage == number("10"));
    CHECK(text(of.taxes[0].amount) == "0.5");
    CHECK(text(of.taxes[1].amount) == "1");
}

TEST_CASE("modules/pricing/totals: limits change the totals, not the dimensions")
{
    const auto of = priced(R"("max_price": {"before_taxes": 5},)");
    CHECK(totals(of) == "5 / 5.75");
    CHECK(text(of.before_limits) == "10");
    CHECK(text(of.of(cost_dimension::energy).before_taxes) == "7");
}

TEST_CASE("modules/pricing/totals: items add up by component, those without one by dimension")
{
    const auto of = priced();
    const auto all = collect_totals(of.periods);
    REQUIRE(all.size() == 4);  // the fee, energy at two prices, time
    CHECK(all[1].volume == number("5"));
    CHECK(all[1].last_period == 1);
    CHECK(all[2].component == nullptr);
    CHECK(all[2].dimension == cost_dimension::time);
    CHECK(all[2].volume == number("2.5"));
    CHECK(all[3].volume == number("0.25"));
    CHECK(all[3].last_period == 2);
}

}  // namespace totals_test
