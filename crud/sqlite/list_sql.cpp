#include "crud/sqlite/list_sql.hpp"

#include "crud/sqlite/names.hpp"
#include "crud/sqlite/statement.hpp"

#include <algorithm>
#include <limits>
#include <utility>

namespace ocpi::crud::sqlite {
namespace {

/// The records of so many contracts are sooner sorted by change than found among all changes.
constexpr std::size_t few_contracts = 16;

/// ` AND column IN (?, …)`
std::string one_of(const std::string& column, std::size_t count)
{
    std::string sql = " AND " + column + " IN (";
    for (std::size_t i = 0; i < count; ++i) sql += i == 0 ? "?" : ", ?";
    return sql + ")";
}

template <class Values>
bool is_empty(const std::optional<Values>& values) noexcept
{
    return values && values->empty();
}

/// Names the index, as SQLite knows less of what is stored.
std::string_view index_hint(const selection& wanted)
{
    if (wanted.secondary_key) return " INDEXED BY record_by_secondary_key";
    const bool are_few = wanted.contracts && wanted.contracts->size() <= few_contracts;
    if (wanted.after && !are_few) return " INDEXED BY record_by_change";
    if (wanted.contracts) return " INDEXED BY record_by_contract";
    if (wanted.range) return " INDEXED BY record_by_sort_key";
    return wanted.is_read_by_date ? " INDEXED BY record_by_date" : " INDEXED BY record_by_creation";
}

std::string from_and_condition(const selection& wanted)
{
    std::string sql = " FROM record";
    sql.append(index_hint(wanted)).append(" WHERE module = ?");
    if (wanted.secondary_key) sql += " AND secondary_key = ?";
    if (wanted.contracts) sql += one_of("contract", wanted.contracts->size());
    if (wanted.range) sql += " AND sort_key IS NOT NULL";
    if (wanted.range && wanted.range->below) sql += " AND sort_key < ?";
    if (wanted.range && wanted.range->above) sql += " AND sort_key > ?";
    if (wanted.after) sql += " AND revision > ?";
    if (wanted.date_from) sql += " AND last_updated >= ?";
    if (wanted.date_to) sql += " AND last_updated < ?";
    if (wanted.from_sequence) sql += " AND sequence >= ?";
    if (wanted.before_sequence) sql += " AND sequence < ?";
    return sql + parties_condition(wanted);
}

void bind_all(query& into, const std::vector<std::int64_t>& numbers)
{
    for (const auto each : numbers) into.bind(each);
}

std::string_view order_of(const selection& wanted)
{
    if (wanted.after) return " ORDER BY revision";
    if (wanted.before_sequence) return " ORDER BY sequence DESC";
    if (!wanted.range) return " ORDER BY sequence";
    return wanted.goes_upwards() ? " ORDER BY sort_key" : " ORDER BY sort_key DESC";
}

}  // namespace

selection::selection(names& numbers, std::string_view module_name, const record_filter& filter)
    : module(numbers.find_module(module_name)),
      date_from(filter.date_from),
      date_to(filter.date_to),
      not_owned_by(numbers.find_parties(filter.not_owned_by))
{
    if (filter.owners) owners = numbers.find_parties(*filter.owners);
    if (filter.emsps) emsps = numbers.find_parties(*filter.emsps);
    if (!filter.contracts) return;
    contracts.emplace();
    for (const auto& each : *filter.contracts) contracts->push_back(each.folded());
}

selection::selection(names& numbers, std::string_view module_name, const list_query& query)
    : selection(numbers, module_name, static_cast<const record_filter&>(query))
{
    offset = query.offset;
    limit = query.limit;
    max_bytes = query.max_bytes;
}

selection::selection(names& numbers, std::string_view module_name, const sorted_query& query)
    : selection(numbers, module_name, static_cast<const record_filter&>(query))
{
    range = query.range;
    limit = query.limit;
    max_bytes = query.max_bytes;
}

selection::selection(names& numbers, std::string_view module_name, const changes_query& query)
    : selection(numbers, module_name, static_cast<const record_filter&>(query))
{
    after = query.after;
    needs_json = query.needs_json;
    limit = query.limit;
    max_bytes = query.max_bytes;
}

bool selection::matches_none() const noexcept
{
    return is_empty(owners) || is_empty(emsps) || is_empty(contracts);
}

std::string parties_condition(const selection& wanted)
{
    std::string sql;
    if (wanted.owners) sql += one_of("owner", wanted.owners->size());
    if (!wanted.not_owned_by.empty()) {
        sql += one_of("owner NOT", wanted.not_owned_by.size());
    }
    if (wanted.emsps) sql += one_of("emsp", wanted.emsps->size());
    return sql;
}

void bind_parties(query& into, const selection& wanted)
{
    if (wanted.owners) bind_all(into, *wanted.owners);
    bind_all(into, wanted.not_owned_by);
    if (wanted.emsps) bind_all(into, *wanted.emsps);
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

std::string all_places_sql(const selection& wanted)
{
    return "SELECT sequence" + from_and_condition(wanted);
}

std::string places_sql(const selection& wanted)
{
    std::string sql = all_places_sql(wanted);
    sql.append(order_of(wanted)) += " LIMIT ? OFFSET ?";
    return sql;
}

/// In the order of from_and_condition().
void bind_condition(query& into, const selection& wanted)
{
    into.bind(wanted.module);
    if (wanted.secondary_key) into.bind(*wanted.secondary_key);
    if (wanted.contracts) {
        for (const auto& each : *wanted.contracts) into.bind(each);
    }
    if (wanted.range && wanted.range->below) into.bind(*wanted.range->below);
    if (wanted.range && wanted.range->above) into.bind(*wanted.range->above);
    if (wanted.after) into.bind(clamped(*wanted.after));
    if (wanted.date_from) into.bind(wanted.date_from->milliseconds());
    if (wanted.date_to) into.bind(wanted.date_to->milliseconds());
    if (wanted.from_sequence) into.bind(*wanted.from_sequence);
    if (wanted.before_sequence) into.bind(*wanted.before_sequence);
    bind_parties(into, wanted);
}

}  // namespace ocpi::crud::sqlite
