#include "crud/sqlite/database.hpp"
#include "crud/sqlite/list_sql.hpp"
#include "crud/sqlite/record_row.hpp"
#include "crud/sqlite/records.hpp"
#include "crud/sqlite/statement.hpp"
#include "crud/sqlite/transaction.hpp"

#include <algorithm>
#include <limits>

namespace ocpi::crud::sqlite {
namespace {

std::uint64_t count(database& connection, std::string_view module, const list_query& wanted)
{
    query counting(connection, count_sql(wanted));
    bind_condition(counting, module, wanted);
    counting.step();
    return static_cast<std::uint64_t>(counting.integer(0));
}

std::vector<record> read_page(database& connection, std::string_view module,
                              const list_query& wanted)
{
    query reading(connection, page_sql(wanted));
    bind_condition(reading, module, wanted);
    reading.bind(clamped(wanted.limit)).bind(clamped(wanted.offset));
    std::vector<record> records;
    while (reading.step()) records.push_back(read_record(reading));
    return records;
}

/// Of a list that is not counted. One record more than the page holds tells whether there are
/// others beyond it.
page read_uncounted_page(database& connection, std::string_view module, const list_query& wanted)
{
    query reading(connection, page_sql(wanted));
    bind_condition(reading, module, wanted);
    const auto limit =
        std::min(clamped(wanted.limit), std::numeric_limits<std::int64_t>::max() - 1);
    reading.bind(limit + 1);
    page answer;
    auto& records = answer.records;
    while (reading.step()) records.push_back(read_record(reading));
    if (wanted.ranked) {
        std::sort(records.begin(), records.end(), [](const record& a, const record& b) {
            return a.document.rank > b.document.rank;
        });
    }
    answer.is_last_page = records.size() <= static_cast<std::uint64_t>(limit);
    if (!answer.is_last_page) {
        records.erase(goes_upwards(wanted) ? records.begin() : records.end() - 1);
    }
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
        answer.total = count(connection, module, wanted);
        if (wanted.offset < answer.total) answer.records = read_page(connection, module, wanted);
        answer.is_last_page =
            wanted.offset >= answer.total || answer.records.size() == answer.total - wanted.offset;
    }
    answer.as_of = as_of;
    moment.commit();
    return answer;
}

}  // namespace ocpi::crud::sqlite
