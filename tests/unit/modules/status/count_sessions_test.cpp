#include "modules/status/count_sessions.hpp"

#include "crud/memory/memory_crud.hpp"
#include "modules/sessions/session_summary.hpp"
#include "tests/support/instant.hpp"
#include "tests/support/run_awaitable.hpp"

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <string_view>

namespace count_sessions_test {

using namespace ocpi;
using namespace ocpi::test;

namespace {

struct store_fixture {
    std::shared_ptr<crud::memory_crud> crud = std::make_shared<crud::memory_crud>();
    const date_time now = instant("2024-06-01T12:00:00Z");
    int count = 0;

    void add(std::string_view category, const std::string& last_updated)
    {
        const auto id = "S" + std::to_string(++count);
        crud::document made(crud::object_key("ES", "ABC", id), "{}", instant(last_updated), {});
        made.secondary_key = id;
        made.summary.emplace().category = category;
        REQUIRE(run_awaitable(crud->create("sessions", crud::interface_side::sender, made))
                    .has_value());
    }
};

}  // namespace

TEST_CASE_FIXTURE(store_fixture,
                  "modules/status/count_sessions: stale is what is expected to change and has not "
                  "for 30 minutes")
{
    add(sessions::live_sessions, "2024-06-01T11:59:00Z");
    add(sessions::live_sessions, "2024-06-01T11:30:00.001Z");
    add(sessions::live_sessions, "2024-06-01T11:30:00Z");
    add(sessions::awaiting_sessions, "2024-06-01T11:00:00Z");
    add(sessions::awaiting_sessions, "2024-06-01T11:59:00Z");
    add(sessions::completed_sessions, "2024-05-01T11:00:00Z");
    add(sessions::pending_sessions, "2024-05-01T11:00:00Z");
    const sessions::session_reader reader(crud);
    const auto counts = run_awaitable(status::count_sessions(reader, now));
    REQUIRE(counts.has_value());
    CHECK(counts->live == 3);
    CHECK(counts->stale == 2);
}

}  // namespace count_sessions_test
