#include "app/purge_report.hpp"

#include <doctest/doctest.h>

#include <string>

namespace purge_report_test {

using namespace ocpi;
using namespace ocpi::app;

TEST_CASE("app/purge_report: a date is its midnight in UTC")
{
    REQUIRE(parse_purge_date("2026-03-01"));
    CHECK(to_string(*parse_purge_date("2026-03-01")) == "2026-03-01T00:00:00Z");
    CHECK(to_string(*parse_purge_date("2026-03-01T10:00:00Z")) == "2026-03-01T10:00:00Z");
    for (const char* bad :
         {"", "2026-3-1", "2026-02-30", "yesterday", "2026-03-01T", "01.03.2026"}) {
        CHECK_FALSE(parse_purge_date(bad));
    }
}

TEST_CASE("app/purge_report: the table has a line for each party and one for all")
{
    purge_summary summary;
    summary.parties["BE*BEC"].purged = 3;
    summary.parties["ES*ABC"].purged = 1200;
    summary.parties["ES*ABC"].lacking = 4;
    purge_options options;
    CHECK(describe_purge(summary, options) ==
          "party   to remove  a partner lacks  changed meanwhile\n"
          "BE*BEC  3          0                0\n"
          "ES*ABC  1200       4                0\n"
          "all     1203       4                0\n");
    options.removes = true;
    CHECK(describe_purge(purge_summary(), options) ==
          "party  removed  a partner lacks  changed meanwhile\n"
          "all    0        0                0\n");
    CHECK(draw_purge_line(summary, false) == "1203 to remove, 4 kept");
}

}  // namespace purge_report_test
