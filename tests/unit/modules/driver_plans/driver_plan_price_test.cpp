#include "modules/driver_plans/driver_plan_price.hpp"

#include "tests/unit/modules/pricing/plan_samples.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <map>
#include <random>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace driver_plan_price_test {

using namespace ocpi;
using namespace ocpi::driver_plans;
using namespace ocpi::test;

namespace {

/// `10 @0 20 @0.25 | 40 @0`: the parts, with a bar between billing periods.
std::string describe(const plan_price& price)
{
    std::string text;
    for (std::size_t i = 0; i < price.parts.size(); ++i) {
        const auto& part = price.parts[i];
        if (i > 0) text += part.period == price.parts[i - 1].period ? " " : " | ";
        text += to_text(to_decimal(part.kwh)) + " @";
        text += part.price_per_kwh ? to_text(to_decimal(*part.price_per_kwh)) : "?";
    }
    text += " = ";
    text += price.amount ? to_text(to_decimal(*price.amount)) : "?";
    return text + " " + std::string(to_string(price.coverage));
}

std::vector<std::string> describe(const driver_plan& plan,
                                  const std::vector<std::vector<metering_event>>& sessions)
{
    std::vector<energy_curve> curves;
    for (const auto& events : sessions) curves.emplace_back(events);
    std::vector<std::string> texts;
    for (const auto& price : price_sessions(plan, curves)) texts.push_back(describe(price));
    return texts;
}

const std::vector<std::string> three_tiers{"100 0", "120 0.25", "- 0.40"};

/// The energy of each session, billing period and tier.
using shares = std::map<std::tuple<std::size_t, date_time, std::size_t>, rational>;

/// The same as price_sessions by the plainest of means: from one instant at which anything begins
/// or ends to the next, all that flows uses up the tiers together.
class plain_reckoning {
public:
    plain_reckoning(const driver_plan& plan,
                    const std::vector<std::vector<metering_event>>& sessions)
        : plan_(plan), bounds_(tier_bounds(plan)), sessions_(sessions)
    {
    }

    shares run()
    {
        std::set<date_time> instants;
        for (const auto& events : sessions_) {
            for (const auto& event : events) {
                instants.insert({event.from, event.to});
                for (const auto each : {event.from, event.to}) {
                    const auto month = billing_month(each, plan_.timezone);
                    instants.insert({month.start, month.end});
                }
            }
        }
        for (auto each = instants.begin(); each != instants.end(); ++each) {
            use(*each, *each);
            const auto next = std::next(each);
            if (next != instants.end()) use(*each, *next);
        }
        return std::move(found_);
    }

private:
    void use(date_time from, date_time to)
    {
        const auto month = billing_month(from, plan_.timezone).start;
        std::vector<rational> energies;
        rational sum = 0;
        for (const auto& events : sessions_) {
            rational energy = 0;
            for (const auto& event : events) {
                if (from == to) {
                    if (event.from == from && event.to == to) energy += event.kwh;
                } else if (event.from <= from && to <= event.to) {
                    energy += event.kwh * (to.milliseconds() - from.milliseconds()) /
                              (event.to.milliseconds() - event.from.milliseconds());
                }
            }
            energies.push_back(energy);
            sum += energy;
        }
        auto& used = used_[month];
        for (rational left = sum; left > 0;) {
            std::size_t tier = 0;
            while (tier < bounds_.size() && bounds_[tier] <= used) ++tier;
            rational taken = left;
            if (tier < bounds_.size()) taken = std::min<rational>(left, bounds_[tier] - used);
            for (std::size_t i = 0; i < energies.size(); ++i) {
                if (energies[i] == 0) continue;
                found_[{i, month, tier}] += energies[i] * taken / sum;
            }
            used += taken;
            left -= taken;
        }
    }

    const driver_plan& plan_;
    std::vector<rational> bounds_;
    const std::vector<std::vector<metering_event>>& sessions_;
    std::map<date_time, rational> used_;
    shares found_;
};

shares shares_of(const std::vector<plan_price>& prices)
{
    shares found;
    for (std::size_t i = 0; i < prices.size(); ++i) {
        for (const auto& part : prices[i].parts) {
            found[{i, part.period.start, part.tier}] += part.kwh;
        }
    }
    return found;
}

/// Some seconds around the end of a month, so that sessions overlap and cross it.
std::vector<metering_event> random_session(std::mt19937& random)
{
    const auto number = [&](int low, int high) {
        return std::uniform_int_distribution<int>(low, high)(random);
    };
    auto time = instant_at("2026-03-31T21:59:58Z").milliseconds() + number(0, 3000);
    std::vector<metering_event> events;
    for (int count = number(0, 4); count > 0; --count) {
        const auto from = time + (number(0, 1) == 0 ? 0 : number(0, 700));
        time = from + (number(0, 3) == 0 ? 0 : number(1, 1500));
        if (number(0, 4) == 0) time = instant_at("2026-03-31T22:00:00Z").milliseconds();
        if (time < from) time = from;
        events.emplace_back(date_time::from_milliseconds(from), date_time::from_milliseconds(time),
                            rational(number(0, 40), number(1, 7)));
    }
    return events;
}

driver_plan random_plan(std::mt19937& random)
{
    const auto number = [&](int low, int high) {
        return std::uniform_int_distribution<int>(low, high)(random);
    };
    std::vector<std::string> tiers;
    int bound = 0;
    for (int count = number(0, 3); count > 0; --count) {
        bound += number(1, 20);
        tiers.push_back(std::to_string(bound) + " 0." + std::to_string(number(0, 99)));
    }
    if (tiers.empty() || number(0, 3) > 0) tiers.push_back("- 0." + std::to_string(number(0, 99)));
    return make_plan(tiers);
}

}  // namespace

TEST_CASE(
    "modules/driver_plans/driver_plan_price: over two billing periods and three tiers, by hand")
{
    // 90 kWh are used in March when 80 kWh flow at 20 kW from 22:00 to 02:00 in Madrid: 10 kWh
    // until 22:30, 20 until 23:30, 10 until midnight, where April begins with all of its tiers.
    const auto plan = make_plan(three_tiers);
    const auto before = charge("2026-03-10T10:00:00Z", "2026-03-10T19:00:00Z", 90);
    const auto over_midnight = charge("2026-03-31T20:00:00Z", "2026-04-01T00:00:00Z", 80);
    CHECK(describe(plan, {before, over_midnight}) ==
          std::vector<std::string>{"90 @0 = 0 included",
                                   "10 @0 20 @0.25 10 @0.4 | 40 @0 = 9 billed"});
}

TEST_CASE(
    "modules/driver_plans/driver_plan_price: the month ends by local clocks, also when they are "
    "set")
{
    // Of October 2026 in Madrid: 745 hours, ending at 23:00 UTC.
    const auto plan = make_plan({"745 0.10", "- 0.20"});
    const auto october = charge("2026-09-30T22:00:00Z", "2026-11-01T00:00:00Z", 746);
    CHECK(describe(plan, {october}).front() == "745 @0.1 | 1 @0.1 = 74.6 billed");
    const auto lisbon = make_plan({"745 0.10", "- 0.20"}, "Europe/Lisbon");
    CHECK(describe(lisbon, {october}).front() == "1 @0.1 | 745 @0.1 = 74.6 billed");
}

TEST_CASE("modules/driver_plans/driver_plan_price: cars that charge at once use up a tier together")
{
    // 30 and 10 kW: 20 kWh are used after half an hour, 15 by one and 5 by the other.
    const auto plan = make_plan({"20 0.10", "- 0.50"});
    const auto fast = charge("2026-06-01T10:00:00Z", "2026-06-01T11:00:00Z", 30);
    const auto slow = charge("2026-06-01T10:00:00Z", "2026-06-01T12:00:00Z", 20);
    CHECK(describe(plan, {fast, slow}) ==
          std::vector<std::string>{"15 @0.1 15 @0.5 = 9 billed", "5 @0.1 15 @0.5 = 8 billed"});
    // The same when both are counted at one moment: in proportion.
    const auto much = charge("2026-06-01T10:00:00Z", "2026-06-01T10:00:00Z", 30);
    const auto less = charge("2026-06-01T10:00:00Z", "2026-06-01T10:00:00Z", 10);
    CHECK(describe(plan, {much, less}) ==
          std::vector<std::string>{"15 @0.1 15 @0.5 = 9 billed", "5 @0.1 5 @0.5 = 3 billed"});
}

TEST_CASE(
    "modules/driver_plans/driver_plan_price: a session that is heard of late was earlier all the "
    "same")
{
    const auto plan = make_plan(three_tiers);
    const auto known = charge("2026-06-20T10:00:00Z", "2026-06-20T20:00:00Z", 100);
    CHECK(describe(plan, {known}).front() == "100 @0 = 0 included");
    const auto late = charge("2026-06-05T10:00:00Z", "2026-06-05T11:00:00Z", 10);
    CHECK(describe(plan, {known, late}) ==
          std::vector<std::string>{"90 @0 10 @0.25 = 2.5 billed", "10 @0 = 0 included"});
}

TEST_CASE("modules/driver_plans/driver_plan_price: a bound that is reached exactly is not passed")
{
    const auto plan = make_plan({"10 0", "- 1"});
    const auto first = charge("2026-06-01T10:00:00Z", "2026-06-01T11:00:00Z", 10);
    const auto next = charge("2026-06-01T11:00:00Z", "2026-06-01T11:00:00Z", 2);
    CHECK(describe(plan, {first}).front() == "10 @0 = 0 included");
    CHECK(describe(plan, {first, next}) ==
          std::vector<std::string>{"10 @0 = 0 included", "2 @1 = 2 billed"});
}

TEST_CASE(
    "modules/driver_plans/driver_plan_price: what is counted as a month begins is in that month")
{
    const auto plan = make_plan({"10 1", "- 2"}, "UTC");
    const auto last = charge("2026-05-31T23:00:00Z", "2026-06-01T00:00:00Z", 10);
    const auto first = charge("2026-06-01T00:00:00Z", "2026-06-01T00:00:00Z", 12);
    CHECK(describe(plan, {last, first}) ==
          std::vector<std::string>{"10 @1 = 10 billed", "10 @1 2 @2 = 14 billed"});
    CHECK(describe(plan, {first}).front() == "10 @1 2 @2 = 14 billed");
}

TEST_CASE(
    "modules/driver_plans/driver_plan_price: beyond a last tier with an end nothing has a price")
{
    const auto plan = make_plan({"10 0.5"});
    const auto first = charge("2026-06-01T10:00:00Z", "2026-06-01T11:00:00Z", 10);
    const auto second = charge("2026-06-01T10:30:00Z", "2026-06-01T11:00:00Z", 5);
    CHECK(describe(plan, {first}).front() == "10 @0.5 = 5 billed");
    CHECK(describe(plan, {first, second}) ==
          std::vector<std::string>{"7.5 @0.5 2.5 @? = ? unknown", "2.5 @0.5 2.5 @? = ? unknown"});
}

TEST_CASE(
    "modules/driver_plans/driver_plan_price: without energy, and at a price of 0, it is included")
{
    const auto plan = make_plan({"- 0.5"});
    CHECK(describe(plan, {{}}).front() == " = 0 included");
    CHECK(describe(plan, {charge("2026-06-01T10:00:00Z", "2026-06-01T11:00:00Z", 0)}).front() ==
          " = 0 included");
    const auto flat = make_plan({"10 0", "- 0"});
    CHECK(describe(flat, {charge("2026-06-01T10:00:00Z", "2026-06-01T11:00:00Z", 30)}).front() ==
          "10 @0 20 @0 = 0 included");
}

TEST_CASE("modules/driver_plans/driver_plan_price: times that no session can have give no price")
{
    const auto plan = make_plan({"- 0.5"});
    const auto endless = charge("1500-01-01T00:00:00Z", "9999-12-31T23:59:59Z", 5);
    CHECK(describe(plan, {endless}).front() == " = ? unknown");
}

TEST_CASE("modules/driver_plans/driver_plan_price: a plain reckoning finds the same, in any order")
{
    const auto seed = std::random_device{}();
    INFO("seed ", seed);
    std::mt19937 random(seed);
    for (int round = 0; round < 300; ++round) {
        CAPTURE(round);
        const auto plan = random_plan(random);
        std::vector<std::vector<metering_event>> sessions;
        for (auto count = random() % 5 + 1; count > 0; --count) {
            sessions.push_back(random_session(random));
        }
        std::vector<energy_curve> curves;
        for (const auto& events : sessions) curves.emplace_back(events);
        const auto prices = price_sessions(plan, curves);
        REQUIRE(shares_of(prices) == plain_reckoning(plan, sessions).run());

        rational total = 0;
        for (std::size_t i = 0; i < curves.size(); ++i) {
            rational energy = 0;
            for (const auto& part : prices[i].parts) {
                energy += part.kwh;
                if (part.price_per_kwh) total += part.kwh * *part.price_per_kwh;
            }
            REQUIRE(energy == curves[i].total());
        }

        std::shuffle(curves.begin(), curves.end(), random);
        rational shuffled_total = 0;
        for (const auto& price : price_sessions(plan, curves)) {
            for (const auto& part : price.parts) {
                if (part.price_per_kwh) shuffled_total += part.kwh * *part.price_per_kwh;
            }
        }
        REQUIRE(shuffled_total == total);
    }
}

}  // namespace driver_plan_price_test
