#pragma once

#include "ocpi/base/date_time.hpp"

#include <cstdint>

namespace ocpi::crud::sqlite {

/// The statements that make the tables of an empty file.
extern const char* const schema;

/// The levels of record_total: the number, energy and costs of the records with a summary, by
/// module, category, currency and a slot of time.
enum class total_level : std::uint8_t {
    quarter_hour_of_update,
    day_of_update,
    quarter_hour_of_start,
};

/// The levels of list_total: the number of records by module, owner, eMSP and a slot.
enum class list_level : std::uint8_t {
    /// The one slot is 0.
    all,
    day_of_update,
    /// Of so many places in the order of creation.
    wide_block,
    block,
};

inline constexpr std::int64_t block_size = 1024;
inline constexpr std::int64_t wide_block_size = 32 * block_size;

/// In milliseconds.
std::int64_t slot_width(total_level level) noexcept;

/// The slot of that instant. It begins at start_of_slot(slot).
std::int64_t slot_of(date_time instant, total_level level) noexcept;
date_time start_of_slot(std::int64_t slot, total_level level) noexcept;

}  // namespace ocpi::crud::sqlite
