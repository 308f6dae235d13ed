#include "crud/postgres/list_sql.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

namespace list_sql_test {

using namespace ocpi;
using namespace ocpi::crud;
using namespace ocpi::crud::postgres;

namespace {

list_query query_of(std::vector<party> owners, std::vector<std::string> contracts)
{
    list_query query;
    query.owners = std::move(owners);
    query.contracts.emplace();
    for (auto& each : contracts) query.contracts->emplace_back(std::move(each));
    return query;
}

std::string page_of(const list_query& query, list_course course)
{
    return list_page("sessions", folded_filter(query), query, course).sql;
}

}  // namespace

TEST_CASE("crud/postgres/list_sql: a statement depends on what is asked for, not on its values")
{
    const auto one = query_of({party("ES", "AAA"), party("ES", "BBB")}, {"C1"});
    auto other =
        query_of({party("ES", "CCC"), party("ES", "DDD"), party("ES", "EEE")}, {"C1", "C2", "C3"});
    other.offset = 77;
    other.limit = 3;
    for (const auto course : {list_course::by_creation, list_course::by_date}) {
        CHECK(page_of(one, course) == page_of(other, course));
    }
    CHECK(count_contracts("sessions", folded_filter(one)).sql ==
          count_contracts("tariffs", folded_filter(other)).sql);
    CHECK(count_by_days("sessions", folded_filter(one)).sql ==
          count_by_days("tariffs", folded_filter(other)).sql);
}

TEST_CASE("crud/postgres/list_sql: values are folded, each once, and none that is no text")
{
    const folded_filter filter(query_of(
        {party("es", "aaa"), party("ES", "AAA"), party("\xFF", "A")}, {"c1", "C1", "\x80"}));
    CHECK(*filter.owners == std::vector<folded_pair>{{"ES", "AAA"}});
    CHECK(*filter.contracts == std::vector<std::string>{"C1"});
    CHECK_FALSE(filter.matches_none());
    CHECK(folded_filter(query_of({party("\xFF", "A")}, {"c1"})).matches_none());
}

TEST_CASE("crud/postgres/list_sql: few records of many are found by their dates")
{
    list_query query;
    query.limit = 50;
    CHECK(choose_course(query, 100, 1'000'000) == list_course::by_date);
    CHECK(choose_course(query, 900'000, 1'000'000) == list_course::by_creation);
    query.offset = 890'000;
    CHECK(choose_course(query, 900'000, 1'000'000) == list_course::by_date);
}

}  // namespace list_sql_test
