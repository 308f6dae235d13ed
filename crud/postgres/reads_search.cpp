#include "crud/postgres/filter_sql.hpp"
#include "crud/postgres/page_statements.hpp"
#include "crud/postgres/reads.hpp"
#include "crud/postgres/record_row.hpp"
#include "crud/postgres/search_sql.hpp"
#include "crud/postgres/snapshot.hpp"
#include "crud/search.hpp"

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

namespace ocpi::crud::postgres {
namespace {

namespace asio = boost::asio;

constexpr int match_column = first_free_column;
constexpr int place_column = first_free_column + 1;

search_page make_page(const rows& from, const search_query& query)
{
    search_page page;
    page.is_last_page = false;
    for (int row = 0; row < from.size(); ++row) {
        const bool is_match = from.integer(row, match_column) != 0;
        if (is_match) {
            if (page.records.size() == query.limit || from.is_null(row, json_column)) return page;
            page.records.push_back(read_record(from, row));
            page.reached = place_of(page.records.back().document);
        }
        if (from.integer(row, place_column) < max_walked) continue;
        page.reached = is_match ? page.reached : place_of(read_record(from, row).document);
        return page;
    }
    page.is_last_page = true;
    return page;
}

asio::awaitable<rows> run_one(connection& on, command asked)
{
    std::vector<command> commands;
    commands.push_back(std::move(asked));
    auto found = co_await on.run(std::move(commands));
    co_return std::move(found.front());
}

/// std::nullopt when the contracts have too many records.
asio::awaitable<std::optional<rows>> find_among_candidates(connection& on, command counting,
                                                           command asked)
{
    std::vector<command> commands;
    commands.push_back(begin_snapshot());
    commands.push_back(std::move(counting));
    commands.push_back(std::move(asked));
    commands.push_back(end_snapshot());
    auto found = co_await on.run(std::move(commands));
    if (found[1].integer(0, 0) > max_candidates) co_return std::nullopt;
    co_return std::move(found[2]);
}

asio::awaitable<rows> find_rows(connection& on, const std::string& module,
                                const folded_search& wanted, const search_bounds& bounds)
{
    if (wanted.contracts) {
        auto counting = count_candidates(module, wanted);
        auto asked = search_among_candidates(module, wanted, bounds);
        auto found = co_await find_among_candidates(on, std::move(counting), std::move(asked));
        if (found) co_return std::move(*found);
    }
    auto asked = wanted.is_plain() ? plain_search(module, wanted, bounds)
                                   : search_by_walk(module, wanted, bounds);
    co_return co_await run_one(on, std::move(asked));
}

}  // namespace

asio::awaitable<result<search_page>> search_records(connection& on, std::string module,
                                                    search_query query)
{
    folded_search wanted(query);
    if (wanted.matches_none()) co_return search_page();
    if (query.after) wanted.go_on_behind(*query.after);
    if (query.before) wanted.go_on_before(*query.before);
    search_bounds bounds;
    bounds.is_upwards = query.before.has_value();
    bounds.limit = one_more_than(query.limit);
    bounds.max_bytes = clamped(query.max_bytes);
    const auto found = co_await find_rows(on, module, wanted, bounds);
    auto page = make_page(found, query);
    if (query.before) std::reverse(page.records.begin(), page.records.end());
    co_return page;
}

}  // namespace ocpi::crud::postgres
