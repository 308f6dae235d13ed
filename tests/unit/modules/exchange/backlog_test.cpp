#include "modules/exchange/backlog.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

namespace backlog_test {

using namespace ocpi::sessions;
using namespace ocpi::exchange;
using std::chrono::milliseconds;

namespace {

ocpi::crud::object_key key(const std::string& id)
{
    return ocpi::crud::object_key("ES", "ABC", id);
}

const ocpi::backoff refusals{milliseconds(100), milliseconds(400)};
const ocpi::backoff passing{milliseconds(10), milliseconds(40)};
const backlog::time_point start{};

/// The id of the next one; empty when there is none.
std::string take(backlog& from, milliseconds later = milliseconds(0))
{
    const auto next = from.take(start + later);
    return next ? next->id.str() : "";
}

}  // namespace

TEST_CASE("modules/exchange/backlog: sessions go first come, first served, each once")
{
    backlog waiting(10, refusals, passing);
    CHECK(waiting.add(key("a"), 1));
    CHECK(waiting.add(key("b"), 2));
    CHECK(waiting.add(key("A"), 3));
    CHECK(waiting.size() == 2);
    CHECK(take(waiting) == "a");
    CHECK(take(waiting) == "b");
    CHECK(take(waiting).empty());
    CHECK(waiting.settle("ES/ABC/A", 3));
    CHECK(waiting.size() == 1);
}

TEST_CASE("modules/exchange/backlog: what has changed on its way goes once more")
{
    backlog waiting(10, refusals, passing);
    waiting.add(key("a"), 1);
    CHECK(take(waiting) == "a");
    waiting.add(key("a"), 2);
    waiting.add(key("a"), 3);
    CHECK(take(waiting).empty());
    CHECK_FALSE(waiting.settle("ES/ABC/A", 2));
    CHECK(take(waiting) == "a");
    CHECK(waiting.settle("ES/ABC/A", 3));
    CHECK(take(waiting).empty());
}

TEST_CASE(
    "modules/exchange/backlog: a refused session waits longer and longer, or until it changes")
{
    backlog waiting(10, refusals, passing);
    waiting.add(key("a"), 1);
    auto now = milliseconds(0);
    for (const auto wait : {100, 200, 400, 400}) {
        CHECK(take(waiting, now) == "a");
        CHECK(waiting.refuse("ES/ABC/A", 1, start + now));
        CHECK(waiting.was_refused("ES/ABC/A"));
        CHECK(take(waiting, now + milliseconds(wait - 1)).empty());
        now += milliseconds(wait);
        CHECK(waiting.next_due() == start + now);
    }
    waiting.add(key("a"), 1);
    CHECK(waiting.ready() == 0);
    waiting.add(key("a"), 2);
    CHECK(waiting.ready() == 1);
    CHECK(take(waiting) == "a");
    waiting.add(key("a"), 3);
    CHECK_FALSE(waiting.refuse("ES/ABC/A", 2, start));
    CHECK(waiting.refused().size() == 1);
    CHECK(take(waiting) == "a");
    CHECK(waiting.settle("ES/ABC/A", 3));
    CHECK(waiting.refused().empty());
}

TEST_CASE("modules/exchange/backlog: where a hub did not reach the eMSP it is tried again soon")
{
    backlog waiting(10, refusals, passing);
    waiting.add(key("a"), 1);
    auto now = milliseconds(0);
    refusal unreached;
    unreached.is_passing = true;
    for (const auto wait : {10, 20, 40, 40}) {
        CHECK(take(waiting, now) == "a");
        CHECK(waiting.refuse("ES/ABC/A", 1, start + now, unreached));
        now += milliseconds(wait);
        CHECK(waiting.next_due() == start + now);
    }
}

TEST_CASE("modules/exchange/backlog: a pause that was asked for holds also when a session changes")
{
    backlog waiting(10, refusals, passing);
    waiting.add(key("a"), 1);
    CHECK(take(waiting) == "a");
    refusal paused;
    paused.retry_after = std::chrono::seconds(30);
    CHECK(waiting.refuse("ES/ABC/A", 1, start, paused));
    CHECK(waiting.next_due() == start + std::chrono::seconds(30));
    waiting.add(key("a"), 2);
    CHECK(take(waiting, milliseconds(29'999)).empty());
    CHECK(take(waiting, milliseconds(30'000)) == "a");
    waiting.add(key("a"), 3);
    CHECK_FALSE(waiting.refuse("ES/ABC/A", 2, start + std::chrono::seconds(30), paused));
    CHECK(take(waiting, milliseconds(59'999)).empty());
    CHECK(take(waiting, milliseconds(60'000)) == "a");
    CHECK(waiting.settle("ES/ABC/A", 3));
    // A shorter pause than the wait for another attempt is none that matters.
    const ocpi::backoff slow{std::chrono::minutes(1), std::chrono::hours(1)};
    backlog other(10, slow, passing);
    other.add(key("a"), 1);
    CHECK(take(other) == "a");
    CHECK(other.refuse("ES/ABC/A", 1, start, paused));
    CHECK(other.next_due() == start + std::chrono::minutes(1));
    other.add(key("a"), 2);
    CHECK(other.next_due() == start + std::chrono::seconds(30));
}

TEST_CASE("modules/exchange/backlog: what failed goes behind the others")
{
    backlog waiting(10, refusals, passing);
    waiting.add(key("a"), 1);
    waiting.add(key("b"), 2);
    CHECK(take(waiting) == "a");
    CHECK(waiting.count_failure("ES/ABC/A", 0) == 0);
    waiting.put_back("ES/ABC/A");
    CHECK(take(waiting) == "b");
    CHECK(take(waiting) == "a");
    CHECK(waiting.count_failure("ES/ABC/A", 0) == 0);
    CHECK(waiting.count_failure("ES/ABC/A", 5) == 1);
    CHECK(waiting.count_failure("ES/ABC/A", 5) == 1);
    CHECK(waiting.count_failure("ES/ABC/A", 6) == 2);
}

TEST_CASE("modules/exchange/backlog: one too many drops all but what is on its way")
{
    backlog waiting(2, refusals, passing);
    CHECK(waiting.add(key("a"), 1));
    CHECK(take(waiting) == "a");
    CHECK(waiting.add(key("b"), 2));
    CHECK(waiting.add(key("c"), 3));
    CHECK(waiting.add(key("c"), 4));
    CHECK_FALSE(waiting.add(key("d"), 5));
    CHECK(waiting.size() == 1);
    CHECK(take(waiting).empty());
    CHECK(waiting.settle("ES/ABC/A", 1));
    CHECK(waiting.add(key("d"), 5));
}

}  // namespace backlog_test
