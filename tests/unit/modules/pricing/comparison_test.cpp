#include "modules/pricing/comparison.hpp"

#include "cost_fixture.hpp"

namespace comparison_test {

using namespace ocpi;
using namespace ocpi::test;
using pricing::compare;
using pricing::stated_cost;

namespace {

/// 2.05 kWh in steps of 100 Wh at 1, a fee of 3, half an hour at 2 in steps of an hour: 7.1
/// before and 8.52 after taxes.
breakdown ours(std::string_view limits = "")
{
    const auto tariff = make_tariff(R"([{"price_components": [
        {"type": "FLAT", "price": 3, "vat": 20, "step_size": 1},
        {"type": "ENERGY", "price": 1, "vat": 20, "step_size": 100},
        {"type": "TIME", "price": 2, "vat": 20, "step_size": 3600}]}])",
                                    "NO", limits);
    return pricing::make_breakdown(
        session_of({period(monday(10), {{"ENERGY", "2.05"}, {"TIME", "0.5"}})}),
        tariff_list{tariff}, time_zone());
}

stated_cost theirs(const char* before, const char* tax = nullptr)
{
    stated_cost stated;
    stated.total.emplace();
    stated.total->before_taxes = number(before);
    if (tax) {
        sessions::tax_amount entry;
        entry.amount = number(tax);
        stated.total->taxes.push_back(std::move(entry));
    }
    return stated;
}

std::string likely(const breakdown& priced, const stated_cost& stated)
{
    const auto found = compare(priced, stated);
    REQUIRE(found);
    CHECK_FALSE(found->explanation.empty());
    return found->likely_component;
}

}  // namespace

TEST_CASE("modules/pricing/comparison: without a total_cost there is none")
{
    CHECK_FALSE(compare(ours(), {}));
}

TEST_CASE("modules/pricing/comparison: equal amounts need no explanation")
{
    for (const auto& stated : {theirs("7.1", "1.42"), theirs("7.10")}) {
        const auto found = compare(ours(), stated);
        REQUIRE(found);
        CHECK(text(found->difference_before_taxes) == "0");
        CHECK(found->likely_component.empty());
        CHECK(found->explanation == "equal");
    }
}

TEST_CASE("modules/pricing/comparison: the difference is theirs minus ours")
{
    const auto found = compare(ours(), theirs("8.1", "1"));
    REQUIRE(found);
    CHECK(text(found->difference_before_taxes) == "1");
    CHECK(text(found->difference_after_taxes) == "0.58");
    CHECK(found->after_taxes == number("9.1"));
}

TEST_CASE("modules/pricing/comparison: a step that was not taken is found")
{
    CHECK(likely(ours(), theirs("7.05")) == "STEP_SIZE");
    CHECK(likely(ours(), theirs("6.1")) == "STEP_SIZE");
    CHECK(likely(ours(), theirs("6.05")) == "STEP_SIZE");
}

TEST_CASE("modules/pricing/comparison: a dimension left out or taken twice is found")
{
    CHECK(likely(ours(), theirs("4.1")) == "FLAT");
    CHECK(likely(ours(), theirs("5")) == "ENERGY");
    CHECK(likely(ours(), theirs("10.1")) == "FLAT");
}

TEST_CASE("modules/pricing/comparison: of two dimensions that cost as much neither is named")
{
    auto tariff = make_tariff(R"([
        {"price_components": [{"type": "FLAT", "price": 0.5, "vat": 0, "step_size": 0},
                              {"type": "TIME", "price": 2, "vat": 0, "step_size": 0},
                              {"type": "ENERGY", "price": 0.25, "vat": 0, "step_size": 0}]}])");
    const auto priced = pricing::make_breakdown(
        session_of({period(monday(10), {{"ENERGY", "10"}, {"TIME", "0.25"}})}), tariff_list{tariff},
        time_zone());
    CHECK(likely(priced, theirs("3")).empty());
    CHECK(likely(priced, theirs("1")) == "ENERGY");
}

TEST_CASE("modules/pricing/comparison: a CDR's parts name the one that differs")
{
    auto stated = theirs("7.6");
    stated.dimensions[static_cast<std::size_t>(cost_dimension::energy)] = number("2.6");
    stated.dimensions[static_cast<std::size_t>(cost_dimension::flat)] = number("3");
    CHECK(likely(ours(), stated) == "ENERGY");
}

TEST_CASE("modules/pricing/comparison: taxes that differ or are taken for the net are found")
{
    CHECK(likely(ours(), theirs("7.1", "1")) == "TAX");
    CHECK(likely(ours(), theirs("8.52")) == "TAX");
}

TEST_CASE("modules/pricing/comparison: a limit that one side has not applied is found")
{
    CHECK(likely(ours(R"("min_price": {"before_taxes": 9},)"), theirs("7.1")) == "MIN_PRICE");
    CHECK(likely(ours(R"("max_price": {"before_taxes": 6.3},)"), theirs("7.1")) == "MAX_PRICE");
    CHECK(likely(ours(R"("min_price": {"before_taxes": 6.3},)"), theirs("6.3")) == "MIN_PRICE");
}

TEST_CASE("modules/pricing/comparison: an amount that is ours but rounded is found")
{
    auto tariff = make_tariff(
        R"([{"price_components": [{"type": "ENERGY", "price": 0.3333, "vat": 0, "step_size": 0}]}])");
    const auto priced = pricing::make_breakdown(
        session_of({period(monday(10), {{"ENERGY", "1.111"}})}), tariff_list{tariff}, time_zone());
    CHECK(likely(priced, theirs("0.37")) == "ROUNDING");
    CHECK(likely(priced, theirs("0.3703")) == "ROUNDING");
    // Nobody rounds to tenths of a euro.
    CHECK(likely(priced, theirs("0.4")).empty());
}

TEST_CASE("modules/pricing/comparison: taxes that are ours but rounded are found")
{
    auto tariff = make_tariff(
        R"([{"price_components": [{"type": "ENERGY", "price": 0.29, "vat": 21, "step_size": 0}]}])");
    const auto priced = pricing::make_breakdown(
        session_of({period(monday(10), {{"ENERGY", "10"}})}), tariff_list{tariff}, time_zone());
    CHECK(likely(priced, theirs("2.9", "0.61")) == "ROUNDING");
    CHECK(likely(priced, theirs("2.9", "0.5")) == "TAX");
}

namespace {

breakdown energy_alone(const char* volume, const char* price, const char* step = "0",
                       const char* tax_included = "NO", const char* vat = R"("vat": 20,)")
{
    const auto tariff =
        make_tariff(R"([{"price_components": [{"type": "ENERGY", "price": )" + std::string(price) +
                        "," + vat + R"("step_size": )" + step + "}]}]",
                    tax_included);
    return pricing::make_breakdown(session_of({period(monday(10), {{"ENERGY", volume}})}),
                                   tariff_list{tariff}, time_zone());
}

}  // namespace

TEST_CASE(
    "modules/pricing/comparison: an amount that was cut off, rounded up or half to even is rounded")
{
    const auto cut = energy_alone("35.28", "0.35");  // 12.348 and 2.4696 of taxes
    CHECK(likely(cut, theirs("12.34")) == "ROUNDING");
    CHECK(likely(cut, theirs("12.34", "2.46")) == "ROUNDING");
    CHECK(likely(cut, theirs("12.35", "2.47")) == "ROUNDING");
    CHECK(likely(energy_alone("10", "0.2999"), theirs("2.99", "0.59")) == "ROUNDING");
    const auto half = energy_alone("1", "0.125");
    CHECK(likely(half, theirs("0.12")) == "ROUNDING");
    CHECK(likely(half, theirs("0.13")) == "ROUNDING");
    const auto rounded_up = energy_alone("1", "1.23412");
    CHECK(likely(rounded_up, theirs("1.24")) == "ROUNDING");
    CHECK(likely(rounded_up, theirs("1.235")) == "ROUNDING");
    CHECK(likely(rounded_up, theirs("1.2342")) == "ROUNDING");
    CHECK(likely(energy_alone("1", "12.34"), theirs("12.34", "2.46")) == "ROUNDING");
}

TEST_CASE("modules/pricing/comparison: what is off by a unit of its last place is no rounding")
{
    const auto priced = energy_alone("1", "1.2345");
    CHECK(likely(priced, theirs("1.22")).empty());
    CHECK(likely(priced, theirs("1.25")).empty());
    CHECK(likely(priced, theirs("1.233")).empty());
    CHECK(likely(priced, theirs("1.2344")).empty());
    CHECK(likely(priced, theirs("1.2")).empty());
    // Before taxes it is, but the taxes are others.
    CHECK(likely(priced, theirs("1.24", "0.5")).empty());
}

TEST_CASE("modules/pricing/comparison: what fits exactly goes before rounding")
{
    // 12.345 in steps of 10 Wh: 0.005 is what the step adds.
    CHECK(likely(energy_alone("12.345", "1", "10"), theirs("12.345")) == "STEP_SIZE");
    CHECK(likely(energy_alone("12.345", "1", "10"), theirs("12.346")).empty());
    auto stated = theirs("12.34");
    stated.dimensions[static_cast<std::size_t>(cost_dimension::energy)] = number("12.34");
    stated.dimensions[static_cast<std::size_t>(cost_dimension::time)] = number("0");
    CHECK(likely(energy_alone("35.28", "0.35"), stated) == "ROUNDING");
}

TEST_CASE("modules/pricing/comparison: where the net is unknown the gross may be rounded")
{
    const auto gross = energy_alone("1", "5.2468", "0", "YES", "");
    REQUIRE_FALSE(gross.before_taxes);
    CHECK(likely(gross, theirs("4.37", "0.87")) == "ROUNDING");
    CHECK(likely(gross, theirs("4.37", "0.9")).empty());
}

TEST_CASE("modules/pricing/comparison: what nothing explains is left open")
{
    CHECK(likely(ours(), theirs("77.77")).empty());
    CHECK(likely({}, theirs("5")).empty());
}

TEST_CASE("modules/pricing/comparison: a net that is unknown is compared after taxes")
{
    const auto tariff = make_tariff(
        R"([{"price_components": [{"type": "ENERGY", "price": 1, "step_size": 0}]}])", "YES");
    const auto priced = pricing::make_breakdown(session_of({period(monday(10), {{"ENERGY", "6"}})}),
                                                tariff_list{tariff}, time_zone());
    auto found = compare(priced, theirs("5", "1"));
    REQUIRE(found);
    CHECK_FALSE(found->difference_before_taxes);
    CHECK(text(found->difference_after_taxes) == "0");
    CHECK(likely(priced, theirs("6", "1.2")) == "TAX");
}

TEST_CASE("modules/pricing/comparison: amounts in different currencies are not compared")
{
    auto stated = theirs("7.1", "1.42");
    stated.currency = "eur";
    CHECK(compare(ours(), stated)->explanation == "equal");
    stated.currency = "SEK";
    const auto found = compare(ours(), stated);
    REQUIRE(found);
    CHECK(found->before_taxes == number("7.1"));
    CHECK(found->after_taxes == number("8.52"));
    CHECK_FALSE(found->difference_before_taxes);
    CHECK_FALSE(found->difference_after_taxes);
    CHECK(found->likely_component.empty());
    CHECK(found->explanation == "the CPO's amount is in SEK, ours in EUR: they cannot be compared");
}

}  // namespace comparison_test
