#include "modules/managed/schedule.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <initializer_list>
#include <random>
#include <string>
#include <vector>

namespace schedule_test {

using namespace ocpi;
using namespace ocpi::managed;

namespace {

date_time at(const std::string& text)
{
    return parse_date_time(text)->value;
}

decimal number(int value)
{
    return *decimal::parse(std::to_string(value));
}

/// Days by std::chrono::weekday::c_encoding(): Sunday is 0.
schedule_entry entry(std::initializer_list<unsigned> days, int hour, int minute, int level)
{
    schedule_entry made;
    for (auto day : days) made.weekdays[day] = true;
    made.ready_by = std::chrono::hours(hour) + std::chrono::minutes(minute);
    made.minimum_charge_target = number(level);
    return made;
}

policy in_zone(const std::string& zone, std::vector<schedule_entry> schedule)
{
    policy made;
    made.timezone = *time_zone::find(zone);
    made.schedule = std::move(schedule);
    return made;
}

const std::initializer_list<unsigned> every_day{0, 1, 2, 3, 4, 5, 6};

/// `2026-03-02T06:00:00Z 50`
std::string next(const policy& rule, const std::string& after)
{
    const auto found = next_scheduled(rule, at(after));
    if (!found) return "nothing";
    return to_string(found->ready_by) + ' ' + to_text(found->minimum_charge_target);
}

/// Every target of the schedule in that time, by watching the local clock minute by minute: an
/// entry comes due when the clock shows its time or a later one for the first time.
std::vector<scheduled_target> watch_clock(const policy& rule, date_time from, date_time until)
{
    using std::chrono::days;
    using std::chrono::minutes;
    std::vector<scheduled_target> due;
    auto latest_shown = rule.timezone.local(from);
    for (auto now = from; now <= until; now = date_time(now.instant() + minutes(1))) {
        const auto shown = rule.timezone.local(now);
        if (shown <= latest_shown) continue;
        std::optional<scheduled_target> found;
        for (auto day = std::chrono::floor<days>(latest_shown); day <= shown; day += days(1)) {
            for (const auto& one : rule.schedule) {
                const ocpi::local_time moment = day + one.ready_by;
                if (!one.weekdays[std::chrono::weekday(day).c_encoding()]) continue;
                if (moment <= latest_shown || moment > shown) continue;
                if (found && found->minimum_charge_target >= one.minimum_charge_target) continue;
                found.emplace();
                found->ready_by = now;
                found->minimum_charge_target = one.minimum_charge_target;
            }
        }
        if (found) due.push_back(*found);
        latest_shown = shown;
    }
    return due;
}

}  // namespace

TEST_CASE("modules/managed/schedule: the next target is the next of its weekdays at its local time")
{
    const auto rule = in_zone("Europe/Madrid", {entry({1, 2, 3, 4, 5}, 7, 0, 50)});
    CHECK(next(rule, "2026-06-10T22:15:00Z") == "2026-06-11T05:00:00Z 50");  // Wednesday
    CHECK(next(rule, "2026-01-15T00:00:00Z") == "2026-01-15T06:00:00Z 50");
    CHECK(next(rule, "2026-06-12T05:00:01Z") == "2026-06-15T05:00:00Z 50");  // over the weekend
}

TEST_CASE("modules/managed/schedule: the moment itself is not after it")
{
    const auto rule = in_zone("Europe/Madrid", {entry({1, 2, 3, 4, 5}, 7, 0, 50)});
    CHECK(next(rule, "2026-06-11T04:59:59.999Z") == "2026-06-11T05:00:00Z 50");
    CHECK(next(rule, "2026-06-11T05:00:00Z") == "2026-06-12T05:00:00Z 50");
}

TEST_CASE("modules/managed/schedule: an entry for one weekday comes once a week")
{
    const auto rule = in_zone("UTC", {entry({3}, 7, 0, 50)});
    CHECK(next(rule, "2026-06-10T06:59:59Z") == "2026-06-10T07:00:00Z 50");
    CHECK(next(rule, "2026-06-10T07:00:00Z") == "2026-06-17T07:00:00Z 50");
    CHECK(next(rule, "2026-06-10T07:00:01Z") == "2026-06-17T07:00:00Z 50");
}

TEST_CASE("modules/managed/schedule: the week goes on from Sunday to Monday, by the local day")
{
    const auto rule = in_zone("Pacific/Auckland", {entry({1}, 0, 30, 50), entry({0}, 23, 30, 80)});
    // Sunday 14 June 2026 in Auckland, 12 hours ahead.
    CHECK(next(rule, "2026-06-14T11:00:00Z") == "2026-06-14T11:30:00Z 80");
    CHECK(next(rule, "2026-06-14T11:30:00Z") == "2026-06-14T12:30:00Z 50");
    CHECK(next(rule, "2026-06-14T12:30:00Z") == "2026-06-21T11:30:00Z 80");
}

TEST_CASE(
    "modules/managed/schedule: entries for one weekday all count, of those for one moment the most")
{
    const auto rule = in_zone("UTC", {entry(every_day, 18, 0, 30), entry(every_day, 7, 0, 50),
                                      entry({1}, 7, 0, 80), entry({1}, 7, 0, 60)});
    CHECK(next(rule, "2026-06-14T08:00:00Z") == "2026-06-14T18:00:00Z 30");  // Sunday
    CHECK(next(rule, "2026-06-14T18:00:00Z") == "2026-06-15T07:00:00Z 80");
    CHECK(next(rule, "2026-06-15T18:00:00Z") == "2026-06-16T07:00:00Z 50");
}

TEST_CASE("modules/managed/schedule: offsets of half and quarter hours")
{
    const auto at_seven = [](const char* zone) {
        return next(in_zone(zone, {entry(every_day, 7, 0, 50)}), "2026-06-10T12:00:00Z");
    };
    CHECK(at_seven("Asia/Kolkata") == "2026-06-11T01:30:00Z 50");
    CHECK(at_seven("Asia/Kathmandu") == "2026-06-11T01:15:00Z 50");
    CHECK(at_seven("Pacific/Chatham") == "2026-06-10T18:15:00Z 50");
    CHECK(at_seven("America/St_Johns") == "2026-06-11T09:30:00Z 50");
}

TEST_CASE(
    "modules/managed/schedule: a time that clocks pass over in spring is the moment they are set")
{
    const auto rule = in_zone("Europe/Madrid", {entry(every_day, 2, 30, 50)});
    CHECK(next(rule, "2026-03-27T12:00:00Z") == "2026-03-28T01:30:00Z 50");
    CHECK(next(rule, "2026-03-28T01:30:00Z") == "2026-03-29T01:00:00Z 50");
    CHECK(next(rule, "2026-03-29T01:00:00Z") == "2026-03-30T00:30:00Z 50");
    const auto later = in_zone("Europe/Madrid", {entry(every_day, 7, 0, 50)});
    CHECK(next(later, "2026-03-28T06:00:00Z") == "2026-03-29T05:00:00Z 50");
}

TEST_CASE("modules/managed/schedule: a time that clocks show twice in autumn is the first")
{
    const auto rule = in_zone("Europe/Madrid", {entry(every_day, 2, 30, 50)});
    CHECK(next(rule, "2026-10-24T12:00:00Z") == "2026-10-25T00:30:00Z 50");
    // Whether the clock shows it once more or has shown it.
    CHECK(next(rule, "2026-10-25T00:30:00Z") == "2026-10-26T01:30:00Z 50");
    CHECK(next(rule, "2026-10-25T01:15:00Z") == "2026-10-26T01:30:00Z 50");
    const auto weekly = in_zone("Europe/Madrid", {entry({0}, 2, 30, 50)});
    CHECK(next(weekly, "2026-10-25T01:00:00Z") == "2026-11-01T01:30:00Z 50");
}

TEST_CASE(
    "modules/managed/schedule: clocks that are set back over midnight do not repeat a day's "
    "targets")
{
    // At 00:01 on Sunday 7 November 2010 clocks in Newfoundland went back to 23:01 on Saturday.
    const auto rule = in_zone("America/St_Johns", {entry({0}, 0, 0, 50)});
    CHECK(next(rule, "2010-11-07T02:29:59Z") == "2010-11-07T02:30:00Z 50");
    CHECK(next(rule, "2010-11-07T03:00:00Z") == "2010-11-14T03:30:00Z 50");
}

TEST_CASE(
    "modules/managed/schedule: entries that clocks pass over together ask for the most of them")
{
    const auto rule = in_zone(
        "Europe/Madrid",
        {entry(every_day, 2, 15, 60), entry(every_day, 2, 45, 80), entry(every_day, 3, 0, 70)});
    CHECK(next(rule, "2026-03-29T00:00:00Z") == "2026-03-29T01:00:00Z 80");
}

TEST_CASE("modules/managed/schedule: a day that a place has left out ends as it begins")
{
    // Apia went from Thursday 29 December 2011 to Saturday.
    const auto rule = in_zone("Pacific/Apia", {entry({5}, 7, 0, 50)});
    CHECK(next(rule, "2011-12-29T12:00:00Z") == "2011-12-30T10:00:00Z 50");
    CHECK(next(rule, "2011-12-30T10:00:00Z") == "2012-01-05T17:00:00Z 50");
}

TEST_CASE("modules/managed/schedule: nothing is scheduled after the last day that can be written")
{
    const auto rule = in_zone("UTC", {entry(every_day, 16, 0, 50)});
    CHECK(next(rule, "9999-12-31T15:00:00Z") == "9999-12-31T16:00:00Z 50");
    CHECK(next(rule, "9999-12-31T16:00:00Z") == "nothing");
}

TEST_CASE("modules/managed/schedule: a schedule without weekdays has no next target")
{
    CHECK(next(in_zone("UTC", {}), "2026-06-10T12:00:00Z") == "nothing");
    CHECK(next(in_zone("UTC", {entry({}, 7, 0, 50)}), "2026-06-10T12:00:00Z") == "nothing");
}

TEST_CASE("modules/managed/schedule: what is scheduled is a REGULAR target of the policy")
{
    scheduled_target scheduled;
    scheduled.ready_by = at("2026-06-11T05:00:00Z");
    scheduled.minimum_charge_target = number(50);
    const auto made = to_target(scheduled);
    CHECK(made.type == target_type::regular);
    CHECK(made.source == target_source::policy);
    CHECK(made.minimum_charge_target == number(50));
    CHECK(made.ready_by == scheduled.ready_by);
}

TEST_CASE("modules/managed/schedule: throughout a year it agrees with a watched clock")
{
    const auto seed = std::random_device{}();
    INFO("seed ", seed);
    std::mt19937 random(seed);
    const auto from = at("2026-01-01T00:00:00Z");
    const auto until = at("2027-01-20T00:00:00Z");
    for (const char* zone : {"Europe/Madrid", "Australia/Lord_Howe", "America/Havana"}) {
        CAPTURE(zone);
        auto rule = in_zone(zone, {entry({0}, 2, 15, 90), entry({0}, 0, 30, 20)});
        for (int i = 0; i < 4; ++i) {
            auto added = entry({static_cast<unsigned>(random() % 7)}, 0, 0,
                               static_cast<int>(random() % 101));
            for (auto& day : added.weekdays) day = day || random() % 3 == 0;
            added.ready_by = std::chrono::minutes(random() % (random() % 2 == 0 ? 1440 : 240));
            rule.schedule.push_back(added);
        }
        const auto due = watch_clock(rule, from, until);
        const auto span = at("2027-01-01T00:00:00Z").milliseconds() - from.milliseconds();
        for (int round = 0; round < 3000; ++round) {
            auto after = date_time::from_milliseconds(
                from.milliseconds() + static_cast<std::int64_t>(random()) * 1009 % span);
            // Half of them on, or just before, a moment of the schedule.
            if (round % 2 == 0) {
                const auto moment = due[random() % (due.size() - 30)].ready_by;
                after = date_time::from_milliseconds(moment.milliseconds() - (round % 4) / 2);
            }
            CAPTURE(to_string(after));
            const auto expected = std::find_if(
                due.begin(), due.end(), [after](const auto& one) { return one.ready_by > after; });
            REQUIRE(expected != due.end());
            const auto found = next_scheduled(rule, after);
            REQUIRE(found);
            CHECK(*found == *expected);
        }
    }
}

}  // namespace schedule_test
