#include "crud/health.hpp"

#include "tests/support/recording_logger.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <thread>

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
    CHECK(log.entries().size() == 4);
    CHECK(log.entries()[3].text == "writing works again");
    writing.failed("disk full", now += 1min);
    writing.worked(now);
    CHECK(log.entries().size() == 6);
    CHECK(log.entries()[4].text == "writing fails: disk full (and 998 times more before)");
    CHECK(log.entries()[5].text == "writing works again");
}

TEST_CASE("crud/health: the end of a failure that was told is told too, however soon it comes")
{
    test::recording_logger log;
    health writing(log, "writing");
    health::clock::time_point now;
    for (int i = 0; i < 1'000; ++i) {
        for (int failures = 0; failures <= i % 7; ++failures) writing.failed("locked", now += 2s);
        writing.worked(now += 1s);
        REQUIRE(log.entries().back().text.starts_with("writing works again"));
    }
}

TEST_CASE("crud/health: the last line is of a recovery when threads are through")
{
    test::recording_logger log;
    for (int i = 0; i < 200; ++i) {
        health writing(log, "writing");
        {
            std::jthread failing([&] { writing.failed("locked"); });
            writing.worked();
        }
        writing.worked();
        REQUIRE(log.entries().back().text == "writing works again");
    }
}

}  // namespace health_test
