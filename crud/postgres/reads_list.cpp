// The lists of the port: in the order of creation, by sort_key, and in the order of change.

#include "crud/postgres/filter_sql.hpp"
#include "crud/postgres/list_sql.hpp"
#include "crud/postgres/page_statements.hpp"
#include "crud/postgres/reads.hpp"
#include "crud/postgres/snapshot.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace ocpi::crud::postgres {
namespace {

namespace asio = boost::asio;

revision revision_in(const rows& from)
{
    return from.size() == 0 ? 0 : static_cast<revision>(from.integer(0, 0));
}

std::uint64_t count_in(const rows& from, int column)
{
    return static_cast<std::uint64_t>(std::max<std::int64_t>(from.integer(0, column), 0));
}

void fill(page& into, const rows& from, const list_query& query)
{
    into.records = read_page(from, query.limit);
    into.is_last_page =
        query.offset >= into.total || into.records.size() == into.total - query.offset;
}

/// Total and page in one trip.
asio::awaitable<page> list_at_once(connection& on, command counting, command reading,
                                   const list_query& query)
{
    std::vector<command> commands;
    commands.push_back(begin_snapshot());
    commands.push_back(read_latest_revision());
    commands.push_back(std::move(counting));
    commands.push_back(std::move(reading));
    commands.push_back(end_snapshot());
    const auto found = co_await on.run(std::move(commands));
    page listed;
    listed.as_of = revision_in(found[1]);
    listed.total = count_in(found[2], 0);
    fill(listed, found[3], query);
    co_return listed;
}

/// How the page is read depends on the total.
asio::awaitable<page> list_by_date(connection& on, const std::string& module, folded_filter filter,
                                   const list_query& query)
{
    std::vector<command> counting;
    counting.push_back(begin_snapshot());
    counting.push_back(read_latest_revision());
    counting.push_back(count_by_days(module, filter));
    const auto counted = co_await on.run(std::move(counting));
    page listed;
    listed.as_of = revision_in(counted[1]);
    listed.total = count_in(counted[2], 0);
    std::vector<command> reading;
    const bool has_page = query.offset < listed.total;
    if (has_page) {
        const bool is_bounded = listed.total < count_in(counted[2], 1);
        if (!is_bounded) filter.date_from = filter.date_to = std::nullopt;
        const auto course = is_bounded ? choose_course(query, listed.total, count_in(counted[2], 2))
                                       : list_course::by_blocks;
        reading.push_back(list_page(module, filter, query, course));
    }
    reading.push_back(end_snapshot());
    const auto found = co_await on.run(std::move(reading));
    if (has_page) fill(listed, found[0], query);
    co_return listed;
}

asio::awaitable<page> list_none(connection& on)
{
    std::vector<command> commands;
    commands.push_back(read_latest_revision());
    const auto found = co_await on.run(std::move(commands));
    page listed;
    listed.as_of = revision_in(found[0]);
    co_return listed;
}

/// Of a list that is not counted: one record more than the page holds tells whether there are
/// others beyond it.
template <class Page>
void fill_uncounted(Page& into, const rows& from, std::uint64_t limit)
{
    into.records = read_page(from, limit);
    into.is_last_page = into.records.size() == static_cast<std::size_t>(from.size());
}

}  // namespace

asio::awaitable<result<page>> list_records(connection& on, std::string module, list_query query)
{
    const folded_filter filter(query);
    if (filter.matches_none()) co_return co_await list_none(on);
    const bool is_dated = filter.date_from || filter.date_to;
    if (is_dated && !filter.contracts) co_return co_await list_by_date(on, module, filter, query);
    const auto course = filter.contracts ? list_course::by_contract : list_course::by_blocks;
    auto counting = filter.contracts ? count_contracts(module, filter) : count_all(module, filter);
    auto reading = list_page(module, filter, query, course);
    co_return co_await list_at_once(on, std::move(counting), std::move(reading), query);
}

asio::awaitable<result<sorted_page>> list_sorted_records(connection& on, std::string module,
                                                         sorted_query query)
{
    sorted_page listed;
    const folded_filter filter(query);
    if (filter.matches_none()) co_return listed;
    std::vector<command> commands;
    commands.push_back(sorted_page_statement(module, filter, query));
    const auto found = co_await on.run(std::move(commands));
    fill_uncounted(listed, found[0], query.limit);
    if (query.range.goes_upwards()) std::reverse(listed.records.begin(), listed.records.end());
    co_return listed;
}

asio::awaitable<result<changes_page>> list_changed_records(connection& on, std::string module,
                                                           changes_query query)
{
    changes_page listed;
    const folded_filter filter(query);
    std::vector<command> commands;
    commands.push_back(begin_snapshot());
    commands.push_back(read_latest_revision());
    if (!filter.matches_none()) {
        commands.push_back(changes_page_statement(module, filter, query));
    }
    commands.push_back(end_snapshot());
    const auto found = co_await on.run(std::move(commands));
    listed.as_of = revision_in(found[1]);
    if (!filter.matches_none()) fill_uncounted(listed, found[2], query.limit);
    co_return listed;
}

}  // namespace ocpi::crud::postgres
