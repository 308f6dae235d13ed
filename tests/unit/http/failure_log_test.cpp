#include "http/failure_log.hpp"

#include "tests/support/recording_logger.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <memory>
#include <string>

namespace failure_log_test {

using namespace ocpi;
using namespace std::chrono_literals;

namespace {

struct fixture {
    std::shared_ptr<test::recording_logger> log = std::make_shared<test::recording_logger>();
    http::failure_log failures{log};
    http::failure_log::clock::time_point now;
};

error disk_full()
{
    return error(errc::storage, "the store cannot be written", {}, "disk full");
}

}  // namespace

TEST_CASE("http/failure_log: a cause that repeats is one line a minute, with the count")
{
    fixture log;
    for (int i = 0; i < 1'000; ++i)
        log.failures.write("r" + std::to_string(i), disk_full(), log.now);
    CHECK(log.log->text() == "request r0: storage: disk full\n");
    log.now += 1min;
    log.failures.write("r1000", disk_full(), log.now);
    log.now += 1min;
    log.failures.write("r1001", disk_full(), log.now);
    CHECK(log.log->text() ==
          "request r0: storage: disk full\n"
          "request r1000: storage: disk full (and 999 requests more before)\n"
          "request r1001: storage: disk full\n");
    CHECK(log.log->entries().front().level == log_level::error);
}

TEST_CASE("http/failure_log: another cause has its own line at once")
{
    fixture log;
    log.failures.write("a", disk_full(), log.now);
    log.failures.write("b", error(errc::storage, "unwell", {}, "database is locked"), log.now);
    log.failures.write("c", error(errc::internal, "a bug", {}, "disk full"), log.now);
    log.failures.write("d", error(errc::internal, "a bug"), log.now);
    CHECK(log.log->entries().size() == 4);
}

TEST_CASE("http/failure_log: what is the client's fault is for debugging, every time")
{
    fixture log;
    const error invalid(errc::invalid, "kwh must be a number");
    for (int i = 0; i < 3; ++i) log.failures.write("a", invalid, log.now);
    CHECK(log.log->entries().size() == 3);
    CHECK(log.log->entries().front().level == log_level::debug);
    CHECK(log.log->entries().front().text == "request a: invalid: kwh must be a number");
}

TEST_CASE("http/failure_log: requests beyond a limit are one warning a minute, of all senders")
{
    fixture log;
    for (int i = 0; i < 1'000; ++i) {
        const error refused(errc::too_many_requests, "too many", {},
                            "too many of " + std::to_string(i));
        log.failures.write("r", refused, log.now);
    }
    CHECK(log.log->text() == "request r: too_many_requests: too many of 0\n");
    CHECK(log.log->entries().front().level == log_level::warning);
}

TEST_CASE("http/failure_log: what a text quotes of a request is left out")
{
    fixture log;
    const error quoting(errc::invalid, "/status must be one of ACTIVE, not \"a secret\"; see \"b");
    log.failures.write("a", quoting, log.now);
    CHECK(log.log->text() ==
          "request a: invalid: /status must be one of ACTIVE, not \"…\"; see \"…\n");
    const error with_log_text(errc::already_exists, "ES-ABC-1 is taken", {}, "\"x\" is taken");
    log.failures.write("b", with_log_text, log.now);
    CHECK(log.log->text().ends_with("request b: already_exists: \"x\" is taken\n"));
}

}  // namespace failure_log_test
