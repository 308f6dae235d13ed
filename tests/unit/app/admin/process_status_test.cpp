#include "app/admin/process_status.hpp"

#include <doctest/doctest.h>

namespace process_status_test {

using namespace ocpi;

TEST_CASE("app/admin/process_status: the fields of proc(5) are found behind any name")
{
    const auto status = app::parse_process_status(
        "42 (a) b (c) S 1 42 42 0 -1 4194560 100 200 0 0 250 50 0 0 20 0 7 0 12345 8192000 300 "
        "18446744073709551615",
        "cpu  1 2 3\nbtime 1700000000\nprocesses 5\n", 100, 4096);
    CHECK(status.cpu_seconds == 3.0);
    CHECK(status.threads == 7);
    CHECK(status.started_at == 1700000123.45);
    CHECK(status.virtual_bytes == 8192000);
    CHECK(status.resident_bytes == 300 * 4096);
}

TEST_CASE("app/admin/process_status: texts that are cut or empty tell what they can")
{
    CHECK_FALSE(app::parse_process_status("", "", 100, 4096).cpu_seconds);
    CHECK_FALSE(app::parse_process_status("42 (a)", "", 100, 4096).cpu_seconds);
    const auto status = app::parse_process_status("42 (a) S 1 42", "", 100, 4096);
    CHECK_FALSE(status.cpu_seconds);
    CHECK_FALSE(status.started_at);
    CHECK_FALSE(status.resident_bytes);
}

TEST_CASE("app/admin/process_status: this process has all of it")
{
    const auto status = app::read_process_status();
    CHECK(status.cpu_seconds.has_value());
    CHECK(status.resident_bytes.value_or(0) > 1'000'000);
    CHECK(status.virtual_bytes.value_or(0) >= status.resident_bytes.value_or(0));
    CHECK(status.threads.value_or(0) >= 1);
    CHECK(status.open_files.value_or(0) >= 3);
    CHECK(status.started_at.value_or(0) > 1.6e9);
}

}  // namespace process_status_test
