// Pages that keep to max_bytes, by themselves or once crud::shorten has cut them.

#include "crud/page_bound.hpp"
#include "tests/crud_contract/cases.hpp"

#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace ocpi::crud::contract {
namespace {

using boost::asio::awaitable;

/// Five of 10, 20, 30, 40 and 50 bytes, sorted in that order, changed in that order.
awaitable<void> add_growing(Crud& crud)
{
    for (std::size_t i = 1; i <= 5; ++i) {
        auto made = make_document(std::to_string(i), std::string(10 * i, 'x'));
        made.sort_key = std::to_string(i);
        expect_value(co_await crud.create("sessions", sender, made), "create");
    }
}

/// `1 2 more` or `5 all`: the ids, and whether it is the last page.
template <class Page, class Query>
void expect_part_of(Page listed, const Query& query, const std::string& wanted)
{
    shorten(listed, query);
    const auto part = ids_of(listed) + (listed.is_last_page ? "all" : "more");
    expect(part == wanted, "of " + std::to_string(query.max_bytes) + " bytes a page holds " +
                               wanted + ", but it holds " + part);
}

awaitable<void> expect_part(Crud& crud, list_query query, std::string wanted)
{
    auto listed = expect_value(co_await crud.list("sessions", sender, query), "list");
    expect(listed.total == 5, "the total is exact, however short the page");
    expect_part_of(std::move(listed), query, wanted);
}

awaitable<void> expect_part(Crud& crud, changes_query query, std::string wanted)
{
    auto listed = expect_value(co_await crud.list_changes("sessions", sender, query), "list");
    expect_part_of(std::move(listed), query, wanted);
}

awaitable<void> expect_part(Crud& crud, sorted_query query, std::string wanted)
{
    auto listed = expect_value(co_await crud.list_sorted("sessions", sender, query), "list");
    expect_part_of(std::move(listed), query, wanted);
}

awaitable<void> a_page_keeps_to_its_bytes(Crud& crud)
{
    co_await add_growing(crud);
    list_query query;
    query.max_bytes = 60;
    co_await expect_part(crud, query, "1 2 3 more");
    query.max_bytes = 59;
    co_await expect_part(crud, query, "1 2 more");
    query.max_bytes = 1;
    co_await expect_part(crud, query, "1 more");
    query.offset = 3;
    query.max_bytes = 89;
    co_await expect_part(crud, query, "4 more");
    query.max_bytes = 90;
    co_await expect_part(crud, query, "4 5 all");
    query.offset = 4;
    query.max_bytes = 0;
    co_await expect_part(crud, query, "5 all");
    query.offset = 0;
    query.max_bytes = std::numeric_limits<std::uint64_t>::max();
    co_await expect_part(crud, query, "1 2 3 4 5 all");
    query.limit = 2;
    co_await expect_part(crud, query, "1 2 more");
    query.max_bytes = 10;
    co_await expect_part(crud, query, "1 more");
}

awaitable<void> changes_keep_to_their_bytes(Crud& crud)
{
    co_await add_growing(crud);
    changes_query since;
    since.max_bytes = 60;
    co_await expect_part(crud, since, "1 2 3 more");
    auto listed = expect_value(co_await crud.list_changes("sessions", sender, since), "list");
    shorten(listed, since);
    since.after = listed.records.back().revision;
    co_await expect_part(crud, since, "4 more");
    since.max_bytes = 90;
    co_await expect_part(crud, since, "4 5 all");
    since.limit = 1;
    co_await expect_part(crud, since, "4 more");
}

awaitable<void> a_sorted_page_keeps_to_its_bytes(Crud& crud)
{
    co_await add_growing(crud);
    sorted_query down;
    down.max_bytes = 90;
    co_await expect_part(crud, down, "5 4 more");
    down.range.below = "4";
    co_await expect_part(crud, down, "3 2 1 all");
    down.max_bytes = 30;
    co_await expect_part(crud, down, "3 more");

    sorted_query up;
    up.range.above = "1";
    up.max_bytes = 50;
    co_await expect_part(crud, up, "3 2 more");
    up.max_bytes = 1;
    co_await expect_part(crud, up, "2 more");
    up.range.above = "3";
    up.max_bytes = 90;
    co_await expect_part(crud, up, "5 4 all");
}

}  // namespace

std::vector<contract_case> page_bytes_cases()
{
    return {
        {"a page ends before its bytes are exceeded, but holds a record",
         a_page_keeps_to_its_bytes},
        {"a page of changes keeps to its bytes", changes_keep_to_their_bytes},
        {"a sorted page keeps to its bytes, from the cursor on", a_sorted_page_keeps_to_its_bytes},
    };
}

}  // namespace ocpi::crud::contract
