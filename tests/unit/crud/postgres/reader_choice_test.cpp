#include "crud/postgres/reader_choice.hpp"

#include <doctest/doctest.h>

namespace reader_choice_test {

using namespace ocpi::crud::postgres;
using enum read_kind;

namespace {

reader_load open(std::size_t finds = 0, std::size_t lists = 0)
{
    return {true, finds, lists};
}

const reader_load lost{};

}  // namespace

TEST_CASE("crud/postgres/reader_choice: a find goes to the connection with the fewest of them")
{
    CHECK(choose_reader(find, {open(2), open(1), open(3)}) == 1);
    CHECK(choose_reader(find, {open(), open()}) == 0);
    CHECK(choose_reader(find, {lost, open(5)}) == 1);
}

TEST_CASE("crud/postgres/reader_choice: a find does not wait behind a list")
{
    CHECK(choose_reader(find, {open(9), open(0, 1), open(0, 1)}) == 0);
    CHECK_FALSE(choose_reader(find, {open(max_finds_under_way), open(0, 1)}));
}

TEST_CASE("crud/postgres/reader_choice: a connection makes one list at a time")
{
    CHECK(choose_reader(list, {open(), open(0, 1), open(4)}) == 2);
    CHECK_FALSE(choose_reader(list, {open(), open(0, 1), open(0, 1)}));
    CHECK(choose_reader(list, {open()}) == 0);
}

TEST_CASE("crud/postgres/reader_choice: the first makes lists only while the others are lost")
{
    CHECK_FALSE(choose_reader(list, {open(), open(0, 1)}));
    CHECK(choose_reader(list, {open(), lost, lost}) == 0);
    CHECK_FALSE(choose_reader(list, {lost, lost}));
}

}  // namespace reader_choice_test
