// The checkers find what is wrong when something is.

#include "tests/support/history.hpp"

#include <doctest/doctest.h>

#include <map>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace history_test {

using namespace ocpi::test;

namespace {

using outcome = operation::outcome;
using list = std::vector<std::string>;

operation write(tick begun, tick ended, std::string value, outcome how = outcome::acknowledged)
{
    operation done;
    done.what = operation::kind::write;
    done.session = "s";
    done.how = how;
    done.begun = begun;
    done.ended = ended;
    done.value = std::move(value);
    return done;
}

operation read(tick begun, tick ended, std::string value, list elements)
{
    operation done;
    done.session = "s";
    done.how = outcome::acknowledged;
    done.begun = begun;
    done.ended = ended;
    if (!elements.empty()) done.seen = session_state{std::move(value), std::move(elements)};
    return done;
}

stream_event event(std::uint64_t id, std::string value, tick received)
{
    return {id, "s", std::move(value), received};
}

}  // namespace

TEST_CASE("faults/history: what concurrent clients may see is no violation")
{
    CHECK(find_violation({}) == "");
    CHECK(find_violation({write(1, 2, "a"), read(3, 4, "a", {"a"})}) == "");
    // Not yet written; written while it was read, or not.
    CHECK(find_violation({read(1, 2, "", {}), write(3, 4, "a")}) == "");
    CHECK(find_violation({write(1, 4, "a"), read(2, 3, "a", {"a"})}) == "");
    CHECK(find_violation({write(1, 4, "a"), read(2, 3, "", {})}) == "");
    // Two writes at once, either of which is the last.
    for (const char* last : {"a", "b"}) {
        CHECK(find_violation({write(1, 4, "a"), write(2, 3, "b"), read(5, 6, last, {"a", "b"})}) ==
              "");
    }
    // An answer that was lost: there, or not, or later.
    const auto lost = write(1, 2, "a", outcome::unknown);
    CHECK(find_violation({lost, read(3, 4, "a", {"a"})}) == "");
    CHECK(find_violation({lost, read(3, 4, "", {})}) == "");
    CHECK(find_violation({lost, read(3, 4, "", {}), read(5, 6, "a", {"a"})}) == "");
}

TEST_CASE("faults/history: each planted fault is found")
{
    const std::pair<std::vector<operation>, std::string> faults[] = {
        {{write(1, 2, "a"), read(3, 4, "", {})}, "s: a was acknowledged and is lost"},
        {{write(1, 2, "a"), write(3, 4, "b"), read(5, 6, "b", {"b"})},
         "s: a was acknowledged and is lost"},
        {{write(1, 2, "a"), read(3, 4, "x", {"a", "x"})}, "s: x was never written"},
        {{write(1, 2, "a", outcome::refused), read(3, 4, "a", {"a"})}, "s: a was refused"},
        {{read(1, 2, "a", {"a"}), write(3, 4, "a")}, "s: a was read before it was written"},
        {{write(1, 2, "a"), write(1, 2, "b"), read(3, 4, "b", {"b", "a"})},
         "s: the list is not in order"},
        {{write(1, 2, "a"), read(3, 4, "a", {"a", "a"})}, "s: an element is there twice"},
        {{write(1, 2, "a"), write(3, 4, "b"), read(5, 6, "a", {"a", "b"})},
         "s: a came back after b"},
        {{write(1, 9, "a"), write(1, 9, "b"), read(2, 3, "a", {"a", "b"}),
          read(4, 5, "b", {"a", "b"})},
         "s: the value changed without a write: b"},
        {{write(1, 9, "a"), write(1, 9, "b"), read(2, 3, "a", {"a"}), read(4, 5, "b", {"b"})},
         "s: two reads each lack what the other saw"},
        {{write(1, 9, "a"), write(1, 9, "b"), read(2, 3, "a", {"a"}), read(4, 5, "a", {"a", "b"})},
         "s: a is the value again after later writes"},
        {{write(1, 9, "a"), read(2, 3, "a", {"a"}), read(4, 5, "", {})},
         "s: a later read saw less"},
        // b begins after a is acknowledged, and is seen alone while a could still be missing.
        {{write(1, 4, "a"), write(5, 9, "b"), read(3, 6, "b", {"b"}), read(7, 8, "a", {"a", "b"})},
         "s: a came back after b"},
        {{write(1, 4, "a"), write(5, 9, "b"), write(5, 9, "c"), read(3, 6, "b", {"b"}),
          read(7, 8, "c", {"a", "b", "c"})},
         "s: a was acknowledged before b and was seen later"},
    };
    for (const auto& [operations, wrong] : faults) CHECK(find_violation(operations) == wrong);
}

TEST_CASE("faults/history: a stream may leave out states, but neither the last nor the order")
{
    const std::vector<operation> operations{write(1, 2, "a"), write(3, 4, "b"), write(5, 6, "c"),
                                            read(9, 10, "b", {"a", "b"})};
    const std::map<std::string, std::string> stored{{"s", "b"}};
    const auto wrong = [&](std::vector<stream_event> events) {
        return find_stream_violation(events, operations, stored);
    };
    CHECK(wrong({event(1, "a", 3), event(2, "b", 5)}) == "");
    CHECK(wrong({event(7, "b", 20)}) == "");
    CHECK(wrong({event(2, "a", 3), event(2, "b", 5)}) == "the id 2 does not rise");
    CHECK(wrong({event(1, "x", 3)}) == "s x was never written");
    CHECK(wrong({event(1, "b", 2)}) == "s b was sent before it was written");
    CHECK(wrong({event(1, "c", 8)}) == "s c was sent before its commit");
    CHECK(wrong({event(1, "b", 5), event(2, "a", 6)}) == "s a was sent after b");
    CHECK(wrong({event(1, "a", 3)}) == "s: the last event is not what is stored");
    CHECK(wrong({}) == "s has no event");
}

TEST_CASE("faults/history: threads record side by side")
{
    history recorded;
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&recorded, i] {
                for (int number = 0; number < 500; ++number) {
                    const auto begun = recorded.now();
                    recorded.add(write(begun, recorded.now(),
                                       std::to_string(i) + "-" + std::to_string(number)));
                }
            });
        }
    }
    CHECK(recorded.operations().size() == 2000);
    CHECK(recorded.now() == 4001);
    CHECK(find_violation(recorded.operations()) == "");
}

}  // namespace history_test
