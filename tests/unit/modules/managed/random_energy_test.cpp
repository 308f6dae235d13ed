#include "modules/metering/statistics.hpp"
#include "modules/sessions/settlement.hpp"
#include "modules/status/status_view.hpp"
#include "ocpi/json/writer.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>

namespace random_energy_test {

using namespace ocpi;
using namespace ocpi::sessions;
using metering::energy_series;
using metering::state_of_charge;

namespace {

/// Sessions as no CPO should send them, and some as one would.
class session_maker {
public:
    explicit session_maker(unsigned seed) : random_(seed) {}

    std::string make()
    {
        start_ = base + below(100'000'000);
        length_ = one_in(8) ? below(50LL * 86'400'000) : below(10 * 3'600'000);
        json::object_writer session;
        session.raw("start_date_time", instant(0));
        if (one_in(2)) session.raw("end_date_time", instant(one_in(9) ? -below(9999) : length_));
        if (!one_in(20)) session.raw("kwh", number());
        session.string("status", one_in(2) ? "COMPLETED" : one_in(9) ? "INVALID" : "ACTIVE");
        session.raw("last_updated", somewhen());
        if (!one_in(3)) session.raw("charging_periods", periods());
        if (!one_in(3)) session.raw("meter_value", meter());
        if (one_in(2)) session.raw("soc_start", number());
        if (one_in(2)) session.raw("soc_end", number());
        return session.finish();
    }

    date_time now() { return date_time::from_milliseconds(start_ + length_ + below(2) * 1000); }
    date_time any_instant()
    {
        return date_time::from_milliseconds(start_ - 1000 + below(length_ + 2000));
    }
    bool one_in(std::int64_t count) { return below(count) == 0; }

private:
    static constexpr std::int64_t base = 1'704'100'000'000;

    std::int64_t below(std::int64_t bound)
    {
        return std::uniform_int_distribution<std::int64_t>(
            0, std::max<std::int64_t>(bound, 1) - 1)(random_);
    }

    std::string instant(std::int64_t after)
    {
        return json::quote(to_string(date_time::from_milliseconds(start_ + after)));
    }

    std::string somewhen()
    {
        if (one_in(20)) return instant(below(3) * 86'400'000 - 86'400'000);
        const auto after = below(length_ + 1);
        return instant(one_in(3) ? after / 900'000 * 900'000 : after);
    }

    std::string number()
    {
        static const char* const odd[] = {
            "0",      "-3", "1e999999", "1e-999999", "-1e999999",         "1e199",
            "1e-199", "-0", "3e2",      "41.000",    "1.0000000000000001"};
        if (one_in(12)) return odd[below(std::size(odd))];
        return std::to_string(below(100)) + '.' + std::to_string(below(10'000));
    }

    std::string periods()
    {
        static const char* const types[] = {"ENERGY", "ENERGY_IMPORT", "STATE_OF_CHARGE", "TIME"};
        json::array_writer list;
        for (auto count = below(8); count >= 0; --count) {
            json::array_writer dimensions;
            for (auto more = below(3); more >= 0; --more) {
                json::object_writer dimension;
                dimension.string("type", types[below(std::size(types))]);
                dimension.raw("volume", number());
                dimensions.raw(dimension.finish());
            }
            json::object_writer period;
            period.raw("start_date_time", somewhen());
            period.raw("dimensions", dimensions.finish());
            list.raw(period.finish());
        }
        return list.finish();
    }

    std::string meter()
    {
        static const char* const measurands[] = {"Energy.Active.Import.Register", "SoC",
                                                 "Power.Active.Import"};
        json::array_writer list;
        std::int64_t watt_hours = below(100'000);
        std::int64_t after = 0;
        const bool is_sound = one_in(2);
        for (auto count = below(20); count > 0; --count) {
            watt_hours += below(2000) - (one_in(10) ? 3000 : 0);
            after += below(length_ / 8 + 2);
            json::object_writer sample;
            sample.raw("value", is_sound ? std::to_string(watt_hours) : number());
            if (!is_sound && one_in(2)) sample.string("measurand", measurands[below(3)]);
            if (one_in(90)) {
                sample.raw("unit", "5");
            } else if (!is_sound && one_in(3)) {
                sample.string("unit", "kWh");
            }
            if (!is_sound && one_in(9)) sample.string("phase", one_in(2) ? "L1" : "L2");
            if (one_in(15)) sample.string("context", "Transaction.End");
            json::object_writer value;
            value.raw("timestamp", is_sound ? instant(after) : somewhen());
            value.raw("sampled_value", '[' + sample.finish() + ']');
            list.raw(value.finish());
        }
        return list.finish();
    }

    std::mt19937 random_;
    std::int64_t start_ = 0;
    std::int64_t length_ = 0;
};

void check_energy(const energy_series& energy, const session_data& seen, session_maker& maker)
{
    if (seen.fields.kwh && !seen.fields.kwh->is_negative()) {
        REQUIRE(energy.total() == *seen.fields.kwh);
    }
    REQUIRE(energy.start() <= energy.known_until());
    REQUIRE(energy.known_until() <= energy.until());
    // Any cuts at all.
    std::vector<date_time> cuts{energy.start(), energy.until()};
    if (energy.start() < energy.until()) {
        for (int i = 0; i < 5; ++i) {
            cuts.push_back(std::clamp(maker.any_instant(), energy.start(), energy.until()));
        }
    }
    std::sort(cuts.begin(), cuts.end());
    decimal sum;
    for (std::size_t i = 1; i < cuts.size(); ++i) {
        const auto part = energy.delivered(cuts[i - 1], cuts[i]);
        REQUIRE_FALSE(part.is_negative());
        REQUIRE(energy.delivered_at(cuts[i - 1]) <= energy.delivered_at(cuts[i]));
        sum = sum + part;
    }
    REQUIRE(sum == energy.total());
    decimal flowed;
    std::optional<date_time> end;
    for (const auto& flow : energy.flows()) {
        REQUIRE((!end || *end < flow.start));
        flowed = flowed + energy.delivered(flow.start, flow.end);
        end = flow.end;
    }
    REQUIRE(flowed == energy.total());
    const auto half = rational(energy.delivered_at(energy.until()) / 2);
    const auto found = energy.first_delivered(half);
    REQUIRE(found);
    REQUIRE(energy.delivered_at(*found) >= half);
    if (half > 0 && *found > energy.start()) {
        REQUIRE(energy.delivered_at(date_time::from_milliseconds(found->milliseconds() - 1)) <
                half);
    }
}

void check_level(const state_of_charge& level, const energy_series& energy)
{
    const auto last = level.last();
    if (!last) return;
    REQUIRE(*last >= 0);
    REQUIRE(*last <= 100);
    const auto reached = level.first_reached(*last, energy.start());
    REQUIRE(reached);
    REQUIRE(*level.level_at(*reached) >= *last);
    if (*reached == energy.start()) return;
    const auto before = date_time::from_milliseconds(reached->milliseconds() - 1);
    const auto lower = level.level_at(before);
    REQUIRE((!lower || *lower < *last));
}

}  // namespace

TEST_CASE("modules/managed/random_energy: whatever a session says, its energy adds up")
{
    const auto seed = std::random_device()();
    CAPTURE(seed);
    session_maker maker(seed);
    for (int round = 0; round < 600; ++round) {
        const auto text = maker.make();
        CAPTURE(text);
        const auto stored = *json::parse(text);
        const auto now = maker.now();
        const auto seen = parse_stored(stored);
        const energy_series energy(seen, now);
        check_energy(energy, seen, maker);
        const auto capacity =
            maker.one_in(3) ? std::nullopt : decimal::parse(maker.one_in(2) ? "60" : "0.001");
        const state_of_charge level(seen, energy, capacity);
        check_level(level, energy);
        const auto shown = make_statistics(energy, level);
        decimal sum;
        for (const auto& interval : shown.timeseries) {
            REQUIRE_FALSE(interval.kwh.is_negative());
            sum = sum + interval.kwh;
        }
        REQUIRE(sum == shown.kwh_sum);
        REQUIRE(shown.timeseries.front().start == energy.start());
        REQUIRE(json::parse(write_json(shown)).has_value());
        REQUIRE(json::parse(write_json(status::make_status_view(seen, now, {}, {}))).has_value());
        const auto settled = settlement_of(stored).settled_at;
        REQUIRE(settled.has_value() ==
                (status::show_status(seen) == status::shown_status::completed));
        if (settled) REQUIRE(energy.until() == std::max(*settled, energy.start()));
    }
}

}  // namespace random_energy_test
