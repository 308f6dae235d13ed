#include "crud/page_bound.hpp"
#include "crud/sqlite/database.hpp"
#include "crud/sqlite/list_sql.hpp"
#include "crud/sqlite/record_row.hpp"
#include "crud/sqlite/records.hpp"
#include "crud/sqlite/statement.hpp"
#include "crud/sqlite/transaction.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <vector>

namespace ocpi::crud::sqlite {
namespace {

const std::string select_by_sequence =
    "SELECT " + record_columns + " FROM record WHERE sequence = ?";

std::uint64_t count(database& connection, std::string_view module, const list_query& wanted)
{
    query counting(connection, count_sql(wanted));
    bind_condition(counting, module, wanted);
    counting.step();
    return static_cast<std::uint64_t>(counting.integer(0));
}

std::vector<std::int64_t> find_places(database& connection, std::string_view module,
                                      const list_query& wanted, std::int64_t limit)
{
    query finding(connection, places_sql(wanted));
    bind_condition(finding, module, wanted);
    finding.bind(limit).bind(clamped(wanted.offset));
    std::vector<std::int64_t> places;
    while (finding.step()) places.push_back(finding.integer(0));
    return places;
}

/// The records at the first `count` places, as many of them as the page may hold.
std::vector<record> read_places(database& connection, const std::vector<std::int64_t>& places,
                                std::size_t count, std::uint64_t max_bytes)
{
    std::vector<record> records;
    byte_bound bound(max_bytes);
    while (records.size() < count) {
        query reading(connection, select_by_sequence);
        reading.bind(places[records.size()]);
        if (!reading.step() || !bound.admit(json_size(reading))) break;
        records.push_back(read_record(reading));
    }
    return records;
}

/// In the order of creation, with the exact total.
page read_counted_page(database& connection, std::string_view module, const list_query& wanted)
{
    page answer;
    answer.total = count(connection, module, wanted);
    if (wanted.offset >= answer.total) return answer;
    const auto places = find_places(connection, module, wanted, clamped(wanted.limit));
    answer.records = read_places(connection, places, places.size(), wanted.max_bytes);
    answer.is_last_page = answer.records.size() == answer.total - wanted.offset;
    return answer;
}

/// Of a list that is not counted. One place more than the page holds tells whether there are
/// others beyond it.
page read_uncounted_page(database& connection, std::string_view module, const list_query& wanted)
{
    const auto limit =
        std::min(clamped(wanted.limit), std::numeric_limits<std::int64_t>::max() - 1);
    const auto places = find_places(connection, module, wanted, limit + 1);
    const auto count = std::min(places.size(), static_cast<std::size_t>(limit));
    page answer;
    answer.records = read_places(connection, places, count, wanted.max_bytes);
    answer.is_last_page = answer.records.size() == places.size();
    if (goes_upwards(wanted)) std::reverse(answer.records.begin(), answer.records.end());
    return answer;
}

revision latest_change(database& connection)
{
    query reading(connection, "SELECT last FROM change_number");
    return reading.step() ? static_cast<revision>(reading.integer(0)) : 0;
}

bool matches_nothing(const list_query& wanted)
{
    return (wanted.owners && wanted.owners->empty()) || (wanted.emsps && wanted.emsps->empty()) ||
           (wanted.contracts && wanted.contracts->empty()) ||
           (wanted.alias && wanted.alias->empty());
}

}  // namespace

result<page> list_records(database& connection, std::string_view module, const list_query& wanted)
{
    page answer;
    transaction moment(connection, transaction::kind::read);
    const auto as_of = latest_change(connection);
    if (matches_nothing(wanted)) {
        // And has but an empty page.
    } else if (wanted.ranked || wanted.changed_after) {
        answer = read_uncounted_page(connection, module, wanted);
    } else {
        answer = read_counted_page(connection, module, wanted);
    }
    answer.as_of = as_of;
    moment.commit();
    return answer;
}

}  // namespace ocpi::crud::sqlite
