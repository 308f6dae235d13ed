#include "modules/sessions/charging_periods.hpp"

#include "ocpi/json/document.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace charging_periods_test {

using namespace ocpi;
using namespace ocpi::sessions;

namespace {

std::vector<charging_period> read(const std::string& list)
{
    const auto document = json::parse(R"({"charging_periods":)" + list + "}");
    REQUIRE(document.has_value());
    json::diagnostics findings;
    auto in = json::object_reader::of_root(*document, findings);
    REQUIRE(in);
    auto periods = read_charging_periods(*in, json::presence::optional);
    REQUIRE(findings.problems().empty());
    return periods;
}

/// A period from 10:00 on, or so many minutes later.
std::string period(const std::string& dimensions, const std::string& more = "", int minute = 0)
{
    return R"({"start_date_time":"2024-01-08T10:)" + std::string(minute < 10 ? "0" : "") +
           std::to_string(minute) + R"(:00Z","dimensions":[)" + dimensions + "]" + more + "}";
}

std::string dimension(const std::string& type, const std::string& volume)
{
    return R"({"type":")" + type + R"(","volume":)" + volume + "}";
}

std::string energy(const std::string& volume)
{
    return period(dimension("ENERGY", volume));
}

/// The periods that count, by their places in the list: `1 2`.
std::string counted(const std::vector<std::string>& periods)
{
    std::string list;
    for (const auto& one : periods) list += (list.empty() ? "" : ",") + one;
    const auto all = read("[" + list + "]");
    const auto replaced = find_replaced(all);
    CHECK((replaced.empty() || replaced.size() == all.size()));
    std::string text;
    for (std::size_t i = 0; i < all.size(); ++i) {
        if (replaced.empty() || !replaced[i]) text += (text.empty() ? "" : " ") + std::to_string(i);
    }
    return text;
}

std::uint32_t places(const std::string& number)
{
    return read("[" + energy(number) + "]").front().dimensions.front().written_places;
}

}  // namespace

TEST_CASE("modules/sessions/charging_periods: decimals count as they are written")
{
    CHECK(places("12") == 0);
    CHECK(places("0.1667") == 4);
    CHECK(places("0.1670") == 4);
    CHECK(places("0.0000") == 4);
    CHECK(places("1.667e-1") == 4);
    CHECK(places("1E-4") == 4);
    CHECK(places("1.25e+1") == 1);
    CHECK(places("1.25e3") == 0);
    CHECK(places("1e-99999999999999999999") == 1000);
    CHECK(places("1e99999999999999999999") == 0);
}

TEST_CASE(
    "modules/sessions/charging_periods: the energy of a period is ENERGY, else what was imported")
{
    const auto told = [](const std::string& dimensions) {
        const auto found = energy_of(read("[" + period(dimensions) + "]").front());
        return found ? to_text(*found) : "none";
    };
    CHECK(told(dimension("ENERGY", "1") + "," + dimension("ENERGY", "0.5")) == "1.5");
    CHECK(told(dimension("ENERGY_IMPORT", "2") + "," + dimension("ENERGY", "1")) == "1");
    CHECK(told(dimension("ENERGY_IMPORT", "2")) == "2");
    CHECK(told(dimension("TIME", "2")) == "none");
    CHECK(told("") == "none");
}

TEST_CASE(
    "modules/sessions/charging_periods: a period that is sent again with no less replaces the "
    "earlier")
{
    CHECK(counted({energy("1"), energy("1.5")}) == "1");
    CHECK(counted({energy("1"), energy("1.5"), energy("2")}) == "2");
    CHECK(counted({energy("1"), energy("1")}) == "1");
    const auto both = [](const char* kwh, const char* hours) {
        return period(dimension("ENERGY", kwh) + "," + dimension("TIME", hours));
    };
    CHECK(counted({both("1", "0.25"), both("1", "0.5")}) == "1");
    // It may tell more than before, and of which tariff it is.
    CHECK(counted({energy("1"), both("1.5", "0.25")}) == "1");
    CHECK(counted({energy("1"), period(dimension("ENERGY", "1.5"), R"(,"tariff_id":"T")")}) == "1");
    // Others of the list stay, wherever they stand.
    CHECK(counted({period(dimension("ENERGY", "3"), "", 30), energy("1"),
                   period(dimension("ENERGY", "4"), "", 15), energy("2")}) == "0 2 3");
}

TEST_CASE("modules/sessions/charging_periods: what adds up at one start is no repetition")
{
    CHECK(counted({energy("1"), period(dimension("ENERGY", "1.5"), "", 1)}) == "0 1");
    CHECK(counted({energy("2"), energy("1")}) == "0 1");
    CHECK(counted({energy("-1"), energy("2")}) == "0 1");
    CHECK(counted({period(dimension("ENERGY", "1")), period(dimension("TIME", "2"))}) == "0 1");
    CHECK(counted({period(dimension("TIME", "1")), period(dimension("PARKING_TIME", "2"))}) ==
          "0 1");
    CHECK(counted({period(dimension("ENERGY", "1") + "," + dimension("TIME", "0.25")),
                   energy("1.5")}) == "0 1");
    CHECK(counted({period(dimension("ENERGY", "1"), R"(,"tariff_id":"A")"),
                   period(dimension("ENERGY", "2"), R"(,"tariff_id":"B")")}) == "0 1");
    CHECK(counted({period(dimension("ENERGY", "1"), R"(,"tariff_id":"A")"), energy("2")}) == "0 1");
    CHECK(counted({period(dimension("STATE_OF_CHARGE", "1")),
                   period(dimension("STATE_OF_CHARGE", "2"))}) == "0 1");
    CHECK(counted({energy("1"), energy("1e999999")}) == "0 1");
    CHECK(counted({}) == "");
}

TEST_CASE(
    "modules/sessions/charging_periods: of two lines that grow at one start each has its last")
{
    const auto under = [](const char* tariff, const char* kwh) {
        return period(dimension("ENERGY", kwh), std::string(R"(,"tariff_id":")") + tariff + R"(")");
    };
    CHECK(counted({under("A", "1"), under("B", "1"), under("A", "2"), under("B", "3")}) == "2 3");
}

TEST_CASE("modules/sessions/charging_periods: thousands that start together take no long time")
{
    std::vector<charging_period> all(20'000);
    for (std::size_t i = 0; i < all.size(); ++i) {
        cdr_dimension falling;
        falling.type = "ENERGY";
        falling.volume = *decimal::parse(std::to_string(all.size() - i));
        all[i].dimensions.push_back(falling);
    }
    CHECK(find_replaced(all).empty());
}

}  // namespace charging_periods_test
