#include "modules/managed/mailbox.hpp"

#include "tests/support/managed_text.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace mailbox_test {

using namespace ocpi;
using namespace ocpi::sessions;
using namespace ocpi::managed;
using namespace ocpi::managed_test;

namespace {

queued_change change(const std::string& session, crud::revision revision, std::size_t size = 2)
{
    queued_change made;
    made.key = crud::object_key("ES", "ABC", session);
    made.revision = revision;
    made.json = std::make_shared<const std::string>(size, ' ');
    return made;
}

/// `S1@1 S2@3`
template <class Changes>
std::string shown(const Changes& changes)
{
    std::string text;
    for (const auto& each : changes) {
        if (!text.empty()) text += ' ';
        text += each.key.id.str() + '@' + std::to_string(each.revision);
    }
    return text;
}

using ids = std::vector<std::string>;

}  // namespace

TEST_CASE("modules/managed/mailbox: the changes of a policy are taken in order of revision")
{
    mailboxes boxes;
    boxes.post("P1", change("S1", 1));
    boxes.post("P1", change("S2", 4));
    boxes.post("P1", change("S1", 3));
    boxes.post("P2", change("S3", 2));
    CHECK(shown(boxes.take("P1")) == "S1@1 S1@3 S2@4");
    CHECK(shown(boxes.take("P1")).empty());
    CHECK(boxes.waiting("", 10) == ids{"P2"});
}

TEST_CASE("modules/managed/mailbox: a change that is put back precedes those posted since")
{
    mailboxes boxes;
    boxes.post("P1", change("S1", 1));
    boxes.post("P1", change("S1", 2));
    const auto taken = boxes.take("P1");
    boxes.post("P1", change("S1", 3));
    boxes.put_back("P1", {taken[1]});
    CHECK(shown(boxes.take("P1")) == "S1@2 S1@3");
}

TEST_CASE("modules/managed/mailbox: waiting policies are listed some at a time")
{
    mailboxes boxes;
    for (const char* policy : {"P2", "P1", "P3"}) boxes.post(policy, change("S1", 1));
    CHECK(boxes.waiting("", 2) == ids{"P1", "P2"});
    CHECK(boxes.waiting("P2", 2) == ids{"P3"});
    CHECK(boxes.waiting("P3", 2).empty());
}

TEST_CASE("modules/managed/mailbox: of many changes of one session the oldest are dropped")
{
    mailboxes boxes;
    boxes.post("P1", change("S2", 1));
    for (crud::revision revision = 2; revision <= 21; ++revision) {
        boxes.post("P1", change("S1", revision));
    }
    const auto taken = boxes.take("P1");
    REQUIRE(taken.size() == 1 + mailboxes::max_of_session);
    CHECK(taken[0].revision == 1);
    CHECK(taken[1].revision == 6);
    CHECK(taken.back().revision == 21);
}

TEST_CASE("modules/managed/mailbox: the size of the changes is bounded, until they are taken")
{
    mailboxes boxes;
    const auto half = mailboxes::max_bytes / 2;
    boxes.post("P1", change("S1", 1, half));
    boxes.post("P2", change("S2", 2, half));
    boxes.post("P3", change("S3", 3));
    CHECK(boxes.waiting("", 10) == ids{"P1", "P2"});
    const auto taken = boxes.take("P1");
    boxes.post("P3", change("S3", 4));
    CHECK(boxes.waiting("", 10) == ids{"P2", "P3"});
    boxes.put_back("P1", {taken[0]});
    boxes.post("P4", change("S4", 5));
    CHECK(boxes.waiting("", 10) == ids{"P1", "P2", "P3"});
}

TEST_CASE("modules/managed/mailbox: many threads post and take, and no change is lost")
{
    mailboxes boxes;
    std::size_t taken = 0;
    const auto post = [&](const std::string& prefix) {
        for (crud::revision i = 1; i <= 500; ++i) {
            boxes.post(prefix + std::to_string(i % 50), change(prefix + std::to_string(i), i));
        }
    };
    std::thread first(post, "A");
    std::thread second(post, "B");
    while (taken < 1000) {
        for (const auto& each : boxes.waiting("", 50)) taken += boxes.take(each).size();
    }
    first.join();
    second.join();
    CHECK(taken == 1000);
    CHECK(boxes.waiting("", 10).empty());
}

TEST_CASE("modules/managed/mailbox: a price change is pending until all plans include it")
{
    price_mailbox prices;
    CHECK(prices.latest() == 0);
    prices.post(party("es", "abc"), moment("10:00"));
    CHECK(prices.pending_for(party("ES", "ABC")) == moment("10:00"));
    CHECK_FALSE(prices.pending_for(party("ES", "XYZ")));
    const auto first = prices.latest();
    // The prices change again while plans are made with those of before.
    prices.post(party("ES", "ABC"), moment("10:05"));
    prices.remove(first);
    CHECK(prices.pending_for(party("ES", "ABC")) == moment("10:05"));
    prices.remove(prices.latest());
    CHECK_FALSE(prices.pending_for(party("ES", "ABC")));
    CHECK(prices.latest() == 0);
}

}  // namespace mailbox_test
