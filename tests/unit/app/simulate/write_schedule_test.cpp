#include "app/simulate/write_schedule.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace write_schedule_test {

using namespace ocpi;
using namespace ocpi::app::simulate;

namespace {

date_time at(std::int64_t minute)
{
    return date_time::from_milliseconds(minute * 60'000);
}

session_write write_at(std::int64_t minute, bool is_put = false)
{
    session_write made;
    made.is_put = is_put;
    made.body = "m" + std::to_string(minute);
    made.last_updated = at(minute);
    return made;
}

/// All writes of a session that sends one every ten minutes, in the order of sending.
std::vector<session_write> send_twenty(delivery manner, std::optional<outage> pause = {})
{
    write_schedule schedule(manner, pause, random_source(5));
    const session_document state;
    std::vector<session_write> sent;
    for (std::int64_t minute = 0; minute < 200; ++minute) {
        if (minute % 10 == 0) schedule.add(write_at(minute, minute == 0), state, at(minute));
        for (auto& each : schedule.take(at(minute))) sent.push_back(std::move(each));
    }
    schedule.flush(at(200));
    for (auto& each : schedule.take(at(200))) sent.push_back(std::move(each));
    CHECK_FALSE(schedule.next());
    return sent;
}

std::size_t count(const std::vector<session_write>& sent, write_reason reason)
{
    std::size_t found = 0;
    for (const auto& each : sent) found += each.reason == reason ? 1 : 0;
    return found;
}

/// The writes that are out of date are those that are older than one sent before.
void check_marks(const std::vector<session_write>& sent)
{
    date_time newest;
    for (const auto& each : sent) {
        CHECK(each.is_out_of_date == (each.last_updated < newest));
        newest = std::max(newest, each.last_updated);
    }
}

}  // namespace

TEST_CASE("app/simulate/write_schedule: prompt writes are sent as they are made")
{
    const auto sent = send_twenty(delivery::prompt);
    CHECK(sent.size() == 20);
    CHECK(count(sent, write_reason::progress) == 20);
    check_marks(sent);
}

TEST_CASE("app/simulate/write_schedule: late writes keep their order")
{
    write_schedule schedule(delivery::late, {}, random_source(5));
    bool was_late = false;
    for (std::int64_t minute = 0; minute < 200; minute += 10) {
        schedule.add(write_at(minute), session_document(), at(minute));
        if (schedule.next() > at(minute)) was_late = true;
        (void)schedule.take(at(minute));
    }
    CHECK(was_late);
    const auto sent = send_twenty(delivery::late);
    CHECK(sent.size() == 20);
    for (const auto& each : sent) CHECK_FALSE(each.is_out_of_date);
}

TEST_CASE("app/simulate/write_schedule: a repeated write follows the first one at once")
{
    const auto sent = send_twenty(delivery::repeated);
    CHECK(count(sent, write_reason::repetition) > 3);
    for (std::size_t i = 1; i < sent.size(); ++i) {
        if (sent[i].reason == write_reason::repetition) CHECK(sent[i].body == sent[i - 1].body);
    }
    check_marks(sent);
}

TEST_CASE("app/simulate/write_schedule: what comes after the next write is repaired by a PUT")
{
    const auto sent = send_twenty(delivery::reordered);
    CHECK(count(sent, write_reason::repair) > 2);
    CHECK(count(sent, write_reason::progress) == 20);
    CHECK(sent.front().is_put);
    for (std::size_t i = 0; i < sent.size(); ++i) {
        if (!sent[i].is_out_of_date) continue;
        REQUIRE(i + 1 < sent.size());
        CHECK(sent[i + 1].reason == write_reason::repair);
        CHECK(sent[i + 1].last_updated == sent[i - 1].last_updated);
    }
    check_marks(sent);
}

TEST_CASE("app/simulate/write_schedule: only PATCHes come again out of date")
{
    const auto sent = send_twenty(delivery::stale);
    CHECK(count(sent, write_reason::stale) > 2);
    for (const auto& each : sent) {
        CHECK(each.is_out_of_date == (each.reason == write_reason::stale));
        if (each.is_out_of_date) CHECK_FALSE(each.is_put);
    }
    check_marks(sent);
}

TEST_CASE("app/simulate/write_schedule: in an outage nothing is sent, after it everything is")
{
    const outage pause{at(50), at(110)};
    write_schedule schedule(delivery::prompt, pause, random_source(5));
    for (std::int64_t minute = 40; minute < 110; minute += 10) {
        schedule.add(write_at(minute), session_document(), at(minute));
        CHECK(schedule.take(at(minute)).size() == (minute < 50 ? 1 : 0));
    }
    CHECK(schedule.next() == at(110));
    CHECK(schedule.take(at(110)).size() == 6);
}

}  // namespace write_schedule_test
