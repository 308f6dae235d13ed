#include "crud/sqlite/list_sql.hpp"

#include "crud/sqlite/statement.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace ocpi::crud::sqlite {
namespace {

/// The records of so many contracts are sooner sorted by change than found among all changes.
constexpr std::size_t few_contracts = 16;

/// `(VALUES (?, ?), …)` with a pair for each party.
std::string pairs_of(const std::vector<party>& parties)
{
    std::string sql = "(VALUES ";
    for (std::size_t i = 0; i < parties.size(); ++i) sql += i == 0 ? "(?, ?)" : ", (?, ?)";
    return sql + ")";
}

/// ` AND (a, b) IN (VALUES (?, ?), …)`, or an empty text.
std::string one_of(const std::string& columns, const std::optional<std::vector<party>>& parties)
{
    return parties ? " AND (" + columns + ") IN " + pairs_of(*parties) : std::string();
}

/// ` AND (a, b) NOT IN (VALUES (?, ?), …)`, or an empty text.
std::string none_of(const std::string& columns, const std::vector<party>& parties)
{
    return parties.empty() ? std::string() : " AND (" + columns + ") NOT IN " + pairs_of(parties);
}

/// ` AND contract IN (?, …)`, or an empty text.
std::string one_contract_of(const std::optional<std::vector<ci_string>>& contracts)
{
    if (!contracts) return {};
    std::string sql = " AND contract IN (";
    for (std::size_t i = 0; i < contracts->size(); ++i) sql += i == 0 ? "?" : ", ?";
    return sql + ")";
}

/// Names the index where SQLite might choose a worse one: what has changed since is most often
/// little of much and wanted in that order, and for a plain count the smallest index is the best.
std::string_view index_hint(const selection& wanted)
{
    if (wanted.secondary_key) return " INDEXED BY record_by_secondary_key";
    const bool are_few = wanted.contracts && wanted.contracts->size() <= few_contracts;
    if (wanted.after && !are_few) return " INDEXED BY record_by_change";
    if (wanted.contracts) return " INDEXED BY record_by_contract";
    if (wanted.range) return " INDEXED BY record_by_sort_key";
    const bool is_plain = !wanted.date_from && !wanted.date_to && !wanted.owners &&
                          wanted.not_owned_by.empty() && !wanted.emsps;
    return is_plain ? " INDEXED BY record_by_creation" : "";
}

std::string from_and_condition(const selection& wanted)
{
    std::string sql = " FROM record";
    sql.append(index_hint(wanted)).append(" WHERE module = ?");
    if (wanted.secondary_key) sql += " AND secondary_key = ?";
    sql += one_contract_of(wanted.contracts);
    if (wanted.range) sql += " AND sort_key IS NOT NULL";
    if (wanted.range && wanted.range->below) sql += " AND sort_key < ?";
    if (wanted.range && wanted.range->above) sql += " AND sort_key > ?";
    if (wanted.after) sql += " AND revision > ?";
    if (wanted.date_from) sql += " AND last_updated >= ?";
    if (wanted.date_to) sql += " AND last_updated < ?";
    sql += one_of("country_code, party_id", wanted.owners);
    sql += none_of("country_code, party_id", wanted.not_owned_by);
    sql += one_of("emsp_country_code, emsp_party_id", wanted.emsps);
    return sql;
}

void bind_parties(query& into, const std::vector<party>& parties)
{
    for (const party& each : parties) {
        into.bind(each.country_code.folded());
        into.bind(each.party_id.folded());
    }
}

std::string_view order_of(const selection& wanted)
{
    if (wanted.after) return " ORDER BY revision";
    if (!wanted.range) return " ORDER BY sequence";
    return wanted.goes_upwards() ? " ORDER BY sort_key" : " ORDER BY sort_key DESC";
}

}  // namespace

selection::selection(list_query query)
    : record_filter(std::move(query)),
      offset(query.offset),
      limit(query.limit),
      max_bytes(query.max_bytes)
{
}

selection::selection(sorted_query query)
    : record_filter(std::move(query)),
      range(std::move(query.range)),
      limit(query.limit),
      max_bytes(query.max_bytes)
{
}

selection::selection(changes_query query)
    : record_filter(std::move(query)),
      after(query.after),
      limit(query.limit),
      max_bytes(query.max_bytes)
{
}

std::int64_t clamped(std::uint64_t value)
{
    constexpr auto max_value = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return static_cast<std::int64_t>(std::min(value, max_value));
}

std::string count_sql(const selection& wanted)
{
    return "SELECT count(*)" + from_and_condition(wanted);
}

std::string places_sql(const selection& wanted)
{
    std::string sql = "SELECT sequence" + from_and_condition(wanted);
    sql.append(order_of(wanted)) += " LIMIT ? OFFSET ?";
    return sql;
}

/// In the order of from_and_condition().
void bind_condition(query& into, std::string_view module, const selection& wanted)
{
    into.bind(module);
    if (wanted.secondary_key) into.bind(*wanted.secondary_key);
    if (wanted.contracts) {
        for (const auto& each : *wanted.contracts) into.bind(each.folded());
    }
    if (wanted.range && wanted.range->below) into.bind(*wanted.range->below);
    if (wanted.range && wanted.range->above) into.bind(*wanted.range->above);
    if (wanted.after) into.bind(clamped(*wanted.after));
    if (wanted.date_from) into.bind(wanted.date_from->milliseconds());
    if (wanted.date_to) into.bind(wanted.date_to->milliseconds());
    if (wanted.owners) bind_parties(into, *wanted.owners);
    bind_parties(into, wanted.not_owned_by);
    if (wanted.emsps) bind_parties(into, *wanted.emsps);
}

}  // namespace ocpi::crud::sqlite
