// The prices in tests/vectors/cost: sessions, their tariffs and what they cost, as JSON.

#include "cost_fixture.hpp"
#include "tests/support/project_directory.hpp"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace vectors_test {

using namespace ocpi;
using namespace ocpi::test;

namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path)
{
    std::ifstream file(path, std::ios::binary);
    REQUIRE(file);
    std::ostringstream text;
    text << file.rdbuf();
    return text.str();
}

/// Rounded, because a third of an hour is written with twenty digits.
std::string in_twelve_places(const std::optional<rational>& amount)
{
    return amount ? to_text(rounded(*amount, 12)) : "null";
}

std::string wanted_text(json::value wanted)
{
    return wanted.is(json::kind::null) ? "null" : std::string(wanted.string());
}

void check_taxes(const breakdown& priced, json::value wanted)
{
    REQUIRE(priced.taxes.size() == wanted.size());
    std::size_t index = 0;
    for (auto entry : wanted) {
        const auto& tax = priced.taxes[index++];
        REQUIRE(tax.percentage);
        CHECK(to_text(*tax.percentage) == entry.find("percentage")->string());
        CHECK(in_twelve_places(tax.amount) == entry.find("amount")->string());
    }
}

void check_dimension(const pricing::dimension_cost& cost, json::value wanted)
{
    if (const auto volume = wanted.find("volume")) {
        CHECK(to_text(cost.volume) == volume->string());
    }
    CHECK(in_twelve_places(cost.billed_volume) == wanted.find("billed_volume")->string());
    CHECK(in_twelve_places(cost.before_taxes) == wanted_text(*wanted.find("before_taxes")));
}

cost_dimension dimension_of(std::string_view name)
{
    for (std::size_t i = 0; i < pricing::cost_dimension_count; ++i) {
        const auto dimension = static_cast<cost_dimension>(i);
        if (to_string(dimension) == name) return dimension;
    }
    FAIL("no dimension of that name");
    return cost_dimension::energy;
}

void check_expectations(const breakdown& priced, json::value wanted)
{
    CHECK(in_twelve_places(priced.before_taxes) == wanted_text(*wanted.find("before_taxes")));
    CHECK(in_twelve_places(priced.after_taxes) == wanted_text(*wanted.find("after_taxes")));
    const auto currency = wanted.find("currency");
    CHECK(priced.currency == (currency ? currency->string() : "EUR"));
    if (const auto taxes = wanted.find("taxes")) check_taxes(priced, *taxes);
    if (const auto notes = wanted.find("notes")) CHECK(priced.notes.size() == notes->size());
    if (const auto dimensions = wanted.find("dimensions")) {
        for (auto dimension : *dimensions) {
            CAPTURE(dimension.name());
            check_dimension(priced.of(dimension_of(dimension.name())), dimension);
        }
    }
}

void check_case(json::value one, const tariff_list& tariffs)
{
    const auto zone = one.find("time_zone");
    const auto session = json::parse(one.find("session")->text());
    REQUIRE(session.has_value());
    const auto input = pricing::read_priced_session(*session);
    REQUIRE(input.has_value());
    const auto priced = pricing::make_breakdown(
        input->session, tariffs, zone ? *time_zone::find(zone->string()) : time_zone());
    check_expectations(priced, *one.find("expect"));
}

}  // namespace

TEST_CASE("modules/pricing/vectors: every vector costs what it says")
{
    std::size_t cases = 0;
    for (const auto& file :
         fs::directory_iterator(test::project_directory() / "tests/vectors/cost")) {
        CAPTURE(file.path().filename().string());
        const auto vector = json::parse(read_file(file.path()));
        REQUIRE(vector.has_value());
        tariff_list tariffs;
        const auto given = vector->root().find("tariffs").value();
        for (const auto tariff : given) {
            tariffs.push_back(read_tariff(tariff.text()));
        }
        const auto sessions = vector->root().find("cases").value();
        for (const auto one : sessions) {
            const std::string about(one.find("about")->string());
            CAPTURE(about);
            check_case(one, tariffs);
            ++cases;
        }
    }
    CHECK(cases >= 38);
}

}  // namespace vectors_test
