#include "crud/page_bound.hpp"

#include <doctest/doctest.h>

#include <initializer_list>
#include <limits>
#include <string>

namespace page_bound_test {

using namespace ocpi::crud;

namespace {

template <class Page = page>
Page page_of(std::initializer_list<int> sizes)
{
    Page made;
    for (const int size : sizes) {
        made.records.emplace_back().document.json =
            std::string(static_cast<std::size_t>(size), 'x');
    }
    return made;
}

/// `10 20 more`: the sizes of what is left, and whether it is the last page.
template <class Page, class Query>
std::string shortened(Page listed, const Query& wanted)
{
    shorten(listed, wanted);
    std::string left;
    for (const auto& each : listed.records) left += std::to_string(each.document.json.size()) + " ";
    return left + (listed.is_last_page ? "all" : "more");
}

list_query at_most(std::uint64_t bytes)
{
    list_query wanted;
    wanted.max_bytes = bytes;
    return wanted;
}

}  // namespace

TEST_CASE("crud/page_bound: the first record is always admitted, others while there is room")
{
    byte_bound none(0);
    CHECK(none.admit(1'000));
    CHECK_FALSE(none.admit(1));
    CHECK(none.admit(0));
    byte_bound some(10);
    CHECK(some.admit(4));
    CHECK_FALSE(some.admit(7));
    CHECK(some.admit(6));
    CHECK_FALSE(some.admit(1));
    byte_bound all(std::numeric_limits<std::uint64_t>::max());
    CHECK(all.admit(std::numeric_limits<std::size_t>::max()));
}

TEST_CASE("crud/page_bound: the pages of a store that knows no bytes are shortened")
{
    CHECK(shortened(page_of({10, 20, 30}), at_most(60)) == "10 20 30 all");
    CHECK(shortened(page_of({10, 20, 30}), at_most(59)) == "10 20 more");
    CHECK(shortened(page_of({10, 20, 30}), at_most(0)) == "10 more");
    CHECK(shortened(page_of({90, 1}), at_most(50)) == "90 more");
    CHECK(shortened(page_of({}), at_most(0)) == "all");
    auto first = page_of({10, 20});
    first.is_last_page = false;
    CHECK(shortened(first, at_most(60)) == "10 20 more");
}

TEST_CASE("crud/page_bound: a page that is read backwards keeps what is next to its cursor")
{
    sorted_query wanted;
    wanted.max_bytes = 50;
    wanted.range.above = "a";
    CHECK(wanted.range.goes_upwards());
    CHECK(shortened(page_of<sorted_page>({10, 20, 30}), wanted) == "20 30 more");
    CHECK(shortened(page_of<sorted_page>({10, 20, 90}), wanted) == "90 more");
    wanted.range.below = "z";
    CHECK_FALSE(wanted.range.goes_upwards());
    CHECK(shortened(page_of<sorted_page>({10, 20, 30}), wanted) == "10 20 more");
}

}  // namespace page_bound_test
