#pragma once

#include "crud/crud.hpp"
#include "crud/postgres/rows.hpp"
#include "crud/postgres/statement_builder.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

/// The conditions of lists and the pages they fill, as SQL.
namespace ocpi::crud::postgres {

/// Both folded: country code, party id.
using folded_pair = std::pair<std::string, std::string>;

/// A record_filter as the tables compare: folded, each value once, and none that no row can have.
struct folded_filter {
    std::optional<date_time> date_from;
    std::optional<date_time> date_to;
    std::optional<std::vector<folded_pair>> owners;
    std::vector<folded_pair> not_owned_by;
    std::optional<std::vector<folded_pair>> emsps;
    std::optional<std::vector<std::string>> contracts;

    folded_filter() = default;
    explicit folded_filter(const record_filter& filter);

    /// True when a filter excludes every record.
    bool matches_none() const noexcept;
};

/// Folded, each once, and none that is no text.
std::vector<std::string> folded_contracts(const std::vector<ci_string>& contracts);

/// Whether the database may look the parties up in an index, or tests rows that it reads in another
/// order: a plan that is made once for all values would at times choose the wrong one.
enum class party_lookup { by_index, by_row };

// Each is empty, or begins with " AND ".
std::string parties_condition(statement_builder& into, const folded_filter& filter,
                              party_lookup lookup);
std::string dates_condition(statement_builder& into, const folded_filter& filter);
std::string contracts_condition(statement_builder& into, const folded_filter& filter);
/// All of them, by row.
std::string filter_condition(statement_builder& into, const folded_filter& filter);

/// As PostgreSQL counts: what is beyond its numbers is its greatest.
std::int64_t clamped(std::uint64_t value) noexcept;

/// The records of a page: `head_columns, json` and `others` of the rows of `source`, which are rows
/// of record in that order. The JSON is NULL from the first row on that exceeds the bytes that the
/// parameter `max_bytes` grants the page, so that it is not sent.
std::string page_sql(const std::string& source, const std::string& order,
                     const std::string& max_bytes, const std::string& others = {});

/// Of such rows `limit` at most, up to the first without JSON.
std::vector<record> read_page(const rows& from, std::uint64_t limit);

}  // namespace ocpi::crud::postgres
