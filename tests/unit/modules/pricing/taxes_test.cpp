#include "modules/pricing/taxes.hpp"

#include "cost_fixture.hpp"

namespace taxes_test {

using namespace ocpi;
using namespace ocpi::test;

namespace {

/// A session of 10 kWh and 1 hour.
breakdown price(std::string_view elements, std::string_view tax_included)
{
    return pricing::make_breakdown(
        session_of({period(monday(10), {{"ENERGY", "10"}, {"TIME", "1"}})}),
        tariff_list{make_tariff(elements, tax_included)}, time_zone());
}

const char* const with_vat = R"([{"price_components": [
    {"type": "ENERGY", "price": 0.36, "vat": 20, "step_size": 0},
    {"type": "TIME", "price": 1.1, "vat": 10.0, "step_size": 0}]}])";
const char* const without_vat = R"([{"price_components": [
    {"type": "ENERGY", "price": 0.36, "step_size": 0}]}])";
const char* const half_with_vat = R"([{"price_components": [
    {"type": "ENERGY", "price": 0.36, "step_size": 0},
    {"type": "TIME", "price": 1.1, "vat": 10, "step_size": 0}]}])";

}  // namespace

TEST_CASE(
    "modules/pricing/taxes: net prices get their tax, gross prices have it in them, N/A knows none")
{
    CHECK(totals(price(with_vat, "NO")) == "4.7 / 5.53");
    CHECK(totals(price(with_vat, "YES")) == "4 / 4.7");
    CHECK(totals(price(with_vat, "N/A")) == "4.7 / 4.7");
    CHECK(price(with_vat, "N/A").taxes.empty());
}

TEST_CASE("modules/pricing/taxes: there is one entry for each rate, by rising rate")
{
    const auto priced = price(with_vat, "NO");
    REQUIRE(priced.taxes.size() == 2);
    CHECK(priced.taxes[0].name == "VAT");
    CHECK(priced.taxes[0].percentage == number("10"));
    CHECK(text(priced.taxes[0].amount) == "0.11");
    CHECK(priced.taxes[1].percentage == number("20"));
    CHECK(text(priced.taxes[1].amount) == "0.72");
}

TEST_CASE("modules/pricing/taxes: more rates than anybody has are not added up, with a note")
{
    std::vector<sessions::charging_period> periods;
    std::string elements;
    for (int i = 0; i < 201; ++i) {
        const auto number = std::to_string(i);
        periods.push_back(period(monday(10), {{"ENERGY", "1"}}));
        elements += (i == 0 ? "[" : ",");
        elements += R"({"price_components":[{"type":"ENERGY","price":1,"vat":0.)" +
                    std::string(i < 100 ? (i < 10 ? "00" : "0") : "") + number +
                    R"(1,"step_size":0}],"restrictions":{"min_kwh":)" + number + R"(,"max_kwh":)" +
                    std::to_string(i + 1) + "}}";
    }
    elements += ']';
    const auto of = [&](std::string_view tax_included) {
        return pricing::make_breakdown(
            session_of(periods), tariff_list{make_tariff(elements, tax_included)}, time_zone());
    };
    CHECK(totals(of("NO")) == "201 / unknown");
    CHECK(totals(of("YES")) == "unknown / 201");
    CHECK(of("NO").taxes.empty());
    CHECK(of("NO").notes.front() == "tariff T has too many tax rates to add up");
    periods.pop_back();
    CHECK(of("NO").taxes.size() == 200);
}

TEST_CASE("modules/pricing/taxes: a rate of 0 has its entry")
{
    const auto priced =
        price(R"([{"price_components": [{"type": "TIME", "price": 1, "vat": 0, "step_size": 0}]}])",
              "NO");
    REQUIRE(priced.taxes.size() == 1);
    CHECK(priced.taxes[0].percentage == number("0"));
    CHECK(priced.taxes[0].amount == 0);
}

TEST_CASE("modules/pricing/taxes: where no component names a rate it is unknown, with a note")
{
    auto priced = price(without_vat, "NO");
    CHECK(totals(priced) == "3.6 / unknown");
    CHECK(priced.taxes.empty());
    CHECK(has_note(priced, "names no tax rate"));
    priced = price(without_vat, "YES");
    CHECK(totals(priced) == "unknown / 3.6");
    CHECK_FALSE(priced.of(cost_dimension::energy).before_taxes);
    CHECK(text(priced.of(cost_dimension::time).before_taxes) == "0");
    CHECK(has_note(priced, "of an unknown rate"));
    CHECK(totals(price(without_vat, "N/A")) == "3.6 / 3.6");
}

TEST_CASE("modules/pricing/taxes: a component without a rate beside others with one has no tax")
{
    CHECK(totals(price(half_with_vat, "NO")) == "4.7 / 4.81");
    CHECK(totals(price(half_with_vat, "YES")) == "4.6 / 4.7");
}

TEST_CASE("modules/pricing/taxes: nothing to pay has no tax, known rate or not")
{
    const auto free = R"([{"price_components": [{"type": "ENERGY", "price": 0, "step_size": 0}]}])";
    CHECK(totals(price(free, "NO")) == "0 / 0");
    CHECK(totals(price(free, "YES")) == "0 / 0");
}

TEST_CASE(
    "modules/pricing/taxes: with one tariff's taxes unknown all are, the known parts of totals "
    "stay")
{
    const auto session = session_of(
        {period(monday(10), {{"ENERGY", "10"}}, "A"), period(monday(11), {{"ENERGY", "10"}}, "B")});
    const auto known = make_tariff(with_vat, "NO", "", "A");
    auto priced = pricing::make_breakdown(
        session, tariff_list{known, make_tariff(without_vat, "NO", "", "B")}, time_zone());
    CHECK(totals(priced) == "7.2 / unknown");
    CHECK(priced.taxes.empty());
    priced = pricing::make_breakdown(
        session, tariff_list{known, make_tariff(without_vat, "YES", "", "B")}, time_zone());
    CHECK(totals(priced) == "unknown / 7.92");
}

TEST_CASE("modules/pricing/taxes: a repeating net is kept as a fraction until it is written")
{
    const auto priced = price(
        R"([{"price_components": [{"type": "TIME", "price": 1, "vat": 19, "step_size": 0}]}])",
        "YES");
    CHECK(totals(priced) == "0.840336134454 / 1");
    CHECK(*priced.before_taxes * 119 == 100);
}

}  // namespace taxes_test
