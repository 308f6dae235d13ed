#include "crud/postgres/filter_sql.hpp"

#include "crud/postgres/record_row.hpp"
#include "crud/postgres/text_value.hpp"

#include <algorithm>
#include <cstddef>
#include <limits>

namespace ocpi::crud::postgres {
namespace {

/// Between country code and party id where both are one text; no key has it.
constexpr char separator = '\x1F';

template <class Value>
void sort_once_each(std::vector<Value>& values)
{
    std::sort(values.begin(), values.end());
    values.erase(std::unique(values.begin(), values.end()), values.end());
}

std::vector<folded_pair> folded_parties(const std::vector<party>& parties)
{
    std::vector<folded_pair> made;
    for (const auto& each : parties) {
        folded_pair folded(each.country_code.folded(), each.party_id.folded());
        if (is_text(folded.first) && is_text(folded.second)) made.push_back(std::move(folded));
    }
    sort_once_each(made);
    return made;
}

template <class Values>
bool is_empty(const std::optional<Values>& values) noexcept
{
    return values && values->empty();
}

/// `country_code = $1 AND party_id = $2`
std::string equals(statement_builder& into, const std::string& prefix, const folded_pair& party)
{
    return prefix + "country_code = " + into.add(party.first) + " AND " + prefix +
           "party_id = " + into.add(party.second);
}

/// `country_code || … || party_id = ANY ($1)`: no index has it.
std::string is_one_of(statement_builder& into, const std::string& prefix,
                      const std::vector<folded_pair>& parties)
{
    std::vector<std::string> joined;
    joined.reserve(parties.size());
    for (const auto& each : parties) joined.push_back(each.first + separator + each.second);
    return prefix + "country_code || E'\\x1F' || " + prefix + "party_id = ANY (" +
           into.add(joined) + ')';
}

std::string choose(statement_builder& into, const std::string& prefix,
                   const std::vector<folded_pair>& parties, party_lookup lookup)
{
    const bool is_single = lookup == party_lookup::by_index && parties.size() == 1;
    return " AND " +
           (is_single ? equals(into, prefix, parties.front()) : is_one_of(into, prefix, parties));
}

}  // namespace

folded_filter::folded_filter(const record_filter& filter)
    : date_from(filter.date_from),
      date_to(filter.date_to),
      not_owned_by(folded_parties(filter.not_owned_by))
{
    if (filter.owners) owners = folded_parties(*filter.owners);
    if (filter.emsps) emsps = folded_parties(*filter.emsps);
    if (filter.contracts) contracts = folded_contracts(*filter.contracts);
}

bool folded_filter::matches_none() const noexcept
{
    return is_empty(owners) || is_empty(emsps) || is_empty(contracts) ||
           (date_from && date_to && *date_from >= *date_to);
}

std::vector<std::string> folded_contracts(const std::vector<ci_string>& contracts)
{
    std::vector<std::string> made;
    for (const auto& each : contracts) {
        if (is_text(each.str())) made.push_back(each.folded());
    }
    sort_once_each(made);
    return made;
}

std::string parties_condition(statement_builder& into, const folded_filter& filter,
                              party_lookup lookup)
{
    std::string sql;
    if (filter.owners) sql += choose(into, "", *filter.owners, lookup);
    if (!filter.not_owned_by.empty()) {
        sql += " AND NOT (" + is_one_of(into, "", filter.not_owned_by) + ')';
    }
    if (filter.emsps) sql += choose(into, "emsp_", *filter.emsps, lookup);
    return sql;
}

std::string dates_condition(statement_builder& into, const folded_filter& filter)
{
    std::string sql;
    if (filter.date_from)
        sql += " AND last_updated >= " + into.add(filter.date_from->milliseconds());
    if (filter.date_to) sql += " AND last_updated < " + into.add(filter.date_to->milliseconds());
    return sql;
}

std::string contracts_condition(statement_builder& into, const folded_filter& filter)
{
    if (!filter.contracts) return {};
    return " AND contract = ANY (" + into.add(*filter.contracts) + ')';
}

std::string filter_condition(statement_builder& into, const folded_filter& filter)
{
    auto sql = dates_condition(into, filter);
    sql += contracts_condition(into, filter);
    return sql + parties_condition(into, filter, party_lookup::by_row);
}

std::int64_t clamped(std::uint64_t value) noexcept
{
    constexpr auto max_value = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return static_cast<std::int64_t>(std::min(value, max_value));
}

std::string page_sql(const std::string& source, const std::string& order,
                     const std::string& max_bytes, const std::string& others)
{
    return std::string("SELECT ") + head_columns + ", CASE WHEN bytes <= " + max_bytes +
           " OR bytes = size THEN json END" + others +
           " FROM (SELECT *, octet_length(json) AS size, sum(octet_length(json)) OVER (ORDER BY " +
           order + " ROWS UNBOUNDED PRECEDING) AS bytes FROM (" + source +
           ") AS chosen) AS measured ORDER BY " + order;
}

std::vector<record> read_page(const rows& from, std::uint64_t limit)
{
    std::vector<record> records;
    const auto count = std::min<std::uint64_t>(static_cast<std::uint64_t>(from.size()), limit);
    records.reserve(static_cast<std::size_t>(count));
    for (int row = 0; records.size() < count; ++row) {
        if (from.is_null(row, json_column)) break;
        records.push_back(read_record(from, row));
    }
    return records;
}

}  // namespace ocpi::crud::postgres
