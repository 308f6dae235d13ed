#include "modules/driver_plans/energy_curve.hpp"

#include <doctest/doctest.h>

#include <stdexcept>
#include <vector>

namespace energy_curve_test {

using namespace ocpi;
using namespace ocpi::driver_plans;

namespace {

date_time ms(std::int64_t milliseconds)
{
    return date_time::from_milliseconds(milliseconds);
}

/// 1 kWh from 10 to 20, 1/3 kWh at 20, a gap, 2 kWh from 30 to 40.
energy_curve sample()
{
    std::vector<metering_event> events;
    events.emplace_back(ms(0), ms(10), rational(0));
    events.emplace_back(ms(10), ms(20), rational(1));
    events.emplace_back(ms(20), ms(20), rational(1, 3));
    events.emplace_back(ms(30), ms(40), rational(2));
    return energy_curve(events);
}

}  // namespace

TEST_CASE("modules/driver_plans/energy_curve: energy is spread evenly within an event")
{
    const auto curve = sample();
    CHECK(curve.total() == rational(10, 3));
    CHECK(curve.begin() == ms(10));
    CHECK(curve.end() == ms(40));
    CHECK(curve.before(ms(10)) == 0);
    CHECK(curve.before(ms(13)) == rational(3, 10));
    CHECK(curve.before(fine_instant(13, rational(1, 2))) == rational(35, 100));
    CHECK(curve.before(ms(25)) == rational(4, 3));
    CHECK(curve.before(fine_instant(25, rational(1, 2))) == rational(4, 3));
    CHECK(curve.before(ms(35)) == rational(7, 3));
    CHECK(curve.before(ms(99)) == rational(10, 3));
    CHECK(curve.through(ms(13)) == rational(3, 10));
    CHECK(curve.through(ms(99)) == rational(10, 3));
}

TEST_CASE("modules/driver_plans/energy_curve: what is counted at one moment is not before it")
{
    const auto curve = sample();
    CHECK(curve.before(ms(20)) == 1);
    CHECK(curve.through(ms(20)) == rational(4, 3));
    CHECK(curve.before(fine_instant(20, rational(1, 9))) == rational(4, 3));
    CHECK(curve.before(fine_instant(19, rational(1, 2))) == rational(95, 100));
}

TEST_CASE("modules/driver_plans/energy_curve: no energy is an empty curve")
{
    CHECK(energy_curve().empty());
    const energy_curve idle({metering_event(ms(0), ms(10), 0)});
    CHECK(idle.empty());
    CHECK(idle.total() == 0);
    CHECK(idle.before(ms(5)) == 0);
}

TEST_CASE("modules/driver_plans/energy_curve: events that cannot be are a bug of the caller")
{
    const metering_event first(ms(0), ms(10), 1);
    const metering_event overlapping(ms(9), ms(12), 1);
    const metering_event backwards(ms(10), ms(9), 1);
    const metering_event negative(ms(10), ms(11), -1);
    CHECK_THROWS_AS(energy_curve({first, overlapping}), std::invalid_argument);
    CHECK_THROWS_AS(energy_curve({backwards}), std::invalid_argument);
    CHECK_THROWS_AS(energy_curve({negative}), std::invalid_argument);
}

TEST_CASE("modules/driver_plans/energy_curve: an estimate is about what is exact")
{
    const auto curve = sample();
    CHECK(curve.estimated_total() == doctest::Approx(10.0 / 3));
    CHECK(energy_curve().estimated_total() == 0);
    CHECK(energy_curve().estimate_through(5) == 0);
    for (std::int64_t i = 0; i < 50; ++i) {
        CAPTURE(i);
        const auto exact = curve.through(ms(i)).convert_to<double>();
        CHECK(curve.estimate_through(i) == doctest::Approx(exact).epsilon(1e-14));
    }
}

}  // namespace energy_curve_test
