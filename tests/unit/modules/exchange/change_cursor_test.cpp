#include "modules/exchange/change_cursor.hpp"

#include <doctest/doctest.h>

#include <chrono>

namespace change_cursor_test {

using namespace ocpi::exchange;
using std::chrono::seconds;

namespace {

const change_cursor::time_point now{seconds(1000)};
constexpr auto poll = seconds(60);

push_page page_to(ocpi::crud::revision last, bool is_last)
{
    push_page page;
    page.changes.push_back({ocpi::crud::object_key("ES", "ABC", "a"), last});
    page.is_last_page = is_last;
    page.as_of = last + 10;
    return page;
}

}  // namespace

TEST_CASE("modules/exchange/change_cursor: it reads on while there is more, then polls")
{
    change_cursor cursor;
    cursor.restart_after(5);
    CHECK(cursor.due(poll) <= now);
    CHECK(cursor.begin_read(now) == 5);
    cursor.page_read(page_to(8, false));
    CHECK(cursor.due(poll) <= now);
    CHECK(cursor.begin_read(now) == 8);
    cursor.page_read(page_to(9, true));
    CHECK(cursor.last_change() == 9);
    CHECK(cursor.due(poll) == now + poll);
    CHECK(cursor.begin_read(now + poll) == 19);
}

TEST_CASE("modules/exchange/change_cursor: a change during a read is read after it")
{
    change_cursor cursor;
    cursor.begin_read(now);
    cursor.changed(now);
    cursor.page_read(push_page());
    CHECK(cursor.due(poll) <= now);
}

TEST_CASE("modules/exchange/change_cursor: a requested restart is the first one, and happens once")
{
    change_cursor cursor;
    cursor.begin_read(now);
    cursor.page_read(page_to(9, true));
    cursor.request_restart(now + seconds(3600));
    cursor.request_restart(now + seconds(7200));
    CHECK(cursor.restart_at() == now + seconds(3600));
    cursor.restart_after(4);
    CHECK_FALSE(cursor.restart_at().has_value());
    CHECK(cursor.begin_read(now) == 4);
    CHECK(cursor.last_change() == 4);
}

TEST_CASE("modules/exchange/change_cursor: a change is lacked since it was noticed")
{
    change_cursor cursor;
    cursor.restart_after(5);
    cursor.begin_read(now);
    cursor.page_read(page_to(9, true));
    push_page::change read;
    read.changed_at = now - seconds(500);
    CHECK_FALSE(cursor.first_notice());
    cursor.changed(now + seconds(1));
    cursor.changed(now + seconds(2));
    CHECK(cursor.first_notice() == now + seconds(1));
    cursor.begin_read(now + seconds(3));
    cursor.changed(now + seconds(4));
    CHECK(cursor.first_notice() == now + seconds(1));
    CHECK(cursor.lacked_since(read) == now + seconds(1));
    cursor.page_read(page_to(10, true));
    CHECK(cursor.first_notice() == now + seconds(4));
}

TEST_CASE("modules/exchange/change_cursor: what nobody has noticed is as old as the session says")
{
    change_cursor cursor;
    push_page::change read;
    read.changed_at = now - seconds(500);
    cursor.restart_after(5);
    cursor.begin_read(now);
    CHECK(cursor.lacked_since(read) == now - seconds(500));
    cursor.page_read(page_to(8, false));
    cursor.changed(now);
    cursor.begin_read(now + seconds(1));
    CHECK(cursor.lacked_since(read) == now - seconds(500));
    cursor.page_read(page_to(9, true));
    // By polling, of another process.
    cursor.begin_read(now + seconds(60));
    CHECK(cursor.lacked_since(read) == now - seconds(500));
}

}  // namespace change_cursor_test
