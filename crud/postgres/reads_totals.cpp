#include "crud/postgres/filter_sql.hpp"
#include "crud/postgres/reads.hpp"
#include "crud/postgres/search_sql.hpp"
#include "crud/postgres/snapshot.hpp"
#include "crud/postgres/text_value.hpp"
#include "crud/postgres/totals_sql.hpp"
#include "ocpi/base/decimal.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::crud::postgres {
/// The sums, and which records they are of.
struct summing {
    std::optional<totals> made;
    examined which = examined::ranges;
    bool is_by_slots = false;
};

namespace {

namespace asio = boost::asio;

/// A number that counts millionths.
decimal from_millionths(std::string_view digits)
{
    const auto value = decimal::parse(std::string(digits) + "e-6");
    return value ? *value : decimal();
}

/// std::nullopt when a part has looked at more records than it may.
std::optional<totals> add_up(const rows& from, std::int64_t max_examined, bool is_of_slots)
{
    std::map<std::string, totals::part> by_currency;
    std::map<std::int64_t, std::int64_t> examined;
    for (int row = 0; row < from.size(); ++row) {
        auto& seen = examined[from.integer(row, 0)];
        // The rows of a rest count its records by currency, those of other parts all of them.
        seen = is_of_slots ? seen + from.integer(row, 1) : from.integer(row, 1);
        if (seen > max_examined) return std::nullopt;
        if (from.is_null(row, 2) || from.integer(row, 3) == 0) continue;
        const std::string currency(from.text(row, 2));
        auto& part = by_currency[currency];
        part.currency = currency;
        part.count += static_cast<std::uint64_t>(from.integer(row, 3));
        part.kwh = part.kwh + from_millionths(from.text(row, 4));
        part.cost = part.cost + from_millionths(from.text(row, 5));
    }
    totals made;
    for (auto& [currency, part] : by_currency) made.parts.push_back(std::move(part));
    return made;
}

std::uint64_t count_of(const totals& of)
{
    std::uint64_t count = 0;
    for (const auto& part : of.parts) count += part.count;
    return count;
}

/// One trip, or two when contracts have many records; the transaction stays open.
asio::awaitable<summing> begin_summing(connection& on, const std::string& module,
                                       const totals_query& query)
{
    summing answer;
    std::vector<command> commands;
    commands.push_back(begin_snapshot());
    answer.is_by_slots = is_summed_by_slots(query);
    if (answer.is_by_slots) {
        commands.push_back(sum_by_slots(module, plan_totals(query)));
        const auto found = co_await on.run(std::move(commands));
        answer.made = add_up(found[1], max_walked, true);
        co_return answer;
    }
    if (query.contracts) {
        commands.push_back(count_candidates(module, folded_search(query)));
        commands.push_back(sum_one_by_one(module, query, examined::candidates));
        const auto found = co_await on.run(std::move(commands));
        if (found[1].integer(0, 0) <= max_candidates) {
            answer.made = add_up(found[2], max_candidates, false);
            answer.which = examined::candidates;
            co_return answer;
        }
        commands.clear();
    }
    commands.push_back(sum_one_by_one(module, query, examined::ranges));
    const auto found = co_await on.run(std::move(commands));
    answer.made = add_up(found.back(), max_walked, false);
    co_return answer;
}

/// Ends the transaction, and reads the records first if they are asked for and few enough.
asio::awaitable<void> end_summing(connection& on, const std::string& module,
                                  const totals_query& query, summing& of)
{
    std::vector<command> commands;
    const auto count = of.made ? count_of(*of.made) : 0;
    const bool are_known = of.made && count <= query.max_records && !query.by_start;
    const bool are_read = are_known && count > 0;
    if (are_read) commands.push_back(page_of_summed(module, query, of.which, count));
    commands.push_back(end_snapshot());
    const auto found = co_await on.run(std::move(commands));
    if (!are_known) co_return;
    std::vector<record> records;
    if (are_read) records = read_page(found[0], count);
    if (records.size() == count) of.made->records = std::move(records);
}

totals_query without_unknown(totals_query query)
{
    std::erase_if(query.ranges,
                  [](const category_range& range) { return !is_text(range.category); });
    return query;
}

}  // namespace

asio::awaitable<result<std::optional<totals>>> sum_records(connection& on, std::string module,
                                                           totals_query query)
{
    query = without_unknown(std::move(query));
    if (folded_search(query).matches_none()) {
        totals none;
        none.records.emplace();
        co_return std::optional<totals>(std::move(none));
    }
    auto answer = co_await begin_summing(on, module, query);
    co_await end_summing(on, module, query, answer);
    co_return std::move(answer.made);
}

}  // namespace ocpi::crud::postgres
