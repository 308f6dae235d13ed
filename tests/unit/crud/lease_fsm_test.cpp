#include "crud/lease_fsm.hpp"

#include "crud/errors.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <variant>
#include <vector>

namespace lease_fsm_test {

using namespace ocpi;
using namespace ocpi::crud;
using namespace std::chrono_literals;
using lines = std::vector<std::string>;

namespace {

std::string join(const std::vector<std::string>& names)
{
    std::string all;
    for (const auto& name : names) all += ' ' + name;
    return all;
}

/// A machine at instants that a test names, and what it wants done.
struct driven {
    lease_fsm machine;
    lease_fsm::time_point now{1h};
    std::vector<std::string> asked;
    lease_fsm::time_point until;
    std::vector<std::string> logged;
    bool is_reachable = true;

    explicit driven(bool is_always_held = false) : machine(lease_times(), is_always_held, 7) {}

    /// All that is to be done now, as lines; it is done at once only where the test says so.
    lines next()
    {
        lines actions;
        for (;;) {
            auto action = machine.next(now);
            if (const auto* wait = std::get_if<lease_action::wait>(&action)) {
                until = wait->until;
                return actions;
            }
            if (std::holds_alternative<lease_action::finish>(action)) {
                actions.push_back("finish");
                return actions;
            }
            if (auto* claim = std::get_if<lease_action::claim>(&action)) {
                asked = claim->names;
                actions.push_back("claim" + join(asked));
            } else if (auto* release = std::get_if<lease_action::release>(&action)) {
                std::string text = "release";
                for (const auto& each : release->held) {
                    text += ' ' + each.name + '@' + std::to_string(each.epoch);
                }
                actions.push_back(text);
            } else if (auto* begin = std::get_if<lease_action::begin>(&action)) {
                actions.push_back("begin " + begin->lease.name + '@' +
                                  std::to_string(begin->lease.epoch));
            } else if (auto* end = std::get_if<lease_action::end>(&action)) {
                actions.push_back((end->is_lost ? "end at once " : "end ") + end->name);
            } else if (auto* forget = std::get_if<lease_action::forget>(&action)) {
                actions.push_back("forget " + forget->name);
            } else if (auto* reach = std::get_if<lease_action::report_reachable>(&action)) {
                is_reachable = reach->is_reachable;
            } else if (auto* line = std::get_if<lease_action::write_log>(&action)) {
                logged.push_back(line->text);
            }
        }
    }

    void get(const std::vector<held_lease>& held) { machine.claimed(asked, held, now); }
    void fail() { machine.claim_failed(store_unreachable("no route"), now); }
    void pass(std::chrono::milliseconds time) { now += time; }

    /// Holds the lease "a" at epoch 1, and its work runs.
    void hold()
    {
        machine.assign("a");
        REQUIRE(next() == lines{"claim a"});
        get({{"a", 1}});
        REQUIRE(next() == lines{"begin a@1"});
    }
};

}  // namespace

TEST_CASE("crud/lease_fsm: all names are claimed at once, and their work begins with the lease")
{
    driven at;
    CHECK(at.next().empty());
    CHECK(at.until == lease_fsm::time_point::max());
    at.machine.assign("a");
    at.machine.assign("b");
    at.machine.assign("b");
    CHECK(at.next() == lines{"claim a b"});
    at.get({{"b", 4}});
    CHECK(at.next() == lines{"begin b@4"});
    CHECK(at.machine.states().size() == 2);
    CHECK_FALSE(at.machine.states()[0].is_held);
    CHECK(at.machine.states()[1].is_held);
    CHECK(at.logged.empty());
}

TEST_CASE("crud/lease_fsm: what another process holds is looked for every half second to second")
{
    driven at;
    at.machine.assign("a");
    REQUIRE(at.next() == lines{"claim a"});
    at.get({});
    for (int i = 0; i < 20; ++i) {
        REQUIRE(at.next().empty());
        const auto pause = at.until - at.now;
        CHECK(pause >= 500ms);
        CHECK(pause <= 1000ms);
        at.now = at.until;
        REQUIRE(at.next() == lines{"claim a"});
        at.get({});
    }
}

TEST_CASE("crud/lease_fsm: a lease is renewed after a third of its life")
{
    driven at;
    at.hold();
    CHECK(at.until == at.now + 4s);
    at.pass(4s);
    CHECK(at.next() == lines{"claim a"});
    at.get({{"a", 1}});
    CHECK(at.next().empty());
    CHECK(at.until == at.now + 4s);
    CHECK(at.machine.held_until("a") == at.now + 11s);
}

TEST_CASE("crud/lease_fsm: a renewal that is soon due goes with one that is due")
{
    driven at;
    at.hold();
    at.pass(500ms);
    at.machine.assign("b");
    REQUIRE(at.next() == lines{"claim b"});
    at.get({{"b", 1}});
    REQUIRE(at.next() == lines{"begin b@1"});
    at.pass(3500ms);
    CHECK(at.next() == lines{"claim a b"});
}

TEST_CASE("crud/lease_fsm: a lease counts from the instant before the claim was sent")
{
    driven at;
    at.machine.assign("a");
    REQUIRE(at.next() == lines{"claim a"});
    const auto sent = at.now;
    at.pass(3s);
    at.machine.claimed(at.asked, {{"a", 1}}, sent);
    CHECK(at.next() == lines{"begin a@1"});
    CHECK(at.machine.held_until("a") == sent + 11s);
    // An answer that comes too late is none.
    at.pass(4s);
    REQUIRE(at.next() == lines{"claim a"});
    const auto second = at.now;
    at.pass(5s);
    CHECK(at.next() == lines{"end at once a"});
    at.pass(10s);
    at.machine.claimed(at.asked, {{"a", 1}}, second);
    at.machine.work_ended("a", at.now);
    CHECK(at.next() == lines{"claim a"});
}

TEST_CASE("crud/lease_fsm: work ends before the lease can have expired, and is claimed again")
{
    driven at;
    at.hold();
    at.pass(4s);
    REQUIRE(at.next() == lines{"claim a"});
    at.fail();
    lines all;
    while (all.empty() || all.back() == "claim a") {
        REQUIRE(at.next().empty());
        at.now = at.until;
        for (const auto& each : at.next()) {
            all.push_back(each);
            if (each == "claim a") at.fail();
        }
    }
    CHECK(all.back() == "end at once a");
    CHECK(at.now == lease_fsm::time_point(1h) + 11s);
    // While the work has not ended, nothing is claimed.
    at.pass(1h);
    CHECK(at.next().empty());
    at.machine.work_ended("a", at.now);
    CHECK(at.next() == lines{"claim a"});
    at.get({{"a", 2}});
    CHECK(at.next() == lines{"begin a@2"});
}

TEST_CASE("crud/lease_fsm: a process that slept finds its lease expired when it wakes")
{
    driven at;
    at.hold();
    at.pass(20s);
    CHECK(at.machine.held_until("a") < at.now);
    CHECK(at.next() == lines{"end at once a"});
    CHECK(at.logged.size() == 1);
    at.machine.work_ended("a", at.now);
    REQUIRE(at.next() == lines{"claim a"});
    at.get({});
    CHECK(at.next().empty());
}

TEST_CASE(
    "crud/lease_fsm: a lease that another process has taken ends the work at once, with one line")
{
    driven at;
    at.hold();
    SUBCASE("found at the renewal")
    {
        at.pass(4s);
        REQUIRE(at.next() == lines{"claim a"});
        at.get({});
    }
    SUBCASE("found by a write")
    {
        at.machine.lost({"a", 1});
        at.machine.lost({"a", 1});
    }
    SUBCASE("taken back in the meantime")
    {
        at.pass(4s);
        REQUIRE(at.next() == lines{"claim a"});
        at.get({{"a", 3}});
        CHECK(at.machine.held_until("a") < at.now);
    }
    CHECK(at.next() == lines{"end at once a"});
    CHECK(at.logged.size() == 1);
}

TEST_CASE("crud/lease_fsm: work of an earlier epoch ends before that of a later one begins")
{
    driven at;
    at.hold();
    at.pass(4s);
    REQUIRE(at.next() == lines{"claim a"});
    at.get({{"a", 3}});
    REQUIRE(at.next() == lines{"end at once a"});
    at.machine.work_ended("a", at.now);
    CHECK(at.next() == lines{"begin a@3"});
}

TEST_CASE("crud/lease_fsm: a late report of an earlier epoch's loss changes nothing")
{
    driven at;
    at.hold();
    at.machine.lost({"a", 9});
    CHECK(at.next().empty());
}

TEST_CASE("crud/lease_fsm: what is withdrawn ends, is renewed until then, and is given back")
{
    driven at;
    at.hold();
    at.machine.withdraw("a");
    CHECK(at.next() == lines{"end a"});
    at.pass(4s);
    REQUIRE(at.next() == lines{"claim a"});
    at.get({{"a", 1}});
    CHECK(at.next().empty());
    at.machine.work_ended("a", at.now);
    CHECK(at.next() == lines{"forget a", "release a@1"});
    at.machine.released();
    CHECK(at.next().empty());
    CHECK(at.machine.states().empty());
}

TEST_CASE("crud/lease_fsm: what is withdrawn and assigned again has its new work after the old")
{
    driven at;
    at.hold();
    at.machine.withdraw("a");
    at.machine.assign("a");
    CHECK(at.next() == lines{"end a"});
    at.machine.work_ended("a", at.now);
    CHECK(at.next() == lines{"begin a@1"});
}

TEST_CASE("crud/lease_fsm: what was claimed when it was withdrawn is given back")
{
    driven at;
    at.machine.assign("a");
    REQUIRE(at.next() == lines{"claim a"});
    at.machine.withdraw("a");
    CHECK(at.next() == lines{"forget a"});
    at.get({{"a", 1}});
    CHECK(at.next() == lines{"release a@1"});
}

TEST_CASE(
    "crud/lease_fsm: work that ends by itself gives the lease back, and may begin again later")
{
    driven at;
    at.hold();
    at.machine.work_ended("a", at.now);
    CHECK(at.next() == lines{"release a@1"});
    at.machine.released();
    CHECK(at.next().empty());
    CHECK(at.until >= at.now + 500ms);
    at.now = at.until;
    CHECK(at.next() == lines{"claim a"});
}

TEST_CASE("crud/lease_fsm: it finishes when all work has ended and all leases are given back")
{
    driven at;
    at.machine.assign("a");
    at.machine.assign("b");
    REQUIRE(at.next() == lines{"claim a b"});
    at.get({{"a", 1}, {"b", 2}});
    REQUIRE(at.next() == lines{"begin a@1", "begin b@2"});
    at.machine.stop();
    at.machine.assign("c");
    CHECK(at.next() == lines{"end a", "end b"});
    // Each is given back as it ends: the other may take its time.
    at.machine.work_ended("b", at.now);
    CHECK(at.next() == lines{"forget b", "release b@2"});
    at.machine.released();
    CHECK(at.next().empty());
    at.machine.work_ended("a", at.now);
    CHECK(at.next() == lines{"forget a", "release a@1"});
    at.machine.released();
    CHECK(at.next() == lines{"finish"});
}

TEST_CASE("crud/lease_fsm: a store that does not answer is told of after a renewal's time, once")
{
    driven at;
    at.machine.assign("a");
    const auto fail_until = [&](lease_fsm::time_point end) {
        while (at.now < end) {
            if (at.next() == lines{"claim a"}) {
                at.fail();
            } else {
                at.now = at.until;
            }
        }
    };
    const auto began = at.now;
    fail_until(began + 3s);
    CHECK(at.is_reachable);
    fail_until(began + 10s);
    CHECK_FALSE(at.is_reachable);
    CHECK(at.logged == lines{"leases cannot be claimed, which is tried again: no route"});
    at.now += 1s;
    REQUIRE(at.next() == lines{"claim a"});
    at.get({});
    at.next();
    CHECK(at.is_reachable);
    CHECK(at.logged.size() == 2);
}

TEST_CASE("crud/lease_fsm: without leases all work is this process's, and the store is not asked")
{
    driven at(true);
    at.machine.assign("a");
    CHECK(at.next() == lines{"begin a@0"});
    CHECK(at.until == lease_fsm::time_point::max());
    at.pass(1000h);
    CHECK(at.next().empty());
    // After an error in it the work begins again, after a pause.
    at.machine.work_ended("a", at.now);
    CHECK(at.next().empty());
    CHECK(at.until == at.now + 900ms);
    at.now = at.until;
    CHECK(at.next() == lines{"begin a@0"});
    at.machine.stop();
    CHECK(at.next() == lines{"end a"});
    at.machine.work_ended("a", at.now);
    CHECK(at.next() == lines{"forget a", "finish"});
    CHECK(at.logged.empty());
}

}  // namespace lease_fsm_test
