#include "crud/sqlite/list_sql.hpp"

#include "crud/page_bound.hpp"
#include "crud/sqlite/statement.hpp"

#include <algorithm>
#include <limits>

namespace ocpi::crud::sqlite {
namespace {

/// The records of so many contracts are sooner sorted by change than found among all changes.
constexpr std::size_t few_contracts = 16;

/// ` AND (a, b) IN (VALUES (?, ?), …)` with a pair for each party, or nothing.
std::string one_of(const std::string& columns, const std::optional<std::vector<party>>& parties)
{
    if (!parties) return {};
    std::string sql = " AND (" + columns + ") IN (VALUES ";
    for (std::size_t i = 0; i < parties->size(); ++i) sql += i == 0 ? "(?, ?)" : ", (?, ?)";
    return sql + ")";
}

/// ` AND contract IN (?, …)`, or nothing.
std::string one_contract_of(const std::optional<std::vector<ci_string>>& contracts)
{
    if (!contracts) return {};
    std::string sql = " AND contract IN (";
    for (std::size_t i = 0; i < contracts->size(); ++i) sql += i == 0 ? "?" : ", ?";
    return sql + ")";
}

/// Names the index where SQLite might choose a worse one: what has changed since is most often
/// little of much and wanted in that order, and for a plain count the smallest index is the best.
std::string_view index_hint(const list_query& wanted)
{
    if (wanted.alias) return " INDEXED BY record_by_alias";
    const bool are_few = wanted.contracts && wanted.contracts->size() <= few_contracts;
    if (wanted.changed_after && !are_few) return " INDEXED BY record_by_change";
    if (wanted.contracts) return " INDEXED BY record_by_contract";
    if (wanted.ranked) return " INDEXED BY record_by_rank";
    const bool is_plain = !wanted.date_from && !wanted.date_to && !wanted.owners && !wanted.emsps;
    return is_plain ? " INDEXED BY record_by_creation" : "";
}

std::string from_and_condition(const list_query& wanted)
{
    std::string sql = " FROM record";
    sql.append(index_hint(wanted)).append(" WHERE module = ?");
    if (wanted.alias) sql += " AND alias = ?";
    sql += one_contract_of(wanted.contracts);
    if (wanted.ranked) sql += " AND rank IS NOT NULL";
    if (wanted.ranked && wanted.ranked->below) sql += " AND rank < ?";
    if (wanted.ranked && wanted.ranked->above) sql += " AND rank > ?";
    if (wanted.changed_after) sql += " AND revision > ?";
    if (wanted.date_from) sql += " AND last_updated >= ?";
    if (wanted.date_to) sql += " AND last_updated < ?";
    sql += one_of("country_code, party_id", wanted.owners);
    sql += one_of("emsp_country_code, emsp_party_id", wanted.emsps);
    return sql;
}

void bind_parties(query& into, const std::optional<std::vector<party>>& parties)
{
    if (!parties) return;
    for (const party& each : *parties) {
        into.bind(each.country_code.folded());
        into.bind(each.party_id.folded());
    }
}

std::string_view order_of(const list_query& wanted)
{
    if (wanted.changed_after) return " ORDER BY revision";
    if (!wanted.ranked) return " ORDER BY sequence";
    return goes_upwards(wanted) ? " ORDER BY rank" : " ORDER BY rank DESC";
}

}  // namespace

std::int64_t clamped(std::uint64_t value)
{
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return static_cast<std::int64_t>(std::min(value, most));
}

std::string count_sql(const list_query& wanted)
{
    return "SELECT count(*)" + from_and_condition(wanted);
}

std::string places_sql(const list_query& wanted)
{
    std::string sql = "SELECT sequence" + from_and_condition(wanted);
    sql.append(order_of(wanted)) += " LIMIT ? OFFSET ?";
    return sql;
}

/// In the order of from_and_condition().
void bind_condition(query& into, std::string_view module, const list_query& wanted)
{
    into.bind(module);
    if (wanted.alias) into.bind(*wanted.alias);
    if (wanted.contracts) {
        for (const auto& each : *wanted.contracts) into.bind(each.folded());
    }
    if (wanted.ranked && wanted.ranked->below) into.bind(*wanted.ranked->below);
    if (wanted.ranked && wanted.ranked->above) into.bind(*wanted.ranked->above);
    if (wanted.changed_after) into.bind(clamped(*wanted.changed_after));
    if (wanted.date_from) into.bind(wanted.date_from->milliseconds());
    if (wanted.date_to) into.bind(wanted.date_to->milliseconds());
    bind_parties(into, wanted.owners);
    bind_parties(into, wanted.emsps);
}

}  // namespace ocpi::crud::sqlite
