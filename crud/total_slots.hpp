#pragma once

#include "ocpi/base/date_time.hpp"

#include <cstdint>

/// The slots by which stores keep counts and sums beside the records, so that totals need no look
/// at every record.
namespace ocpi::crud {

/// The levels of the table record_total: the number, energy and costs of the records with a
/// summary, by module, category, currency and a slot of time. The numbers are stored.
enum class total_level : std::uint8_t {
    quarter_hour_of_update,
    day_of_update,
    quarter_hour_of_start,
};

/// The levels of the table list_total: the number of records by module, owner, eMSP and a slot. The
/// numbers are stored.
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

}  // namespace ocpi::crud
