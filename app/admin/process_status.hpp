#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace ocpi::app {

/// What Linux tells of this process. std::nullopt: it does not tell.
struct process_status {
    std::optional<double> cpu_seconds;
    std::optional<std::uint64_t> resident_bytes;
    std::optional<std::uint64_t> virtual_bytes;
    std::optional<std::uint64_t> threads;
    std::optional<std::uint64_t> open_files;
    std::optional<std::uint64_t> max_files;
    /// Seconds since 1970.
    std::optional<double> started_at;
};

/// Reads /proc/self.
process_status read_process_status();

/// The same of the texts of /proc/self/stat and /proc/stat, for the machine's clock ticks and
/// bytes of a page.
process_status parse_process_status(std::string_view stat, std::string_view system_stat,
                                    long ticks_per_second, long page_bytes);

}  // namespace ocpi::app
