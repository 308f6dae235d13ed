#pragma once

#include <cstddef>
#include <optional>
#include <vector>

namespace ocpi::crud::postgres {

/// What a read costs: one record, or a page of them.
enum class read_kind { find, list };

/// A connection that reads, as far as choosing among them goes.
struct reader_load {
    bool is_open = false;
    std::size_t finds = 0;
    std::size_t lists = 0;
};

/// How many finds a connection has under way at most: what is sent is answered in its order.
inline constexpr std::size_t max_finds_under_way = 64;

/// The connection that takes the next read; std::nullopt: it waits. A connection makes one list at
/// a time, and the first makes none while another one is open, so that lists never hold up all
/// finds. Finds go to the one with the fewest under way that makes no list.
std::optional<std::size_t> choose_reader(read_kind kind, const std::vector<reader_load>& loads);

}  // namespace ocpi::crud::postgres
