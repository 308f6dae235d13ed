#include "app/backup_progress.hpp"

#include <doctest/doctest.h>

namespace backup_progress_test {

using namespace ocpi::app;
using ocpi::crud::sqlite::backup_contents;
using ocpi::crud::sqlite::backup_step;

TEST_CASE("app/backup_progress: a step with a known end has a bar, any other its number alone")
{
    CHECK(draw_backup_line({backup_step::copy, 50, 100}, 50) ==
          "[#########.........] copying the pages 50/100 50%");
    CHECK(draw_backup_line({backup_step::copy, 0, 100}, 42) ==
          "[............] copying the pages 0/100 0%");
    CHECK(draw_backup_line({backup_step::read, 3000, 0}, 80) == "reading the records 3000");
    CHECK(draw_backup_line({backup_step::check, 0, 0}, 80) == "checking the file");
}

TEST_CASE("app/backup_progress: a narrow terminal gets the numbers, cut to its width")
{
    CHECK(draw_backup_line({backup_step::copy, 50, 100}, 32) == "copying the pages 50/100 50%");
    CHECK(draw_backup_line({backup_step::copy, 50, 100}, 10) == "copying t");
    CHECK(draw_backup_line({backup_step::copy, 50, 100}, 0).empty());
}

TEST_CASE("app/backup_progress: contents are a table that two of them can be compared by")
{
    backup_contents contents;
    contents.modules = {{"access_tokens", 2}, {"sessions", 40}};
    contents.records = 42;
    contents.last_revision = 99;
    contents.hash = "ab12";
    CHECK(describe_contents(contents) ==
          "access_tokens  2\n"
          "sessions       40\n"
          "records        42\n"
          "revision       99\n"
          "sha256         ab12\n");
}

}  // namespace backup_progress_test
