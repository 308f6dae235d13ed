#pragma once

#include "ocpi/base/date_time.hpp"

#include <cstdint>
#include <string>

/// What SQLite keeps so that searches and their sums need not walk over all records.
namespace ocpi::crud::sqlite {

/// Index, sums and text index of records with a summary, all written by triggers in the
/// transaction that writes the record:
/// - record_by_category, in the order of searches;
/// - record_total: number, energy and costs of the records of one category and currency whose
///   instant is in one slot, at three levels;
/// - record_text: FTS5 with the trigrams of search_text, written when that changes only. It holds
///   which trigrams a text has, not where: what it finds is looked at again.
std::string search_schema();

/// The levels of record_total.
enum class total_level : std::uint8_t {
    quarter_hour_of_update,
    day_of_update,
    quarter_hour_of_start,
};

/// In milliseconds.
std::int64_t slot_width(total_level level) noexcept;

/// The slot of that instant. It begins at start_of(slot).
std::int64_t slot_of(date_time instant, total_level level) noexcept;
date_time start_of_slot(std::int64_t slot, total_level level) noexcept;

}  // namespace ocpi::crud::sqlite
