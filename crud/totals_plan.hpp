#pragma once

#include "crud/crud.hpp"
#include "crud/total_slots.hpp"

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

/// How a range of time is split into the slots for which a store keeps sums, and the rests beside
/// them, whose records are looked at. Pure: a store carries it out.
namespace ocpi::crud {

/// The slots from `from` up to, but without, `to`.
struct slot_range {
    std::int64_t from = std::numeric_limits<std::int64_t>::min();
    std::int64_t to = std::numeric_limits<std::int64_t>::max();

    slot_range() = default;
    slot_range(std::int64_t first, std::int64_t end) : from(first), to(end) {}

    bool is_empty() const noexcept { return from >= to; }

    friend bool operator==(const slot_range&, const slot_range&) = default;
};

/// Instants from `from` up to, but without, `to`.
struct instant_range {
    date_time from;
    date_time to;

    friend bool operator==(const instant_range&, const instant_range&) = default;
};

/// Whole days, perhaps none, and what is beside them: two rests at most, none of them empty.
struct days_plan {
    slot_range days{0, 0};
    std::vector<instant_range> rests;
};

days_plan split_into_days(instant_range range);

/// Rows of record_total.
struct summed_slots {
    std::string category;
    total_level level = total_level::day_of_update;
    slot_range slots;

    friend bool operator==(const summed_slots&, const summed_slots&) = default;
};

/// A rest: the records of a category that were last updated within that range.
struct summed_records {
    std::string category;
    instant_range range;

    friend bool operator==(const summed_records&, const summed_records&) = default;
};

/// What is to be added up; no part is empty.
struct totals_plan {
    std::vector<summed_slots> slots;
    std::vector<summed_records> rests;
};

/// Whether slots tell these totals: of no text and no contracts, and by start of whole slots only.
bool is_summed_by_slots(const totals_query& wanted);

/// For a query that is summed by slots.
totals_plan plan_totals(const totals_query& wanted);

}  // namespace ocpi::crud
