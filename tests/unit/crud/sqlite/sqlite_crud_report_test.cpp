// What the store tells its operator.

#include "crud/sqlite/sqlite_crud.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace sqlite_crud_report_test {

using namespace ocpi;
using crud::interface_side;
using test::run_awaitable;

namespace {

struct store_fixture {
    const test::temporary_directory directory;
    const std::string path = directory.file("store.db");
    crud::sqlite_crud store{options()};

    crud::sqlite_options options() const
    {
        crud::sqlite_options options;
        options.path = path;
        return options;
    }

    bool create(const char* id)
    {
        const crud::document made(crud::object_key("ES", "ABC", id), "{}", date_time(),
                                  std::nullopt);
        return run_awaitable(store.create("sessions", interface_side::sender, made)).has_value();
    }
};

std::uint64_t errors_of(const crud::store_report& report, const std::string& kind)
{
    for (const auto& each : report.errors) {
        if (each.kind == kind) return each.count;
    }
    FAIL("no such kind");
    return 0;
}

}  // namespace

TEST_CASE_FIXTURE(store_fixture, "crud/sqlite/sqlite_crud: transactions are counted and measured")
{
    REQUIRE(create("1"));
    REQUIRE(create("2"));
    const auto report = store.report();
    CHECK(report.batch_writes.total() == 2);
    CHECK(report.batch_writes.sum == 2.0);
    CHECK(report.commit_seconds.total() == 2);
    CHECK(report.commit_seconds.sum > 0.0);
    REQUIRE(report.queues.size() == 3);
    for (const auto& queue : report.queues) CHECK(queue.length == 0);
    CHECK(errors_of(report, "read") == 0);
    CHECK(errors_of(report, "write") == 0);
}

TEST_CASE_FIXTURE(store_fixture,
                  "crud/sqlite/sqlite_crud: it is not writable while its file is gone, and it is "
                  "again without a write of others")
{
    CHECK(run_awaitable(store.check_writable()).has_value());
    CHECK(store.report().batch_writes.total() == 0);
    std::filesystem::rename(path, path + ".away");
    const auto failure = run_awaitable(store.check_writable());
    REQUIRE(failure.has_error());
    CHECK(failure.error().code() == errc::storage);
    CHECK(failure.error().log_text().find(path + " was removed") != std::string::npos);
    CHECK_FALSE(create("1"));
    CHECK(errors_of(store.report(), "write") == 2);
    std::filesystem::rename(path + ".away", path);
    CHECK(run_awaitable(store.check_writable()).has_value());
    CHECK(run_awaitable(store.check_writable()).has_value());
    CHECK(create("1"));
}

}  // namespace sqlite_crud_report_test
