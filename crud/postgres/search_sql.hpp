#pragma once

#include "crud/crud.hpp"
#include "crud/postgres/statement_builder.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

/// What searches and their sums are made of. What one costs is bounded, whatever the store holds:
/// - a page without text and contracts is read from the index of categories, sums from
///   record_total;
/// - of contracts that have few records, all of these are looked at;
/// - else the records of the ranges are looked at in the order of the search, so many at most.
namespace ocpi::crud::postgres {

/// How many records of contracts one search looks at, and how many within its ranges.
inline constexpr std::int64_t max_candidates = 15'000;
inline constexpr std::int64_t max_walked = 10'000;

/// The records of a category between two places, both exclusive. No record has an empty secondary
/// key.
struct place_range {
    std::string category;
    search_place above;
    search_place below;
};

/// A search_filter as the table compares.
struct folded_search {
    std::vector<place_range> ranges;
    std::optional<std::vector<std::string>> contracts;
    std::string text;

    folded_search() = default;
    explicit folded_search(const search_filter& filter);

    /// True when no condition is left but the ranges.
    bool is_plain() const noexcept { return text.empty() && !contracts; }
    /// True when a filter excludes every record.
    bool matches_none() const noexcept;

    /// Excludes what is not behind, or before, that place.
    void go_on_behind(const search_place& place);
    void go_on_before(const search_place& place);
    /// Ranges of whole categories.
    void drop_bounds();
};

/// `contract = ANY (…) AND position(…) > 0`, as far as they are asked for, or `true`.
std::string match_condition(statement_builder& into, const folded_search& wanted);

/// A row is within one of the ranges.
std::string ranges_condition(statement_builder& into, const folded_search& wanted);

/// How far a walk goes: `limit` is SQL.
struct walk_bounds {
    bool is_upwards = false;
    std::string limit;
};

/// The first rows within the ranges, in the order of a search. There is one SELECT of `columns` for
/// each range, in the order of the index, so that PostgreSQL merges them, and reads no more of them
/// than are asked for.
std::string walk_sql(statement_builder& into, const std::string& module,
                     const folded_search& wanted, const std::string& columns,
                     const walk_bounds& bounds);

/// `ORDER BY` the order of a search.
std::string order_of_search(bool is_upwards);

/// How many records the contracts have, counted up to max_candidates + 1.
command count_candidates(const std::string& module, const folded_search& wanted);

/// The pages of a search: `head_columns, json`, whether the row matches, and how many were looked
/// at up to it where that many end the walk. They hold `limit` rows at most.
struct search_bounds {
    bool is_upwards = false;
    std::int64_t limit = 0;
    std::int64_t max_bytes = 0;
};
command plain_search(const std::string& module, const folded_search& wanted,
                     const search_bounds& bounds);
command search_among_candidates(const std::string& module, const folded_search& wanted,
                                const search_bounds& bounds);
command search_by_walk(const std::string& module, const folded_search& wanted,
                       const search_bounds& bounds);

}  // namespace ocpi::crud::postgres
