// What it takes to price a session by a tariff.

#include "modules/pricing/engine.hpp"
#include "modules/pricing/session_reader.hpp"
#include "modules/tariffs/tariff_codec.hpp"
#include "ocpi/base/time_zone.hpp"
#include "ocpi/json/document.hpp"

#include <benchmark/benchmark.h>

#include <memory>
#include <string>
#include <vector>

namespace ocpi::bench {
namespace {

/// Two digits.
std::string padded(int number)
{
    return (number < 10 ? "0" : "") + std::to_string(number);
}

/// A session of five-minute periods with energy and time.
std::string session_of_periods(int periods)
{
    std::string list;
    for (int i = 0; i < periods; ++i) {
        const int minute = 5 * i;
        if (i > 0) list += ',';
        list += R"({"start_date_time":"2026-03-)" + padded(2 + minute / 1440) + 'T' +
                padded(minute / 60 % 24) + ':' + padded(minute % 60) +
                R"(:00Z","tariff_id":"T","dimensions":[)" +
                R"({"type":"ENERGY","volume":0.6125},{"type":"TIME","volume":0.0833},)" +
                R"({"type":"MAX_POWER","volume":7.4}]})";
    }
    return R"({"country_code":"ES","party_id":"ABC","id":"S","currency":"EUR",)"
           R"("start_date_time":"2026-03-02T00:00:00Z","kwh":61.25,"status":"ACTIVE",)"
           R"("last_updated":"2026-03-02T09:00:00Z","charging_periods":[)" +
           list + "]}";
}

/// Elements for two hours of the day each, with prices for energy and time, VAT and steps.
std::string tariff_of(int elements)
{
    std::string list;
    for (int i = 0; i < elements; ++i) {
        if (i > 0) list += ',';
        list +=
            R"({"price_components":[{"type":"ENERGY","price":0.2)" + std::to_string(i) +
            R"(,"vat":20,"step_size":100},{"type":"TIME","price":1.5,"vat":10,"step_size":60}],)" +
            R"("restrictions":{"start_time":")" + padded(2 * i % 24) + R"(:00","end_time":")" +
            padded((2 * i + 2) % 24) + R"(:00","max_power":50}})";
    }
    return R"({"country_code":"ES","party_id":"ABC","id":"T","currency":"EUR","tax_included":"NO",)"
           R"("min_price":{"before_taxes":0.5},"last_updated":"2026-01-01T00:00:00Z","elements":[)" +
           list + "]}";
}

/// Arguments: periods of the session, elements of the tariff.
void price_session(benchmark::State& state)
{
    const auto session = *json::parse(session_of_periods(static_cast<int>(state.range(0))));
    const auto tariff = *json::parse(tariff_of(static_cast<int>(state.range(1))));
    const auto input = pricing::read_priced_session(session).value();
    const std::vector<tariffs::tariff_ptr> tariffs{
        std::make_shared<const tariffs::tariff>(tariffs::read_tariff(tariff).value())};
    const auto zone = time_zone::find("Europe/Madrid").value();
    for (auto _ : state) {
        auto priced = pricing::make_breakdown(input.session, tariffs, zone);
        benchmark::DoNotOptimize(priced);
    }
}
BENCHMARK(price_session)
    ->Args({100, 12})
    ->Args({100, 1})
    ->Args({5000, 12})
    ->Unit(benchmark::kMicrosecond);

}  // namespace
}  // namespace ocpi::bench
