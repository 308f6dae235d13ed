#pragma once

#include "crud/crud.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

/// The SQL of lists. Its shape depends on what a query asks for, never on its values.
namespace ocpi::crud::sqlite {

class names;
class query;

/// Which records a statement chooses, in which order, and which part of them: any list of the port,
/// with numbers in place of names (names.hpp).
struct selection {
    std::int64_t module = 0;
    std::optional<date_time> date_from;
    std::optional<date_time> date_to;
    std::optional<std::vector<std::int64_t>> owners;
    std::vector<std::int64_t> not_owned_by;
    std::optional<std::vector<std::int64_t>> emsps;
    /// Folded.
    std::optional<std::vector<std::string>> contracts;
    /// The record of that secondary key.
    std::optional<std::string> secondary_key;
    /// In the order of sort_key.
    std::optional<sort_range> range;
    /// In the order of change.
    std::optional<revision> after;
    /// In the order of creation, from that place on.
    std::optional<std::int64_t> from_sequence;
    /// In the order of creation, latest first, from before that place on.
    std::optional<std::int64_t> before_sequence;
    /// The range of dates holds so few that all of them are looked at and sorted, in place of
    /// records in the order of creation.
    bool is_read_by_date = false;
    /// False: records are read without their JSON.
    bool needs_json = true;
    std::uint64_t offset = 0;
    std::uint64_t limit = 50;
    std::uint64_t max_bytes = default_page_bytes;

    selection() = default;
    selection(names& numbers, std::string_view module_name, const record_filter& filter);
    selection(names& numbers, std::string_view module_name, const list_query& query);
    selection(names& numbers, std::string_view module_name, const sorted_query& query);
    selection(names& numbers, std::string_view module_name, const changes_query& query);

    /// True when a page fills towards its front.
    bool goes_upwards() const noexcept { return range && range->goes_upwards(); }
    /// True when a filter excludes every record.
    bool matches_none() const noexcept;
};

/// ` AND owner IN (…) AND owner NOT IN (…) AND emsp IN (…)`, as far as they are asked for.
std::string parties_condition(const selection& wanted);
void bind_parties(query& into, const selection& wanted);

/// As SQLite counts: what is beyond its numbers is its greatest.
std::int64_t clamped(std::uint64_t value);

std::string count_sql(const selection& wanted);

/// The records of a page by their places in the store, in the order in which the page fills, chosen
/// within the indexes without a look at a document. Parameters beside the condition: limit and
/// offset.
std::string places_sql(const selection& wanted);

/// The places of all records that match, in any order.
std::string all_places_sql(const selection& wanted);

/// The parameters of the condition, with which each statement begins.
void bind_condition(query& into, const selection& wanted);

}  // namespace ocpi::crud::sqlite
