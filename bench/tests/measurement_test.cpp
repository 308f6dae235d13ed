#include "bench/run/measurement.hpp"

#include <doctest/doctest.h>

#include <stdexcept>

namespace measurement_test {

using namespace ocpi::bench;

namespace {

row make_row(goal wanted, std::vector<double> ours, std::vector<double> compared)
{
    row made;
    made.spec = {"PUT", "/s", wanted, "SQLite loop"};
    for (const auto value : ours) made.ours.push_back({value, 50.0, {}, {}, {}, {}});
    for (const auto value : compared) made.compared.push_back({value, {}, {}, {}, {}, {}});
    return made;
}

}  // namespace

TEST_CASE("bench/run/measurement: the median is the middle, and of an even number the mean of two")
{
    CHECK(median({5, 1, 3}) == 3);
    CHECK(median({4, 1, 3, 2}) == 2.5);
    CHECK(median({}) == 0);
}

TEST_CASE("bench/run/measurement: the spread is half the range, as a part of the median")
{
    CHECK(spread({90, 100, 120}) == doctest::Approx(0.15));
    CHECK(spread({7}) == 0);
    CHECK(spread({}) == 0);
}

TEST_CASE("bench/run/measurement: a figure that one round lacks is not shown")
{
    measurement with;
    with.cpu_us = 10;
    CHECK(middle({with, with}).cpu_us == 10);
    CHECK_FALSE(middle({with, {}}).cpu_us);
}

TEST_CASE("bench/run/measurement: a ratio is of medians, and judged by its goal")
{
    const auto good = make_row({goal_kind::ratio_at_least, 0.6}, {70, 60, 90}, {100, 50, 200});
    CHECK(*ratio_of(good) == doctest::Approx(0.7));
    CHECK(is_met(good) == true);
    CHECK(is_met(make_row({goal_kind::ratio_at_least, 0.8}, {70}, {100})) == false);
    CHECK(is_met(make_row({goal_kind::ratio_at_most, 1.2}, {130}, {100})) == false);
    CHECK(is_met(make_row({goal_kind::at_most, 5}, {4}, {})) == true);
    CHECK(is_met(make_row({goal_kind::at_least, 5}, {4}, {})) == false);
}

TEST_CASE("bench/run/measurement: without what it is compared with, a ratio is not judged")
{
    const auto alone = make_row({goal_kind::ratio_at_least, 0.6}, {70}, {});
    CHECK_FALSE(ratio_of(alone));
    CHECK_FALSE(is_met(alone));
    CHECK_FALSE(is_met(make_row({}, {70}, {100})));
}

TEST_CASE("bench/run/measurement: the table has a line for each row, in columns of one width")
{
    const auto text = write_table({make_row({goal_kind::ratio_at_least, 0.6}, {12'345}, {23'800}),
                                   make_row({goal_kind::at_most, 5}, {4.25}, {})});
    CHECK(text ==
          "| what | ours     | compared with         | ratio | goal     | met | spread | p99 ms | "
          "CPU µs | faults | RSS MiB |\n"
          "| ---- | -------- | --------------------- | ----- | -------- | --- | ------ | ------ | "
          "------ | ------ | ------- |\n"
          "| PUT  | 12,345/s | SQLite loop: 23,800/s | 0.52  | ≥ 0.60 × | no  | ± 0 %  |        | "
          "50     |        |         |\n"
          "| PUT  | 4.25/s   |                       |       | ≤ 5/s    | yes | ± 0 %  |        | "
          "50     |        |         |\n");
}

TEST_CASE("bench/run/measurement: a document's text between two lines is replaced, once and again")
{
    const std::string document = "a\n<!-- b -->\nold\n<!-- e -->\nz\n";
    const auto once = replace_between(document, "<!-- b -->", "<!-- e -->", "new\n");
    CHECK(once == "a\n<!-- b -->\nnew\n<!-- e -->\nz\n");
    CHECK(replace_between(once, "<!-- b -->", "<!-- e -->", "new\n") == once);
    CHECK_THROWS_AS(replace_between("a\n", "<!-- b -->", "<!-- e -->", ""), std::runtime_error);
}

}  // namespace measurement_test
