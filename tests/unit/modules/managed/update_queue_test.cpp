#include "modules/managed/update_queue.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <thread>

namespace update_queue_test {

using namespace ocpi;
using namespace ocpi::sessions;
using namespace ocpi::managed;

namespace {

queued_update change(const std::string& session, crud::revision revision,
                     const std::string& contract = "C1", std::size_t size = 2)
{
    queued_update made;
    made.key = crud::object_key("ES", "ABC", session);
    made.contract = ci_string(contract);
    made.revision = revision;
    made.json = std::make_shared<const std::string>(size, ' ');
    return made;
}

const std::vector<ci_string> c1{ci_string("c1")};

/// `S1@1 S2@3`
std::string shown(const std::vector<queued_update>& changes)
{
    std::string text;
    for (const auto& each : changes) {
        if (!text.empty()) text += ' ';
        text += each.key.id.str() + '@' + std::to_string(each.revision);
    }
    return text;
}

}  // namespace

TEST_CASE(
    "modules/managed/update_queue: what happened to the sessions of a contract is taken in "
    "order")
{
    update_queue pending;
    pending.add(change("S1", 1));
    pending.add(change("S2", 4));
    pending.add(change("S1", 3));
    pending.add(change("S3", 2, "C2"));
    CHECK(shown(pending.take(c1)) == "S1@1 S1@3 S2@4");
    CHECK(shown(pending.take(c1)).empty());
    CHECK(pending.contracts_after("", 10).size() == 1);
}

TEST_CASE("modules/managed/update_queue: contracts that go together are taken together")
{
    update_queue pending;
    pending.add(change("S1", 1, "C1"));
    pending.add(change("S2", 2, "C2"));
    pending.add(change("S1", 3, "C1"));
    pending.add(change("S3", 4, "C3"));
    const std::vector<ci_string> both{ci_string("C1"), ci_string("C2")};
    CHECK(shown(pending.take(both)) == "S1@1 S2@2 S1@3");
    CHECK(shown(pending.take({ci_string("C3")})) == "S3@4");
}

TEST_CASE("modules/managed/update_queue: what is put back comes before what was added since")
{
    update_queue pending;
    pending.add(change("S1", 1));
    pending.add(change("S1", 2));
    auto taken = pending.take(c1);
    pending.add(change("S1", 3));
    taken.erase(taken.begin());
    pending.put_back(std::move(taken));
    CHECK(shown(pending.take(c1)) == "S1@2 S1@3");
}

TEST_CASE("modules/managed/update_queue: contracts are told some at a time")
{
    update_queue pending;
    for (const char* contract : {"C2", "c1", "C3"}) pending.add(change("S1", 1, contract));
    const auto first = pending.contracts_after("", 2);
    REQUIRE(first.size() == 2);
    CHECK(first.front() == ci_string("C1"));
    const auto rest = pending.contracts_after(first.back().folded(), 2);
    REQUIRE(rest.size() == 1);
    CHECK(rest.front() == ci_string("C3"));
    CHECK(pending.contracts_after(rest.back().folded(), 2).empty());
}

TEST_CASE("modules/managed/update_queue: of many changes of one session the first are passed over")
{
    update_queue pending;
    pending.add(change("S2", 1));
    for (crud::revision revision = 2; revision <= 21; ++revision) {
        pending.add(change("S1", revision));
    }
    const auto taken = pending.take(c1);
    REQUIRE(taken.size() == 1 + update_queue::max_of_session);
    CHECK(shown({taken[0], taken[1]}) == "S2@1 S1@6");
    CHECK(taken.back().revision == 21);
}

TEST_CASE("modules/managed/update_queue: no more texts are kept than fit, until they are taken")
{
    update_queue pending;
    const auto half = update_queue::max_bytes / 2;
    pending.add(change("S1", 1, "C1", half));
    pending.add(change("S2", 2, "C2", half));
    pending.add(change("S3", 3, "C3"));
    CHECK(pending.contracts_after("", 10).size() == 2);
    auto taken = pending.take(c1);
    pending.add(change("S3", 4, "C3"));
    CHECK(pending.contracts_after("", 10).size() == 2);
    pending.put_back(std::move(taken));
    pending.add(change("S4", 5, "C4"));
    CHECK(pending.contracts_after("", 10).size() == 3);
}

TEST_CASE("modules/managed/update_queue: many threads add and take, and nothing is lost")
{
    update_queue pending;
    std::size_t taken = 0;
    const auto add = [&](const std::string& prefix) {
        for (crud::revision i = 1; i <= 500; ++i) {
            pending.add(change(prefix + std::to_string(i), i, prefix + std::to_string(i % 50)));
        }
    };
    std::thread first(add, "A");
    std::thread second(add, "B");
    while (taken < 1000) {
        for (const auto& each : pending.contracts_after("", 50)) {
            taken += pending.take({each}).size();
        }
    }
    first.join();
    second.join();
    CHECK(taken == 1000);
    CHECK(pending.contracts_after("", 10).empty());
}

}  // namespace update_queue_test
