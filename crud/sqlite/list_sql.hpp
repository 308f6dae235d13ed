#pragma once

#include "crud/crud.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

/// The SQL of lists. Its shape depends on what a query asks for, never on its values.
namespace ocpi::crud::sqlite {

class query;

/// Which records a statement chooses, in which order, and which part of them: any list of the port.
struct selection : record_filter {
    /// The record of that secondary key.
    std::optional<std::string> secondary_key;
    /// In the order of sort_key.
    std::optional<sort_range> range;
    /// In the order of change.
    std::optional<revision> after;
    std::uint64_t offset = 0;
    std::uint64_t limit = 50;
    std::uint64_t max_bytes = default_page_bytes;

    selection() = default;
    explicit selection(list_query query);
    explicit selection(sorted_query query);
    explicit selection(changes_query query);

    /// True when a page fills towards its front.
    bool goes_upwards() const noexcept { return range && range->goes_upwards(); }
};

/// As SQLite counts: what is beyond its numbers is its greatest.
std::int64_t clamped(std::uint64_t value);

std::string count_sql(const selection& wanted);

/// The records of a page by their places in the store, in the order in which the page fills, chosen
/// within the indexes without a look at a document. Parameters beside the condition: limit and
/// offset.
std::string places_sql(const selection& wanted);

/// The parameters of the condition, with which both statements begin.
void bind_condition(query& into, std::string_view module, const selection& wanted);

}  // namespace ocpi::crud::sqlite
