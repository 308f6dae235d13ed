#include "crud/counter_changes.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace counter_changes_test {

using namespace ocpi;
using namespace ocpi::crud;

namespace {

using changes_by_name = counter_changes<std::string, std::string>;

changes_by_name::record_type make_record(std::int64_t sequence, std::int64_t updated)
{
    changes_by_name::record_type made;
    made.sequence = sequence;
    made.module = "sessions";
    made.owner = "ES*AAA";
    made.emsp = "ES*EEE";
    made.last_updated = date_time::from_milliseconds(updated);
    return made;
}

changes_by_name::record_type with_summary(changes_by_name::record_type made, std::int64_t kwh)
{
    auto& summary = made.summary.emplace();
    summary.category = "completed";
    summary.currency = "EUR";
    summary.kwh = kwh;
    return made;
}

/// The only one of a level.
std::int64_t count_of(const changes_by_name& changes, list_level level)
{
    std::int64_t found = 0;
    for (const auto& [key, count] : changes.of_lists()) {
        if (key.level == level) found += count;
    }
    return found;
}

}  // namespace

TEST_CASE("crud/counter_changes: a record counts once on each level, and its removal takes it away")
{
    changes_by_name changes;
    changes.add(make_record(5'000, 0));
    CHECK(changes.of_lists().size() == 4);
    const changes_by_name::list_key block{"sessions", list_level::block, 5'000 / block_size,
                                          "ES*AAA", "ES*EEE"};
    REQUIRE(changes.of_lists().contains(block));
    CHECK(changes.of_lists().at(block) == 1);
    CHECK(changes.of_sums().empty());
    changes.remove(make_record(5'000, 0));
    for (const auto& [key, count] : changes.of_lists()) CHECK(count == 0);
}

TEST_CASE("crud/counter_changes: an update on another day moves the record from day to day alone")
{
    changes_by_name changes;
    changes.remove(make_record(1, 0));
    changes.add(make_record(1, 86'400'000));
    CHECK(count_of(changes, list_level::all) == 0);
    CHECK(count_of(changes, list_level::block) == 0);
    std::string days;
    for (const auto& [key, count] : changes.of_lists()) {
        if (key.level == list_level::day_of_update) days += std::to_string(count) + ' ';
    }
    CHECK(days == "-1 1 ");
}

TEST_CASE("crud/counter_changes: a record without a place is in no block yet")
{
    changes_by_name changes;
    changes.add(make_record(0, 0));
    CHECK(count_of(changes, list_level::all) == 1);
    CHECK(count_of(changes, list_level::day_of_update) == 1);
    CHECK(count_of(changes, list_level::wide_block) == 0);
    CHECK(count_of(changes, list_level::block) == 0);
}

TEST_CASE("crud/counter_changes: sums are by slot and currency, by start only of what has started")
{
    changes_by_name changes;
    changes.add(with_summary(make_record(1, 0), 10));
    auto started = with_summary(make_record(2, 1), 20);
    started.summary->started_at = date_time::from_milliseconds(0);
    changes.add(started);
    REQUIRE(changes.of_sums().size() == 3);
    for (const auto& [key, sums] : changes.of_sums()) {
        const bool is_by_start = key.level == total_level::quarter_hour_of_start;
        CHECK(sums.count == (is_by_start ? 1 : 2));
        CHECK(sums.kwh == (is_by_start ? 20 : 30));
    }
    changes.remove(started);
    changes.remove(with_summary(make_record(1, 0), 10));
    for (const auto& [key, sums] : changes.of_sums()) CHECK(sums.is_zero());
}

TEST_CASE("crud/counter_changes: a sum beyond an integer stays at its end")
{
    using limits = std::numeric_limits<std::int64_t>;
    CHECK(bounded_sum(limits::max(), 1, 1) == limits::max());
    CHECK(bounded_sum(limits::min(), 1, -1) == limits::min());
    CHECK(bounded_sum(limits::min(), -1, 1) == limits::min());
    CHECK(bounded_sum(limits::max(), -1, -1) == limits::max());
    CHECK(bounded_sum(1, 2, -1) == -1);
}

}  // namespace counter_changes_test
