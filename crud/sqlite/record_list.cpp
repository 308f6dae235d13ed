#include "crud/errors.hpp"
#include "crud/page_bound.hpp"
#include "crud/sqlite/database.hpp"
#include "crud/sqlite/list_sql.hpp"
#include "crud/sqlite/list_totals.hpp"
#include "crud/sqlite/records.hpp"
#include "crud/sqlite/statement.hpp"
#include "crud/sqlite/transaction.hpp"
#include "crud/sqlite/write_transaction.hpp"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::crud::sqlite {
namespace {

std::vector<std::int64_t> find_places(database& connection, const selection& wanted,
                                      std::int64_t limit)
{
    query finding(connection, places_sql(wanted));
    bind_condition(finding, wanted);
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
        auto found = find_record_within(connection, places[records.size()], bound);
        if (!found) break;
        records.push_back(std::move(*found));
    }
    return records;
}

/// Of a list that is not counted. One place more than the page holds tells whether there are
/// others beyond it.
template <class Page>
void read_uncounted_page(database& connection, const selection& wanted, Page& answer)
{
    const auto limit =
        std::min(clamped(wanted.limit), std::numeric_limits<std::int64_t>::max() - 1);
    const auto places = find_places(connection, wanted, limit + 1);
    const auto count = std::min(places.size(), static_cast<std::size_t>(limit));
    answer.records = read_places(connection, places, count, wanted.max_bytes);
    answer.is_last_page = answer.records.size() == places.size();
    if (wanted.goes_upwards()) std::reverse(answer.records.begin(), answer.records.end());
}

}  // namespace

result<page> list_records(database& connection, std::string_view module, list_query query)
{
    page answer;
    transaction snapshot(connection, transaction::kind::read);
    selection wanted(connection.numbers(), module, query);
    answer.as_of = read_latest_numbers(connection).revision;
    if (!wanted.matches_none()) answer.total = count_list(connection, wanted);
    if (query.offset < answer.total) {
        choose_course(connection, wanted, answer.total);
        const auto places = find_places(connection, wanted, clamped(wanted.limit));
        answer.records = read_places(connection, places, places.size(), wanted.max_bytes);
        answer.is_last_page = answer.records.size() == answer.total - query.offset;
    }
    snapshot.commit();
    return answer;
}

result<record> find_record_by_secondary_key(database& connection, std::string_view module,
                                            std::string key, record_filter filter)
{
    selection wanted(connection.numbers(), module, filter);
    if (key.empty() || wanted.matches_none()) return no_such_record();
    wanted.secondary_key = std::move(key);
    wanted.limit = 1;
    sorted_page found;
    read_uncounted_page(connection, wanted, found);
    if (found.records.empty()) return no_such_record();
    return std::move(found.records.front());
}

result<sorted_page> list_sorted_records(database& connection, std::string_view module,
                                        sorted_query query)
{
    sorted_page answer;
    transaction snapshot(connection, transaction::kind::read);
    const selection wanted(connection.numbers(), module, query);
    if (!wanted.matches_none()) read_uncounted_page(connection, wanted, answer);
    snapshot.commit();
    return answer;
}

result<changes_page> list_changed_records(database& connection, std::string_view module,
                                          changes_query query)
{
    changes_page answer;
    transaction snapshot(connection, transaction::kind::read);
    const selection wanted(connection.numbers(), module, query);
    answer.as_of = read_latest_numbers(connection).revision;
    if (!wanted.matches_none()) read_uncounted_page(connection, wanted, answer);
    snapshot.commit();
    return answer;
}

}  // namespace ocpi::crud::sqlite
