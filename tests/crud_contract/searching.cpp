// Searches of records with a summary, and their sums.

#include "tests/crud_contract/cases.hpp"

#include <chrono>
#include <cstdint>
#include <optional>

namespace ocpi::crud::contract {
namespace {

using boost::asio::awaitable;

constexpr std::int64_t start = 1'700'000'100'000;  // a quarter-hour
constexpr std::int64_t minute = std::chrono::milliseconds(std::chrono::minutes(1)).count();

/// Changed that many minutes after the start.
document make_summarized(std::string id, std::string category, std::int64_t minutes,
                         std::string text = {})
{
    auto made = make_document(id, "{}", at(start + minutes * minute));
    made.secondary_key = "key-" + id;
    auto& summary = made.summary.emplace();
    summary.category = std::move(category);
    summary.search_text = std::move(text);
    return made;
}

/// Without braces, which do not belong into an expression with co_await.
template <class T, class... More>
std::vector<T> all_of(T first, More... more)
{
    std::vector<T> all;
    all.push_back(std::move(first));
    (all.push_back(std::move(more)), ...);
    return all;
}

const std::vector<category_range> no_ranges;

awaitable<void> replace(Crud& crud, document by)
{
    const auto stored = expect_value(co_await crud.get("sessions", sender, by.key), "get");
    expect_value(co_await crud.update("sessions", sender, by, stored.revision), "update");
}

category_range range_of(std::string category, std::optional<std::int64_t> from = {},
                        std::optional<std::int64_t> to = {})
{
    category_range range;
    range.category = std::move(category);
    if (from) range.from = at(start + *from * minute);
    if (to) range.to = at(start + *to * minute);
    return range;
}

search_query query_of(std::vector<category_range> ranges, std::uint64_t limit = 50)
{
    search_query query;
    query.ranges = std::move(ranges);
    query.limit = limit;
    return query;
}

search_place place_at(std::int64_t minutes, std::string key)
{
    search_place place;
    place.last_updated = at(start + minutes * minute);
    place.secondary_key = std::move(key);
    return place;
}

awaitable<search_page> expect_found(Crud& crud, search_query query, std::string wanted, bool last,
                                    std::string promise)
{
    auto found = expect_value(co_await crud.search("sessions", sender, query), "search");
    expect(ids_of(found) == wanted,
           promise + "; expected " + wanted + "but it finds " + ids_of(found));
    expect(found.is_last_page == last, promise + "; is_last_page is wrong");
    if (!found.records.empty()) {
        const auto& end = (query.before ? found.records.front() : found.records.back()).document;
        const bool is_reached = found.reached && found.reached->last_updated == end.last_updated &&
                                found.reached->secondary_key == end.secondary_key;
        expect(is_reached || last, promise + "; the next page would not begin behind this one");
    }
    co_return found;
}

awaitable<void> a_summary_comes_back(Crud& crud)
{
    auto given = make_summarized("1", "open", 0, "A\nb\xc3\xa9\"%");
    auto& summary = *given.summary;
    summary.started_at = at(-5);
    summary.kwh = 41'000'001;
    summary.cost = -7;
    summary.currency = "EUR";
    expect_value(co_await crud.create("sessions", sender, given), "create");
    auto read = expect_value(co_await crud.get("sessions", sender, given.key), "get");
    expect(read.document.summary == given.summary, "a summary comes back");
    list_query all;
    const auto listed = expect_value(co_await crud.list("sessions", sender, all), "list");
    expect(listed.records.at(0).document.summary == given.summary, "a list has summaries");
    summary.started_at = std::nullopt;
    summary.kwh = std::nullopt;
    summary.cost = std::nullopt;
    summary.currency.clear();
    summary.search_text.clear();
    co_await replace(crud, given);
    read = expect_value(co_await crud.get("sessions", sender, given.key), "get");
    expect(read.document.summary == given.summary, "an update replaces the summary");
    given.summary = std::nullopt;
    co_await replace(crud, given);
    read = expect_value(co_await crud.get("sessions", sender, given.key), "get");
    expect(!read.document.summary, "an update may take the summary away");
}

awaitable<void> add_some(Crud& crud)
{
    std::vector<document> documents{
        make_summarized("a", "open", 0),   make_summarized("b", "done", 10),
        make_summarized("c", "open", 10),  make_summarized("d", "open", 10),
        make_summarized("e", "other", 20), make_summarized("f", "done", 30)};
    documents.push_back(make_document("none"));
    co_await create_all(crud, std::move(documents));
    expect_value(co_await crud.create("tariffs", sender, make_summarized("x", "open", 5)),
                 "create");
}

awaitable<void> a_search_is_in_order(Crud& crud)
{
    const auto both = [](std::uint64_t limit) {
        return query_of(all_of(range_of("open"), range_of("done")), limit);
    };
    co_await expect_found(crud, both(5), "", true, "a search of no records");
    co_await add_some(crud);
    co_await expect_found(crud, both(5), "f d c b a ", true,
                          "the latest change comes first, then the greatest secondary key");
    co_await expect_found(crud, query_of(no_ranges), "", true, "no category, no record");
    co_await expect_found(crud, query_of(all_of(range_of("other"), range_of("x"))), "e ", true,
                          "a search is of its categories");
    co_await expect_found(crud, both(4), "f d c b ", false, "a page has its limit");
    auto next = both(2);
    next.after = place_at(30, "key-f");
    co_await expect_found(crud, next, "d c ", false, "a page begins behind a place");
    next.after = place_at(10, "key-c");
    co_await expect_found(crud, next, "b a ", true, "a place may be one of several at an instant");
    next.after = place_at(10, "key-bb");
    co_await expect_found(crud, next, "b a ", true, "a place need not be that of a record");
    next.after = place_at(0, "key-a");
    co_await expect_found(crud, next, "", true, "the last place has no record behind it");
    next.after = std::nullopt;
    next.before = place_at(0, "key-a");
    co_await expect_found(crud, next, "c b ", false, "a page backwards is next to its place");
    next.before = place_at(10, "key-c");
    co_await expect_found(crud, next, "f d ", true, "a page backwards is in the same order");
    next.before = place_at(30, "key-f");
    co_await expect_found(crud, next, "", true, "the first place has no record before it");
}

awaitable<void> a_search_has_ranges(Crud& crud)
{
    co_await add_some(crud);
    co_await expect_found(crud, query_of(all_of(range_of("open", 0, 10))), "a ", true,
                          "a range has its first instant and not its last");
    co_await expect_found(crud, query_of(all_of(range_of("open", 1), range_of("done", {}, 30))),
                          "d c b ", true, "each category has a range of its own");
    auto next = query_of(all_of(range_of("open", 0, 10), range_of("done", 10, 31)), 1);
    next.after = place_at(30, "key-f");
    co_await expect_found(crud, next, "b ", false, "ranges hold on later pages");
    next.after = std::nullopt;
    next.before = place_at(0, "key-a");
    co_await expect_found(crud, next, "b ", false, "ranges hold on pages backwards");
    auto bytes = query_of(all_of(range_of("open"), range_of("done")));
    bytes.max_bytes = 5;
    const auto found = co_await expect_found(crud, bytes, "f d ", false, "a page has few bytes");
    expect(found.reached == place_at(10, "key-d"), "a page of few bytes tells where it ends");
}

awaitable<void> expect_text(Crud& crud, std::string text, std::string wanted)
{
    auto query = query_of(all_of(range_of("open"), range_of("done")));
    query.text = text;
    co_await expect_found(crud, query, wanted, true, "the text " + text);
    totals_query sum;
    sum.ranges = query.ranges;
    sum.text = text;
    const auto sums = expect_value(co_await crud.find_totals("sessions", sender, sum), "totals");
    std::uint64_t count = 0;
    for (const auto& part : sums.value().parts) count += part.count;
    expect(count * 2 == wanted.size(), "the total of the text " + text);
}

awaitable<void> texts_are_found(Crud& crud)
{
    auto documents = all_of(make_summarized("1", "open", 1, "SESS-1\nES*ABC*E1\n%A\"B_"),
                            make_summarized("2", "open", 2, "SESS-12\nES*ABC*E2\nJOS\xc3\x89-BCN"),
                            make_summarized("3", "done", 3, "SESS-123\nsess-1"),
                            make_summarized("4", "open", 4));
    co_await create_all(crud, std::move(documents));
    co_await expect_text(crud, "SESS-1", "3 2 1 ");
    co_await expect_text(crud, "SESS-12", "3 2 ");
    co_await expect_text(crud, "sess-1", "3 ");
    co_await expect_text(crud, "SESS-123", "3 ");
    co_await expect_text(crud, "SESS-1234", "");
    co_await expect_text(crud, "ABC*E", "2 1 ");
    co_await expect_text(crud, "SESS-1\nES", "1 ");
    co_await expect_text(crud, "ABCABC", "");
    co_await expect_text(crud, "A\"B", "1 ");
    co_await expect_text(crud, "%A", "1 ");
    co_await expect_text(crud, "*", "2 1 ");
    co_await expect_text(crud, "_", "1 ");
    co_await expect_text(crud, "\xc3\x89-B", "2 ");
    co_await expect_text(crud, "OS\xc3\x89", "2 ");
    co_await expect_text(crud, "\xc3\x89", "2 ");
}

awaitable<void> contracts_are_found(Crud& crud)
{
    auto one = make_summarized("1", "open", 1, "SESS-1");
    auto two = make_summarized("2", "open", 2, "SESS-2");
    one.contract = ci_string("C-1");
    two.contract = ci_string("c-2");
    co_await create_all(crud, all_of(one, two, make_summarized("3", "open", 3, "SESS-2")));
    auto query = query_of(all_of(range_of("open")));
    query.contracts = std::vector<ci_string>{ci_string("c-1")};
    co_await expect_found(crud, query, "1 ", true, "a search is of its contracts");
    query.contracts = std::vector<ci_string>{ci_string("C-1"), ci_string("C-2"), ci_string("C-3")};
    co_await expect_found(crud, query, "2 1 ", true, "a search is of several contracts");
    query.text = "SESS-2";
    co_await expect_found(crud, query, "2 ", true, "a search is of a contract and a text");
    query.ranges = {range_of("open", 0, 2)};
    co_await expect_found(crud, query, "", true, "a contract has ranges");
    query.contracts = std::vector<ci_string>();
    co_await expect_found(crud, query, "", true, "no contracts, no records");
}

awaitable<void> a_search_follows_writes(Crud& crud)
{
    co_await create_all(crud, all_of(make_summarized("1", "open", 1, "BEFORE"),
                                     make_summarized("2", "open", 2, "SECOND")));
    co_await replace(crud, make_summarized("1", "done", 5, "AFTER"));
    co_await expect_found(crud, query_of(all_of(range_of("open"))), "2 ", true, "after an update");
    co_await expect_found(crud, query_of(all_of(range_of("done"))), "1 ", true, "after an update");
    co_await expect_text(crud, "BEFORE", "");
    co_await expect_text(crud, "AFTER", "1 ");
    auto bare = make_summarized("2", "open", 6);
    bare.summary = std::nullopt;
    co_await replace(crud, bare);
    co_await expect_text(crud, "SECOND", "");
    co_await expect_found(crud, query_of(all_of(range_of("open"))), "", true, "without a summary");
    co_await replace(crud, make_summarized("2", "open", 7, "AGAIN"));
    co_await expect_text(crud, "AGAIN", "2 ");
    expect_value(co_await crud.remove("sessions", sender, object_key("ES", "ABC", "1")), "remove");
    co_await expect_text(crud, "AFTER", "");
    co_await expect_text(crud, "", "2 ");
}

/// `EUR 2 1.5 3`: currency, number, energy, cost.
std::string text_of(const std::optional<totals>& sums)
{
    if (!sums) return "unknown";
    std::string text;
    for (const auto& part : sums->parts) {
        text += part.currency + " " + std::to_string(part.count) + " " + to_text(part.kwh) + " " +
                to_text(part.cost) + ", ";
    }
    return text;
}

document make_counted(std::string id, std::int64_t minutes, std::optional<std::int64_t> started,
                      std::int64_t kwh, std::string currency)
{
    auto made = make_summarized(std::move(id), "open", minutes);
    auto& summary = *made.summary;
    if (started) summary.started_at = at(start + *started * minute);
    summary.kwh = kwh;
    summary.cost = 2 * kwh;
    summary.currency = std::move(currency);
    return made;
}

awaitable<void> expect_totals(Crud& crud, totals_query query, std::string wanted,
                              std::string promise)
{
    const auto sums = expect_value(co_await crud.find_totals("sessions", sender, query), "totals");
    expect(text_of(sums) == wanted,
           promise + "; expected " + wanted + "but they are " + text_of(sums));
}

totals_query sum_of(category_range range, bool by_start = false)
{
    totals_query query;
    query.ranges = {std::move(range)};
    query.by_start = by_start;
    return query;
}

awaitable<void> totals_are_summed(Crud& crud)
{
    constexpr std::int64_t day = 24 * 60;
    co_await expect_totals(crud, sum_of(range_of("open")), "", "totals of no records");
    std::vector<document> documents{
        make_counted("1", 0, -15, 1'500'000, "EUR"), make_counted("2", 7, 0, 1, "EUR"),
        make_counted("3", 15, 14, 1'000'000, "GBP"), make_counted("4", 2 * day, 15, 10'000'000, ""),
        make_counted("5", 4 * day, {}, 100'000'000, "EUR")};
    documents[4].summary->cost = std::nullopt;
    co_await create_all(crud, std::move(documents));
    co_await expect_totals(crud, sum_of(range_of("open")),
                           " 1 10 20, EUR 3 101.500001 3.000002, GBP 1 1 2, ",
                           "totals are by currency");
    co_await expect_totals(crud, sum_of(range_of("done")), "", "totals are of categories");
    co_await expect_totals(crud, sum_of(range_of("open", 7, 15)), "EUR 1 0.000001 0.000002, ",
                           "totals within a quarter-hour");
    co_await expect_totals(crud, sum_of(range_of("open", 0, 16)),
                           "EUR 2 1.500001 3.000002, GBP 1 1 2, ", "totals of a range");
    co_await expect_totals(crud, sum_of(range_of("open", 1, 4 * day)),
                           " 1 10 20, EUR 1 0.000001 0.000002, GBP 1 1 2, ", "totals of days");
    co_await expect_totals(crud, sum_of(range_of("open", {}, 2 * day)),
                           "EUR 2 1.500001 3.000002, GBP 1 1 2, ", "totals until an instant");
    co_await expect_totals(crud, sum_of(range_of("open", 15)), " 1 10 20, EUR 1 100 0, GBP 1 1 2, ",
                           "totals from an instant on");
    co_await expect_totals(crud, sum_of(range_of("open", 0, 15), true),
                           "EUR 1 0.000001 0.000002, GBP 1 1 2, ", "totals by start");
    co_await expect_totals(crud, sum_of(range_of("open", -14, 14), true),
                           "EUR 1 0.000001 0.000002, ", "totals by a start within quarter-hours");
    co_await expect_totals(crud, sum_of(range_of("open"), true),
                           " 1 10 20, EUR 2 1.500001 3.000002, GBP 1 1 2, ",
                           "totals by start are of what has begun");
}

awaitable<void> totals_follow_writes(Crud& crud)
{
    co_await create_all(crud, all_of(make_counted("1", 0, 0, 1'000'000, "EUR"),
                                     make_counted("2", 0, 0, 2'000'000, "EUR")));
    co_await replace(crud, make_counted("1", 1, 0, 3'000'000, "EUR"));
    for (const bool by_start : {false, true}) {
        co_await expect_totals(crud, sum_of(range_of("open", 0, 15), by_start), "EUR 2 5 10, ",
                               "totals after an update in place");
    }
    co_await replace(crud, make_counted("1", 20, 40, 3'000'000, "GBP"));
    for (const bool by_start : {false, true}) {
        co_await expect_totals(crud, sum_of(range_of("open", 0, 15), by_start), "EUR 1 2 4, ",
                               "totals that a record has left");
        co_await expect_totals(crud, sum_of(range_of("open", 15, 45), by_start), "GBP 1 3 6, ",
                               "totals that a record has moved to");
    }
    auto bare = make_counted("1", 20, 40, 3'000'000, "GBP");
    bare.summary = std::nullopt;
    co_await replace(crud, bare);
    expect_value(co_await crud.remove("sessions", sender, object_key("ES", "ABC", "2")), "remove");
    for (const bool by_start : {false, true}) {
        co_await expect_totals(crud, sum_of(range_of("open"), by_start), "",
                               "totals without a record");
    }
}

awaitable<void> totals_bring_few_records(Crud& crud)
{
    co_await create_all(crud, all_of(make_counted("1", 0, 0, 1'000'000, "EUR"),
                                     make_counted("2", 0, 0, 2'000'000, "GBP")));
    const auto expect_records = [&crud](totals_query query, bool are_few) -> awaitable<void> {
        const auto sums =
            expect_value(co_await crud.find_totals("sessions", sender, query), "totals");
        expect(sums && sums->parts.size() == 2, "totals are the same with and without records");
        expect(sums->records.has_value() == are_few, "totals bring the records if they are few");
        if (!are_few) co_return;
        expect(sums->records->size() == 2, "totals bring all records that match");
        expect(sums->records->front().document.json == "{}", "they bring whole records");
    };
    auto query = sum_of(range_of("open", 0, 15));
    co_await expect_records(query, false);
    query.max_records = 1;
    co_await expect_records(query, false);
    query.max_records = 2;
    co_await expect_records(query, true);
    query.max_bytes = 3;
    co_await expect_records(query, false);
}

}  // namespace

std::vector<contract_case> searching_cases()
{
    return {
        {"a summary comes back, and is replaced", a_summary_comes_back},
        {"a search is in the order of change", a_search_is_in_order},
        {"a search has ranges", a_search_has_ranges},
        {"a search finds texts", texts_are_found},
        {"a search finds contracts", contracts_are_found},
        {"a search follows writes", a_search_follows_writes},
        {"totals are those of their range", totals_are_summed},
        {"totals follow writes", totals_follow_writes},
        {"totals bring the records that match, if they are few", totals_bring_few_records},
    };
}

}  // namespace ocpi::crud::contract
