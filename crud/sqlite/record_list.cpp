#include "crud/sqlite/database.hpp"
#include "crud/sqlite/record_row.hpp"
#include "crud/sqlite/records.hpp"
#include "crud/sqlite/statement.hpp"
#include "crud/sqlite/transaction.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <string_view>

namespace ocpi::crud::sqlite {
namespace {

std::int64_t clamped(std::uint64_t value)
{
    constexpr auto most = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
    return static_cast<std::int64_t>(std::min(value, most));
}

/// ` AND (a, b) IN (VALUES (?, ?), …)` with a pair for each party, or nothing.
std::string one_of(const std::string& columns, const std::optional<std::vector<party>>& parties)
{
    if (!parties) return {};
    std::string sql = " AND (" + columns + ") IN (VALUES ";
    for (std::size_t i = 0; i < parties->size(); ++i) sql += i == 0 ? "(?, ?)" : ", (?, ?)";
    return sql + ")";
}

/// Names the index where SQLite might choose a worse one: what has changed since is most often
/// little of much, and for a plain count the smallest index is the best.
std::string_view index_hint(const list_query& wanted)
{
    if (wanted.changed_after) return " INDEXED BY record_by_change";
    const bool is_plain = !wanted.date_from && !wanted.date_to && !wanted.owners && !wanted.emsps;
    return is_plain ? " INDEXED BY record_by_creation" : "";
}

/// The shape depends on what the query asks for, never on its values.
std::string from_and_condition(const list_query& wanted)
{
    std::string sql = " FROM record";
    sql.append(index_hint(wanted)).append(" WHERE module = ?");
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

/// In the order of from_and_condition().
void bind_condition(query& into, std::string_view module, const list_query& wanted)
{
    into.bind(module);
    if (wanted.changed_after) into.bind(clamped(*wanted.changed_after));
    if (wanted.date_from) into.bind(wanted.date_from->milliseconds());
    if (wanted.date_to) into.bind(wanted.date_to->milliseconds());
    bind_parties(into, wanted.owners);
    bind_parties(into, wanted.emsps);
}

std::uint64_t count(database& connection, std::string_view module, const list_query& wanted)
{
    query counting(connection, "SELECT count(*)" + from_and_condition(wanted));
    bind_condition(counting, module, wanted);
    counting.step();
    return static_cast<std::uint64_t>(counting.integer(0));
}

/// Chooses the records within the indexes first, so that only those of the page are read.
std::vector<record> read_page(database& connection, std::string_view module,
                              const list_query& wanted)
{
    query reading(connection, "SELECT " + record_columns +
                                  " FROM record WHERE sequence IN (SELECT sequence" +
                                  from_and_condition(wanted) +
                                  " ORDER BY sequence LIMIT ? OFFSET ?) ORDER BY sequence");
    bind_condition(reading, module, wanted);
    reading.bind(clamped(wanted.limit)).bind(clamped(wanted.offset));
    std::vector<record> records;
    while (reading.step()) records.push_back(read_record(reading));
    return records;
}

bool matches_nothing(const list_query& wanted)
{
    return (wanted.owners && wanted.owners->empty()) || (wanted.emsps && wanted.emsps->empty());
}

}  // namespace

result<page> list_records(database& connection, std::string_view module, const list_query& wanted)
{
    page answer;
    if (matches_nothing(wanted)) return answer;
    transaction moment(connection, transaction::kind::read);
    answer.total = count(connection, module, wanted);
    if (wanted.offset < answer.total) answer.records = read_page(connection, module, wanted);
    answer.is_last_page =
        wanted.offset >= answer.total || answer.records.size() == answer.total - wanted.offset;
    moment.commit();
    return answer;
}

}  // namespace ocpi::crud::sqlite
