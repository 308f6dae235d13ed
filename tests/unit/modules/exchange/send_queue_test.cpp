#include "modules/exchange/send_queue.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

namespace send_queue_test {

using ocpi::crud::object_key;
using namespace ocpi::exchange;
using std::chrono::milliseconds;

namespace {

object_key key(const std::string& id)
{
    return object_key("ES", "ABC", id);
}

const ocpi::backoff after_rejection{milliseconds(100), milliseconds(400)};
const ocpi::backoff after_temporary_fault{milliseconds(10), milliseconds(40)};
const send_queue::time_point start{};
const std::string a = "ES/ABC/A";

struct queue_fixture {
    send_queue queue{2, after_rejection, after_temporary_fault};

    /// The id of the next session; empty if none is ready.
    std::string take(milliseconds later = milliseconds(0))
    {
        const auto next = queue.take(start + later);
        return next ? next->key.id.str() : "";
    }
};

}  // namespace

TEST_CASE_FIXTURE(queue_fixture,
                  "modules/exchange/send_queue: sessions are sent in order, each once")
{
    queue.add(key("a"), 1);
    queue.add(key("b"), 2);
    queue.add(key("A"), 3);
    CHECK(queue.size() == 2);
    const auto first = queue.take(start);
    CHECK(first->key.id.str() == "a");
    CHECK(first->at_least == 3);
    CHECK(take() == "b");
    CHECK(take().empty());
    queue.acknowledge(a, 3);
    CHECK(queue.size() == 1);
}

TEST_CASE_FIXTURE(queue_fixture,
                  "modules/exchange/send_queue: attempts are counted until one is acknowledged")
{
    queue.add(key("a"), 1);
    CHECK(queue.take(start)->attempts == 0);
    queue.put_back(a);
    CHECK(queue.take(start)->attempts == 1);
    queue.reject(a, 1, start);
    queue.add(key("a"), 2);
    CHECK(queue.take(start)->attempts == 2);
    queue.add(key("a"), 3);
    queue.acknowledge(a, 2);
    CHECK(queue.take(start)->attempts == 0);
}

TEST_CASE_FIXTURE(queue_fixture,
                  "modules/exchange/send_queue: a session that changes in flight is sent again")
{
    queue.add(key("a"), 1);
    CHECK(take() == "a");
    queue.add(key("a"), 2);
    queue.add(key("a"), 3);
    CHECK(take().empty());
    queue.acknowledge(a, 2);
    CHECK(take() == "a");
    queue.acknowledge(a, 3);
    CHECK(queue.size() == 0);
}

TEST_CASE_FIXTURE(
    queue_fixture,
    "modules/exchange/send_queue: a rejected session waits ever longer, or until it changes")
{
    queue.add(key("a"), 1);
    auto now = milliseconds(0);
    for (const auto wait : {100, 200, 400, 400}) {
        CHECK(take(now) == "a");
        CHECK(queue.reject(a, 1, start + now));
        CHECK(queue.is_rejected(a));
        CHECK(take(now + milliseconds(wait - 1)).empty());
        now += milliseconds(wait);
        CHECK(queue.next_due() == start + now);
    }
    queue.add(key("a"), 1);
    CHECK(queue.ready() == 0);
    queue.add(key("a"), 2);
    CHECK(queue.ready() == 1);
    CHECK(take() == "a");
    queue.add(key("a"), 3);
    CHECK(queue.reject(a, 2, start));
    CHECK(queue.rejected().size() == 1);
    CHECK(take() == "a");
    queue.acknowledge(a, 3);
    CHECK(queue.rejected().empty());
}

TEST_CASE_FIXTURE(queue_fixture,
                  "modules/exchange/send_queue: an eMSP that a hub does not reach is retried soon")
{
    queue.add(key("a"), 1);
    auto now = milliseconds(0);
    rejection unreached;
    unreached.is_temporary = true;
    for (const auto wait : {10, 20, 40, 40}) {
        CHECK(take(now) == "a");
        CHECK(queue.reject(a, 1, start + now, unreached));
        now += milliseconds(wait);
        CHECK(queue.next_due() == start + now);
    }
}

TEST_CASE_FIXTURE(queue_fixture,
                  "modules/exchange/send_queue: a requested pause also holds for a changed session")
{
    queue.add(key("a"), 1);
    CHECK(take() == "a");
    rejection paused;
    paused.retry_after = std::chrono::seconds(30);
    CHECK(queue.reject(a, 1, start, paused));
    CHECK(queue.next_due() == start + std::chrono::seconds(30));
    queue.add(key("a"), 2);
    CHECK(take(milliseconds(29'999)).empty());
    CHECK(take(milliseconds(30'000)) == "a");
    queue.add(key("a"), 3);
    CHECK(queue.reject(a, 2, start + std::chrono::seconds(30), paused));
    CHECK(take(milliseconds(59'999)).empty());
    CHECK(take(milliseconds(60'000)) == "a");
    queue.acknowledge(a, 3);
    CHECK(queue.size() == 0);
}

TEST_CASE("modules/exchange/send_queue: a requested pause does not shorten the wait for a retry")
{
    const ocpi::backoff slow{std::chrono::minutes(1), std::chrono::hours(1)};
    send_queue queue(2, slow, after_temporary_fault);
    rejection paused;
    paused.retry_after = std::chrono::seconds(30);
    queue.add(key("a"), 1);
    CHECK(queue.take(start).has_value());
    CHECK(queue.reject(a, 1, start, paused));
    CHECK(queue.next_due() == start + std::chrono::minutes(1));
    queue.add(key("a"), 2);
    CHECK(queue.next_due() == start + std::chrono::seconds(30));
}

TEST_CASE_FIXTURE(queue_fixture,
                  "modules/exchange/send_queue: a session that failed is sent after the others")
{
    queue.add(key("a"), 1);
    queue.add(key("b"), 2);
    CHECK(take() == "a");
    CHECK(queue.count_failure(a, 0) == 0);
    queue.put_back(a);
    CHECK(take() == "b");
    CHECK(take() == "a");
    CHECK(queue.count_failure(a, 0) == 0);
    CHECK(queue.count_failure(a, 5) == 1);
    CHECK(queue.count_failure(a, 5) == 1);
    CHECK(queue.count_failure(a, 6) == 2);
}

TEST_CASE_FIXTURE(queue_fixture,
                  "modules/exchange/send_queue: the first change that is not acknowledged is known")
{
    CHECK_FALSE(queue.first_unacknowledged().has_value());
    queue.add(key("a"), 3);
    queue.add(key("b"), 5);
    CHECK(queue.first_unacknowledged() == 3u);
    CHECK(take() == "a");
    queue.add(key("a"), 8);
    CHECK(queue.first_unacknowledged() == 3u);
    queue.acknowledge(a, 7);
    CHECK(queue.first_unacknowledged() == 5u);
    CHECK(take() == "b");
    CHECK(queue.reject("ES/ABC/B", 5, start));
    CHECK(queue.first_unacknowledged() == 8u);
    CHECK(take() == "a");
    queue.acknowledge(a, 8);
    CHECK_FALSE(queue.first_unacknowledged().has_value());
}

TEST_CASE_FIXTURE(queue_fixture,
                  "modules/exchange/send_queue: a rejected session of an earlier run is ready")
{
    queue.add_rejected(key("a"));
    CHECK(queue.is_rejected(a));
    CHECK_FALSE(queue.first_unacknowledged().has_value());
    const auto version = queue.rejected_version();
    CHECK(take() == "a");
    queue.acknowledge(a, 1);
    CHECK(queue.rejected_version() != version);
}

TEST_CASE_FIXTURE(queue_fixture,
                  "modules/exchange/send_queue: beyond the limit a rejected session is dropped")
{
    for (const auto* id : {"a", "b", "c"}) {
        queue.add(key(id), 1);
        CHECK(take() == id);
    }
    CHECK(queue.reject("ES/ABC/A", 1, start));
    CHECK(queue.reject("ES/ABC/B", 1, start));
    CHECK_FALSE(queue.reject("ES/ABC/C", 1, start));
    CHECK(queue.size() == 2);
    CHECK_FALSE(queue.first_unacknowledged().has_value());
    CHECK(take(milliseconds(100)) == "a");
    CHECK(queue.reject("ES/ABC/A", 1, start));
}

TEST_CASE_FIXTURE(
    queue_fixture,
    "modules/exchange/send_queue: the oldest change that is lacking is the first that "
    "is not acknowledged, rejected ones aside")
{
    CHECK_FALSE(queue.lacking_since());
    queue.add(key("a"), 1, start + milliseconds(1));
    queue.add(key("b"), 2, start + milliseconds(2));
    queue.add(key("a"), 3, start + milliseconds(3));
    CHECK(queue.lacking_since() == start + milliseconds(1));
    CHECK(take() == "a");
    CHECK(take() == "b");
    queue.acknowledge(a, 1);
    CHECK(queue.lacking_since() == start + milliseconds(2));
    queue.reject("ES/ABC/B", 2, start);
    CHECK(queue.rejected_count() == 1);
    CHECK(queue.lacking_since() == start + milliseconds(3));
    CHECK(take() == "a");
    queue.acknowledge(a, 3);
    CHECK_FALSE(queue.lacking_since());
}

}  // namespace send_queue_test
