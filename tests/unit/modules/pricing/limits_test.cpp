#include "modules/pricing/limits.hpp"

#include "cost_fixture.hpp"

namespace limits_test {

using namespace ocpi;
using namespace ocpi::test;

namespace {

/// `before / after` of a session of that energy at 1 per kWh with 20 % VAT.
std::string limited(const char* kwh, std::string_view limits, std::string_view tax_included = "NO")
{
    const auto tariff = make_tariff(
        R"([{"price_components": [{"type": "ENERGY", "price": 1, "vat": 20, "step_size": 0}]}])",
        tax_included, limits);
    return totals(session_of({period(monday(10), {{"ENERGY", kwh}})}), {tariff});
}

std::string limited_without_rate(const char* kwh, std::string_view limits,
                                 std::string_view tax_included)
{
    const auto tariff =
        make_tariff(R"([{"price_components": [{"type": "ENERGY", "price": 1, "step_size": 0}]}])",
                    tax_included, limits);
    return totals(session_of({period(monday(10), {{"ENERGY", kwh}})}), {tariff});
}

}  // namespace

TEST_CASE("modules/pricing/limits: limits before and after taxes bind independently")
{
    const auto max = R"("max_price": {"before_taxes": 10, "after_taxes": 11},)";
    CHECK(limited("9", max) == "9 / 10.8");
    CHECK(limited("9.5", max) == "9.5 / 11");
    CHECK(limited("20", max) == "10 / 11");
    const auto min = R"("min_price": {"before_taxes": 10, "after_taxes": 13},)";
    CHECK(limited("20", min) == "20 / 24");
    CHECK(limited("10.5", min) == "10.5 / 13");
    CHECK(limited("1", min) == "10 / 13");
}

TEST_CASE("modules/pricing/limits: a limit without after_taxes scales the taxes when it binds")
{
    CHECK(limited("20", R"("max_price": {"before_taxes": 10},)") == "10 / 12");
    CHECK(limited("5", R"("max_price": {"before_taxes": 10},)") == "5 / 6");
    CHECK(limited("5", R"("min_price": {"before_taxes": 10},)") == "10 / 12");
    CHECK(limited("0", R"("min_price": {"before_taxes": 10},)") == "10 / 10");
}

TEST_CASE("modules/pricing/limits: a scaled total still obeys the other limit's after_taxes")
{
    CHECK(limited("5", R"("min_price": {"before_taxes": 10},
                          "max_price": {"before_taxes": 11, "after_taxes": 11.5},)") ==
          "10 / 11.5");
}

TEST_CASE("modules/pricing/limits: after taxes is never less than before where a limit binds")
{
    CHECK(limited("20", R"("max_price": {"before_taxes": 10, "after_taxes": 8},)") == "10 / 10");
    CHECK(limited("1", R"("min_price": {"before_taxes": 10, "after_taxes": 5},)") == "10 / 10");
}

TEST_CASE("modules/pricing/limits: with prices that include taxes the same limits hold")
{
    CHECK(limited("12", "", "YES") == "10 / 12");
    CHECK(limited("24", R"("max_price": {"before_taxes": 10, "after_taxes": 11},)", "YES") ==
          "10 / 11");
}

TEST_CASE("modules/pricing/limits: where no taxes apply, after_taxes of a limit says nothing")
{
    CHECK(limited("20", R"("max_price": {"before_taxes": 10, "after_taxes": 8},)", "N/A") ==
          "10 / 10");
    CHECK(limited("9", R"("max_price": {"before_taxes": 10, "after_taxes": 8},)", "N/A") ==
          "9 / 9");
}

TEST_CASE(
    "modules/pricing/limits: an unknown net is limited after taxes alone, an unknown gross before")
{
    const auto max = R"("max_price": {"before_taxes": 10, "after_taxes": 11},)";
    CHECK(limited_without_rate("20", max, "YES") == "unknown / 11");
    CHECK(limited_without_rate("10.5", max, "YES") == "unknown / 10.5");
    CHECK(limited_without_rate("20", max, "NO") == "10 / unknown");
    CHECK(limited_without_rate("20", R"("max_price": {"before_taxes": 10},)", "YES") ==
          "unknown / 20");
}

TEST_CASE("modules/pricing/limits: the taxes add up to what lies between both totals")
{
    const auto tariff =
        make_tariff(R"([{"price_components": [
        {"type": "ENERGY", "price": 1, "vat": 20, "step_size": 0},
        {"type": "TIME", "price": 1, "vat": 10, "step_size": 0}]}])",
                    "NO", R"("max_price": {"before_taxes": 10, "after_taxes": 11.5},)");
    const auto priced = pricing::make_breakdown(
        session_of({period(monday(10), {{"ENERGY", "20"}, {"TIME", "20"}})}), tariff_list{tariff},
        time_zone());
    REQUIRE(priced.taxes.size() == 2);
    CHECK(text(priced.taxes[0].amount) == "0.5");
    CHECK(text(priced.taxes[1].amount) == "1");
}

TEST_CASE("modules/pricing/limits: a tax that only a limit brings has no rate")
{
    const auto tariff = make_tariff(
        R"([{"price_components": [{"type": "ENERGY", "price": 1, "vat": 20, "step_size": 0}],
             "restrictions": {"min_kwh": 100}}])",
        "NO", R"("min_price": {"before_taxes": 5, "after_taxes": 6},)");
    const auto priced = pricing::make_breakdown(session_of({period(monday(10), {{"ENERGY", "1"}})}),
                                                tariff_list{tariff}, time_zone());
    CHECK(totals(priced) == "5 / 6");
    REQUIRE(priced.taxes.size() == 1);
    CHECK_FALSE(priced.taxes[0].percentage);
    CHECK(text(priced.taxes[0].amount) == "1");
}

TEST_CASE(
    "modules/pricing/limits: of a least price above the highest the highest counts, with a note")
{
    const auto tariff = make_tariff(
        R"([{"price_components": [{"type": "ENERGY", "price": 1, "vat": 0, "step_size": 0}]}])",
        "NO", R"("min_price": {"before_taxes": 9}, "max_price": {"before_taxes": 4},)");
    const auto priced = pricing::make_breakdown(session_of({period(monday(10), {{"ENERGY", "1"}})}),
                                                tariff_list{tariff}, time_zone());
    CHECK(totals(priced) == "4 / 4");
    CHECK(has_note(priced, "min_price of tariff T is above its max_price"));
}

}  // namespace limits_test
