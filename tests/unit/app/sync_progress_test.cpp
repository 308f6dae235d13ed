#include "app/sync_progress.hpp"

#include <doctest/doctest.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <optional>
#include <string>

namespace sync_progress_test {

using namespace ocpi::app;
using ocpi::exchange::pull_summary;

namespace {

pull_summary summary(std::uint64_t applied, std::uint64_t unchanged, std::uint64_t invalid,
                     std::uint64_t pages, std::optional<std::uint64_t> total = {})
{
    pull_summary made;
    made.applied = applied;
    made.unchanged = unchanged;
    made.invalid = invalid;
    made.pages = pages;
    made.total = total;
    return made;
}

}  // namespace

TEST_CASE("app/sync_progress: in the end it says what was done")
{
    CHECK(describe_sync(summary(3, 40, 1, 2)) == "applied 3, unchanged 40, invalid 1 in 2 pages");
}

TEST_CASE("app/sync_progress: a bar shows the share that is done")
{
    CHECK(draw_sync_bar(summary(20, 29, 1, 1, 200), 60) ==
          "[#####..................] 50/200 25%, applied 20, invalid 1");
    CHECK(draw_sync_bar(summary(0, 200, 0, 1, 200), 60) ==
          "[######################] 200/200 100%, applied 0, invalid 0");
    CHECK(draw_sync_bar(summary(0, 0, 0, 1, 0), 60) ==
          "[##########################] 0/0 100%, applied 0, invalid 0");
}

TEST_CASE("app/sync_progress: the bar fits the terminal, and gives way where it is narrow")
{
    const auto half = summary(50, 0, 0, 1, 100);
    CHECK(draw_sync_bar(half, 200).size() == 86);
    CHECK(draw_sync_bar(half, 40) == "[#############.............] 50/100 50%");
    CHECK(draw_sync_bar(half, 20) == "50/100 50%");
    CHECK(draw_sync_bar(half, 5) == "50/1");
    CHECK(draw_sync_bar(half, 0).empty());
    for (std::size_t columns = 1; columns < 300; ++columns) {
        CAPTURE(columns);
        CHECK(draw_sync_bar(half, columns).size() < columns);
    }
}

TEST_CASE("app/sync_progress: without a total there are numbers, with a wrong one the bar is full")
{
    CHECK(draw_sync_bar(summary(5, 0, 1, 1), 80) == "6 sessions, applied 5, invalid 1");
    CHECK(draw_sync_bar(summary(50, 0, 0, 1, 10), 50) ==
          "[#############] 50/50 100%, applied 50, invalid 0");
}

TEST_CASE("app/sync_progress: a log gets fewer lines as the list grows")
{
    CHECK(describe_sync_step(summary(3, 40, 1, 2, 88)) ==
          "page 2: 44/88 50%, applied 3, invalid 1");
    CHECK(describe_sync_step(summary(3, 40, 1, 2)) == "page 2: 44 sessions, applied 3, invalid 1");
    int lines = 0;
    for (std::uint64_t page = 1; page <= 1000; ++page) lines += is_logged_page(page) ? 1 : 0;
    CHECK(lines == 28);
    CHECK(is_logged_page(9));
    CHECK(is_logged_page(90));
    CHECK_FALSE(is_logged_page(91));
}

TEST_CASE("app/sync_progress: what is no terminal gets plain lines")
{
    char* text = nullptr;
    std::size_t size = 0;
    std::FILE* file = std::tmpfile();
    REQUIRE(file != nullptr);
    {
        sync_progress progress(file);
        for (std::uint64_t page = 1; page <= 12; ++page) {
            progress.show(summary(page, 0, 0, page, 12));
        }
    }
    std::rewind(file);
    std::string last;
    int lines = 0;
    while (::getline(&text, &size, file) > 0) {
        last = text;
        ++lines;
    }
    std::free(text);
    std::fclose(file);
    CHECK(lines == 10);
    CHECK(last == "page 10: 10/12 83%, applied 10, invalid 0\n");
}

}  // namespace sync_progress_test
