#include "modules/driver_plans/driver_plan_usage.hpp"

#include "tests/unit/modules/pricing/plan_samples.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>
#include <string>
#include <vector>

namespace driver_plan_usage_test {

using namespace ocpi;
using namespace ocpi::driver_plans;
using namespace ocpi::test;

namespace {

std::string amount(plan_usage& usage, const std::string& session)
{
    const auto price = usage.price(session);
    if (!price) return "not known";
    return price->amount ? to_text(to_decimal(*price->amount)) : "unknown";
}

/// One event per minute from that minute of March 2026 on.
std::vector<metering_event> minutes(std::mt19937& random, int first, int count)
{
    const auto start = instant_at("2026-03-01T00:00:00Z").milliseconds();
    std::vector<metering_event> events;
    for (int i = first; i < first + count; ++i) {
        events.emplace_back(date_time::from_milliseconds(start + std::int64_t{i} * 60'000),
                            date_time::from_milliseconds(start + (std::int64_t{i} + 1) * 60'000),
                            rational(random() % 500, 1000));
    }
    return events;
}

}  // namespace

TEST_CASE(
    "modules/driver_plans/driver_plan_usage: a price counts what the plan's sessions used before")
{
    plan_usage usage(make_plan({"100 0", "- 0.5"}));
    CHECK(amount(usage, "b") == "not known");
    usage.set("b", 1, charge("2026-06-20T10:00:00Z", "2026-06-20T20:00:00Z", 110));
    CHECK(amount(usage, "b") == "5");
    usage.set("a", 2, charge("2026-06-05T10:00:00Z", "2026-06-05T11:00:00Z", 10));
    CHECK(amount(usage, "a") == "0");
    CHECK(amount(usage, "b") == "10");
    usage.set("a", 3, charge("2026-05-05T10:00:00Z", "2026-05-05T11:00:00Z", 10));
    CHECK(amount(usage, "b") == "5");
    usage.set("a", 4, charge("2026-06-05T10:00:00Z", "2026-06-05T11:00:00Z", 20));
    CHECK(amount(usage, "b") == "15");
    usage.set("a", 5, {});
    CHECK(amount(usage, "a") == "0");
    CHECK(amount(usage, "b") == "5");
}

TEST_CASE("modules/driver_plans/driver_plan_usage: an older state of a session changes nothing")
{
    plan_usage usage(make_plan({"- 1"}));
    usage.set("a", 7, charge("2026-06-05T10:00:00Z", "2026-06-05T11:00:00Z", 10));
    usage.set("a", 6, charge("2026-06-05T10:00:00Z", "2026-06-05T11:00:00Z", 5));
    CHECK(amount(usage, "a") == "10");
    CHECK(usage.size() == 2);
    usage.set("b", 8, charge("2026-06-05T10:00:00Z", "2026-06-05T11:00:00Z", 5));
    CHECK(usage.size() == 4);
    usage.set("a", 9, {});
    usage.set("b", 9, {});
    CHECK(usage.size() == 2);
    CHECK(usage.sessions() == 2);
    CHECK(amount(usage, "b") == "0");
}

TEST_CASE(
    "modules/driver_plans/driver_plan_usage: after any changes, prices are those of all sessions")
{
    const auto seed = std::random_device{}();
    INFO("seed ", seed);
    std::mt19937 random(seed);
    const auto plan = make_plan({"20 0", "50 0.1", "- 0.3"});
    plan_usage usage(plan);
    std::map<std::string, std::vector<metering_event>> truth;
    const int last_minute = 31 * 24 * 60;  // beyond the end of March in Madrid
    for (crud::revision revision = 1; revision <= 80; ++revision) {
        const auto key = std::to_string(random() % 12);
        if (random() % 6 == 0) {
            usage.set(key, revision, {});
            truth.erase(key);
        } else {
            truth[key] = minutes(random, static_cast<int>(random() % last_minute),
                                 static_cast<int>(random() % 200));
            usage.set(key, revision, truth[key]);
        }
        if (random() % 3 > 0) continue;
        std::vector<energy_curve> curves;
        for (const auto& [each, events] : truth) curves.emplace_back(events);
        const auto prices = price_sessions(plan, curves);
        std::size_t i = 0;
        for (const auto& [each, events] : truth) {
            CAPTURE(revision);
            CAPTURE(each);
            const auto price = usage.price(each).value();
            REQUIRE(price.amount == prices[i].amount);
            REQUIRE(price.parts.size() == prices[i].parts.size());
            ++i;
        }
    }
}

TEST_CASE("modules/driver_plans/driver_plan_usage: a month of hundreds of long sessions is priced")
{
    std::mt19937 random(1);
    plan_usage usage(make_plan({"1000 0", "20000 0.1", "- 0.3"}));
    rational energy = 0;
    for (int session = 0; session < 300; ++session) {
        const auto events = minutes(random, session * 140, 2000);
        for (const auto& event : events) energy += event.kwh;
        usage.set(std::to_string(session), 1, events);
    }
    rational priced = 0;
    for (int session = 0; session < 300; ++session) {
        const auto price = usage.price(std::to_string(session)).value();
        for (const auto& part : price.parts) priced += part.kwh;
    }
    CHECK(priced == energy);
}

}  // namespace driver_plan_usage_test
