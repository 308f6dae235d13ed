#include "crud/postgres/statement_names.hpp"

#include <doctest/doctest.h>

namespace statement_names_test {

using ocpi::crud::postgres::statement_names;

TEST_CASE("crud/postgres/statement_names: a statement is prepared once")
{
    statement_names names;
    const auto first = names.choose("SELECT 1", 1);
    CHECK(first.is_to_prepare);
    CHECK_FALSE(first.name.empty());
    names.confirm(first.name);
    const auto second = names.choose("SELECT 1", 2);
    CHECK_FALSE(second.is_to_prepare);
    CHECK(second.name == first.name);
    CHECK(names.choose("SELECT 2", 2).name != first.name);
}

TEST_CASE("crud/postgres/statement_names: until it is confirmed only its own run relies on it")
{
    statement_names names;
    const auto first = names.choose("SELECT 1", 1);
    const auto again = names.choose("SELECT 1", 1);
    CHECK(again.name == first.name);
    CHECK_FALSE(again.is_to_prepare);
    const auto other = names.choose("SELECT 1", 2);
    CHECK(other.name.empty());
    CHECK_FALSE(other.is_to_prepare);

    names.forget_unconfirmed(first.name);
    CHECK(names.size() == 0);
    const auto later = names.choose("SELECT 1", 3);
    CHECK(later.is_to_prepare);
    CHECK(later.name != first.name);
    names.confirm(later.name);
    names.forget_unconfirmed(later.name);
    CHECK(names.size() == 1);
    names.forget(later.name);
    CHECK(names.size() == 0);
    names.confirm("s99");
    names.forget("s99");
}

TEST_CASE("crud/postgres/statement_names: the least recently used makes room")
{
    statement_names names(2);
    const auto a = names.choose("a", 1);
    const auto b = names.choose("b", 1);
    CHECK_FALSE(b.evicted);
    // Neither is confirmed, so neither may go.
    CHECK(names.choose("c", 2).name.empty());
    names.confirm(a.name);
    names.confirm(b.name);
    CHECK(names.choose("a", 3).name == a.name);
    const auto c = names.choose("c", 4);
    CHECK(c.is_to_prepare);
    REQUIRE(c.evicted);
    CHECK(*c.evicted == b.name);
    CHECK(names.size() == 2);
    CHECK(names.choose("a", 5).name == a.name);
}

}  // namespace statement_names_test
