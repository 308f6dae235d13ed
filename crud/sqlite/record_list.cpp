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

/// Records by their places in the store.
using place_list = std::vector<std::int64_t>;

/// Beyond, SQLite sorts: in memory these take 8 MiB.
constexpr std::uint64_t max_places_in_memory = 1'000'000;

place_list find_places(database& connection, const selection& wanted, std::int64_t limit)
{
    query finding(connection, places_sql(wanted));
    bind_condition(finding, wanted);
    finding.bind(limit).bind(clamped(wanted.offset));
    place_list found;
    while (finding.step()) found.push_back(finding.integer(0));
    return found;
}

/// The same by a look at all that match, in the index of dates: SQLite would sort all that come
/// before the page.
place_list find_places_by_date(database& connection, const selection& wanted)
{
    place_list found;
    query finding(connection, all_places_sql(wanted));
    bind_condition(finding, wanted);
    while (finding.step()) found.push_back(finding.integer(0));
    const auto begin = found.begin() + std::min(clamped(wanted.offset), std::ssize(found));
    const auto end = begin + std::min(clamped(wanted.limit), found.end() - begin);
    std::nth_element(found.begin(), begin, found.end());
    std::partial_sort(begin, end, found.end());
    return place_list(begin, end);
}

/// The records at the first `count` places, as many of them as the page may hold.
std::vector<record> read_places(database& connection, const place_list& from, std::size_t count,
                                std::uint64_t max_bytes)
{
    std::vector<record> records;
    byte_bound bound(max_bytes);
    while (records.size() < count) {
        auto found = find_record_within(connection, from[records.size()], bound);
        if (!found) break;
        records.push_back(std::move(*found));
    }
    return records;
}

std::vector<record> read_heads(database& connection, const place_list& from, std::size_t count)
{
    std::vector<record> records;
    while (records.size() < count) {
        auto found = find_record_head(connection, from[records.size()]);
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
    const auto found = find_places(connection, wanted, limit + 1);
    const auto count = std::min(found.size(), static_cast<std::size_t>(limit));
    answer.records = wanted.needs_json
                         ? read_places(connection, found, count, wanted.max_bytes)
                         : read_heads(connection, found, count);
    answer.is_last_page = answer.records.size() == found.size();
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
        const bool is_by_date = wanted.is_read_by_date && answer.total <= max_places_in_memory;
        const auto found = is_by_date ? find_places_by_date(connection, wanted)
                                      : find_places(connection, wanted, clamped(wanted.limit));
        answer.records = read_places(connection, found, found.size(), wanted.max_bytes);
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

result<revision> find_latest_revision(database& connection)
{
    return read_latest_numbers(connection).revision;
}

}  // namespace ocpi::crud::sqlite
