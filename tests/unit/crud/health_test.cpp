#include "crud/health.hpp"

#include "tests/support/recording_logger.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>

namespace health_test {

using namespace ocpi;
using crud::health;
using namespace std::chrono_literals;

TEST_CASE("crud/health: a failure is told at once, then once a minute with a count")
{
    test::recording_logger log;
    health writing(log, "writing");
    health::clock::time_point now;
    writing.worked(now);
    CHECK(log.text().empty());
    for (int i = 0; i < 1'000; ++i) writing.failed("disk full", now += 10ms);
    CHECK(log.text() == "writing fails: disk full\n");
    writing.failed("disk full", now += 1min);
    writing.failed("disk full", now);
    writing.worked(now += 1s);
    writing.worked(now);
    CHECK(log.text() ==
          "writing fails: disk full\n"
          "writing fails: disk full (and 999 times more before)\n"
          "writing works again (and it had failed 1 times more)\n");
    writing.failed("locked", now += 1s);
    CHECK(log.entries().size() == 4);
}

TEST_CASE("crud/health: what fails now and then does not fill the log")
{
    test::recording_logger log;
    health writing(log, "writing");
    health::clock::time_point now;
    for (int i = 0; i < 1'000; ++i) {
        writing.failed("disk full", now);
        writing.worked(now);
    }
    CHECK(log.entries().size() == 3);
    writing.failed("disk full", now += 1min);
    writing.worked(now);
    CHECK(log.entries().size() == 5);
    CHECK(log.entries()[3].text == "writing fails: disk full (and 998 times more before)");
}

}  // namespace health_test
