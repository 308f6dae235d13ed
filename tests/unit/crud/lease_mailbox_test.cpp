#include "crud/lease_mailbox.hpp"

#include <doctest/doctest.h>

#include <utility>
#include <vector>

namespace lease_mailbox_test {

using namespace ocpi::crud;

TEST_CASE("crud/lease_mailbox: what was ordered is taken once, in order")
{
    lease_mailbox box;
    box.assign("a", {});
    CHECK(box.withdraw("a").stop_possible());
    box.report_loss({"b", 2});
    box.stop();
    const auto taken = box.take();
    REQUIRE(taken.orders.size() == 2);
    CHECK(taken.orders[0].is_assigned);
    CHECK_FALSE(taken.orders[1].is_assigned);
    CHECK(taken.lost == std::vector<held_lease>{{"b", 2}});
    CHECK(taken.must_stop);
    const auto later = box.take();
    CHECK(later.orders.empty());
    CHECK(later.lost.empty());
    CHECK_FALSE(later.must_stop);
}

TEST_CASE("crud/lease_mailbox: work that was never assigned cannot be withdrawn")
{
    lease_mailbox box;
    CHECK_FALSE(box.withdraw("a").stop_possible());
    CHECK(box.take().orders.empty());
    CHECK_FALSE(box.find_work("a").run);
}

TEST_CASE("crud/lease_mailbox: withdrawing work tells when it has ended")
{
    lease_mailbox box;
    box.assign("a", {});
    const auto ended = box.withdraw("a");
    (void)box.take();
    CHECK_FALSE(ended.stop_requested());
    box.forget("a");
    CHECK(ended.stop_requested());
}

TEST_CASE("crud/lease_mailbox: work that is assigned again is not forgotten with the old one")
{
    lease_mailbox box;
    box.assign("a", {});
    const auto ended = box.withdraw("a");
    (void)box.take();
    leased_work work;
    work.is_cancelled_at_end = true;
    box.assign("a", std::move(work));
    box.forget("a");
    CHECK_FALSE(ended.stop_requested());
    CHECK(box.find_work("a").is_cancelled_at_end);
}

TEST_CASE("crud/lease_mailbox: when the driver ends, all work has ended")
{
    lease_mailbox box;
    box.assign("a", {});
    box.set_states({{"a", true}});
    const auto ended = box.withdraw("a");
    box.close();
    CHECK(ended.stop_requested());
    CHECK(box.states().empty());
}

}  // namespace lease_mailbox_test
