#include "modules/metering/statistics.hpp"

#include "tests/support/meter_text.hpp"
#include "tests/support/session_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace statistics_test {

using namespace ocpi;
using namespace ocpi::sessions;
using metering::energy_series;
using metering::state_of_charge;
using test::member;
using test::registers;
using test::session_text;

namespace {

date_time instant(const std::string& text)
{
    return parse_date_time(text)->value;
}

metering::statistics statistics_of(std::initializer_list<member> changes, const std::string& now)
{
    const auto seen = parse_stored(*json::parse(session_text(changes)));
    const energy_series energy(seen, instant(now));
    return make_statistics(energy, state_of_charge(seen, energy, {}));
}

std::string show(const metering::statistics& shown)
{
    std::string text;
    for (const auto& item : shown.timeseries) {
        if (!text.empty()) text += ' ';
        text +=
            to_string(item.start).substr(11, 5) + '=' + to_text(item.kwh) + '/' + to_text(item.kw);
    }
    return text;
}

}  // namespace

TEST_CASE("modules/metering/statistics: a session is shown in clock quarter-hours")
{
    const auto meter = registers({{"10:00", "0"}, {"10:20", "4"}, {"10:40", "4"}, {"10:50", "5"}});
    const auto shown = statistics_of(
        {{"start_date_time", test::at("10:05")}, {"kwh", "4"}, {"meter_value", meter}},
        "2024-01-01T10:50:00Z");
    CHECK(show(shown) ==
          "10:05=2.133333333333/12.8 10:15=1.066666666667/4.266666666667 10:30=0.4/1.6 "
          "10:45=0.4/4.8");
    CHECK(to_text(shown.kwh_sum) == "4");
    CHECK_FALSE(shown.battery_from);
}

TEST_CASE("modules/metering/statistics: gaps are zeros, and every interval that has begun is there")
{
    const auto meter = registers({{"10:00", "0"}, {"10:15", "1.5"}, {"10:45", "1.5"}});
    const auto until = [&](const std::string& now) {
        return show(statistics_of({{"kwh", "1.5"}, {"meter_value", meter}}, now));
    };
    CHECK(until("2024-01-01T10:45:00Z") == "10:00=1.5/6 10:15=0/0 10:30=0/0");
    CHECK(until("2024-01-01T10:45:00.001Z") == "10:00=1.5/6 10:15=0/0 10:30=0/0 10:45=0/0");
}

TEST_CASE("modules/metering/statistics: there is at least one interval")
{
    CHECK(show(statistics_of({{"kwh", "0"}}, "2024-01-01T10:00:00Z")) == "10:00=0/0");
    CHECK(show(statistics_of({{"kwh", "2"}}, "2024-01-01T10:00:00Z")) == "10:00=2/0");
    CHECK(show(statistics_of({{"kwh", "0"}}, "2024-01-01T09:00:00Z")) == "10:00=0/0");
}

TEST_CASE("modules/metering/statistics: the first interval carries what is beyond 35 days")
{
    const std::initializer_list<member> changes{{"kwh", "100"},
                                                {"start_date_time", R"("2024-01-01T10:00:00Z")"},
                                                {"last_updated", R"("2024-02-10T10:00:00Z")"}};
    const auto just = statistics_of(changes, "2024-02-05T10:00:00Z");
    CHECK(just.timeseries.size() == 35 * 96);
    CHECK(just.notes.empty());
    const auto more = statistics_of(changes, "2024-02-10T10:00:00Z");
    CHECK(more.timeseries.size() == 35 * 96 + 1);
    CHECK(more.notes.size() == 1);
    CHECK(to_text(more.timeseries.front().kwh) == "12.5");
    CHECK(to_string(more.timeseries[1].start) == "2024-01-06T10:00:00Z");
    CHECK(statistics_of(changes, "2024-02-10T10:00:01Z").timeseries.size() == 35 * 96 + 1);
}

TEST_CASE("modules/metering/statistics: it is written as it is named")
{
    const auto shown =
        statistics_of({{"kwh", "1.50"}, {"soc_start", "35"}}, "2024-01-01T10:30:00Z");
    CHECK(write_json(shown) ==
          R"({"aggregated":{"kwhSum":1.5,"batteryFrom":35,"batteryTo":35},"timeseries":[)"
          R"({"startAt":"2024-01-01T10:00:00Z","kwh":0.75,"kw":3},)"
          R"({"startAt":"2024-01-01T10:15:00Z","kwh":0.75,"kw":3}]})");
    CHECK(write_json(statistics_of({{"kwh", "0"}}, "2024-01-01T10:00:00Z")) ==
          R"({"aggregated":{"kwhSum":0,"batteryFrom":null,"batteryTo":null},"timeseries":[)"
          R"({"startAt":"2024-01-01T10:00:00Z","kwh":0,"kw":0}]})");
}

}  // namespace statistics_test
