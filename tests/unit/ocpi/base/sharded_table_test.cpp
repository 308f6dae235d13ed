#include "ocpi/base/sharded_table.hpp"

#include <doctest/doctest.h>

#include <string>
#include <thread>
#include <vector>

namespace sharded_table_test {

namespace {

struct counter {
    int count = 0;
    bool in_use = false;

    bool is_in_use() const { return in_use; }
};

/// All keys in one shard, so that the order in which they go can be told.
struct same_shard {
    std::size_t operator()(int) const { return 7; }
};

using one_shard = ocpi::sharded_table<int, counter, same_shard>;
constexpr std::size_t three_a_shard = 3 * one_shard::shard_count;

template <class Table, class Key>
int count_one(Table& table, const Key& key)
{
    return table.use(key, counter(), [](counter& of) { return ++of.count; });
}

void set_in_use(one_shard& table, int key, bool in_use)
{
    table.use(key, counter(), [in_use](counter& of) { return of.in_use = in_use; });
}

}  // namespace

TEST_CASE("ocpi/base/sharded_table: a value is what was made of it before")
{
    ocpi::sharded_table<std::string, counter> table(1000);
    CHECK(count_one(table, "a") == 1);
    CHECK(count_one(table, "b") == 1);
    CHECK(count_one(table, "a") == 2);
    CHECK(table.size() == 2);
    counter five;
    five.count = 5;
    CHECK(table.use("c", five, [](const counter& of) { return of.count; }) == 5);
}

TEST_CASE("ocpi/base/sharded_table: it never grows beyond its bound")
{
    ocpi::sharded_table<int, counter> table(640);
    for (int key = 0; key < 100'000; ++key) count_one(table, key);
    CHECK(table.size() <= 640);
    CHECK(table.size() > 600);
}

TEST_CASE("ocpi/base/sharded_table: the value used longest ago goes first")
{
    one_shard table(three_a_shard);
    for (const int key : {1, 2, 3, 1, 4}) count_one(table, key);
    CHECK(table.size() == 3);
    CHECK(count_one(table, 1) == 3);
    CHECK(count_one(table, 3) == 2);
    CHECK(count_one(table, 4) == 2);
    CHECK(count_one(table, 2) == 1);  // it was gone
}

TEST_CASE("ocpi/base/sharded_table: what is in use stays, and the bound is kept with the others")
{
    one_shard table(three_a_shard);
    count_one(table, 1);
    set_in_use(table, 1, true);
    for (int key = 2; key < 100; ++key) {
        count_one(table, key);
        CHECK(table.size() <= 3);
    }
    CHECK(count_one(table, 1) == 2);
    for (const int key : {2, 3, 4, 5}) set_in_use(table, key, true);
    CHECK(table.size() == 5);
    for (const int key : {1, 2, 3, 4, 5}) set_in_use(table, key, false);
    count_one(table, 6);
    CHECK(table.size() == 5);
}

TEST_CASE("ocpi/base/sharded_table: threads lose none of what they count")
{
    ocpi::sharded_table<int, counter> table(1000);
    {
        std::vector<std::jthread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&table] {
                for (int turn = 0; turn < 20'000; ++turn) count_one(table, turn % 10);
            });
        }
    }
    for (int key = 0; key < 10; ++key) CHECK(count_one(table, key) == 8001);
}

}  // namespace sharded_table_test
