#include "crud/postgres/postgres_crud.hpp"

#include "tests/support/postgres_store.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/store_calls.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>

namespace postgres_readers_test {

using namespace ocpi;
using namespace ocpi::test::store_calls;
using test::postgres_server;
using test::postgres_store;
using test::run_awaitable;

namespace {

constexpr auto too_many = "too many connections for role";

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

/// A store that is opened by a role of its own, which may have so many connections.
struct limited_store : postgres_store {
    const std::string role = "limited_" + database.name();

    explicit limited_store(int connections)
    {
        database.execute("CREATE ROLE " + role + " LOGIN");
        database.execute("ALTER DATABASE " + database.name() + " OWNER TO " + role);
        database.execute("ALTER SCHEMA public OWNER TO " + role);
        allow(connections);
        auto& url = options.connection.url;
        url += (contains(url, "?") ? "&user=" : "?user=") + role;
    }
    ~limited_store()
    {
        database.execute("ALTER DATABASE " + database.name() + " OWNER TO current_user");
        database.execute("ALTER SCHEMA public OWNER TO current_user");
        database.execute("REASSIGN OWNED BY " + role + " TO current_user");
        database.execute("DROP OWNED BY " + role);
        database.execute("DROP ROLE " + role);
    }

    void allow(int connections)
    {
        database.execute("ALTER ROLE " + role + " CONNECTION LIMIT " + std::to_string(connections));
    }
    void end_connections()
    {
        database.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE "
            "usename = '" +
            role + "'");
    }
    /// Of the log, about reads; empty: there is none yet.
    std::string last_line() const
    {
        std::string last;
        for (const auto& each : log->entries()) {
            if (each.text.starts_with("reading from ")) last = each.text;
        }
        return last;
    }
    /// Whether the last line comes to be as it should within ten seconds: connections are opened
    /// one by one, and the last one may still fail when the first one is there.
    template <class Predicate>
    bool await_line(Predicate is_as_wanted) const
    {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
        while (!is_as_wanted(last_line())) {
            if (std::chrono::steady_clock::now() > end) return false;
            std::this_thread::yield();
        }
        return true;
    }
};

}  // namespace

TEST_CASE("crud/postgres/postgres_readers: a start without a connection that reads fails")
{
    const limited_store stored(1);
    std::string failure;
    try {
        const crud::postgres_crud crud(stored.options);
    } catch (const std::runtime_error& thrown) {
        failure = thrown.what();
    }
    CHECK_MESSAGE(contains(failure, "cannot use the database "), failure);
    CHECK_MESSAGE(contains(failure, too_many), failure);
}

TEST_CASE("crud/postgres/postgres_readers: readers that are lost are told of, until they are back")
{
    limited_store stored(20);
    crud::postgres_crud crud(stored.options);
    REQUIRE(create(crud, "1").has_value());
    CHECK(run_awaitable(crud.check_readable()).has_value());
    for (int outage = 0; outage < 3; ++outage) {
        CAPTURE(outage);
        stored.allow(0);
        stored.end_connections();
        while (run_awaitable(crud.check_readable()).has_value()) std::this_thread::yield();
        const auto unready = run_awaitable(crud.check_readable());
        REQUIRE(unready.has_error());
        CHECK(unready.error().code() == errc::storage);
        CHECK(stored.await_line([](const std::string& last) { return !last.empty(); }));
        CHECK_MESSAGE(contains(stored.log->text(), too_many), stored.log->text());
        stored.allow(20);
        while (run_awaitable(crud.check_readable()).has_error()) std::this_thread::yield();
        while (get(crud, "1").has_error()) std::this_thread::yield();
        CHECK(stored.await_line(
            [](const std::string& last) { return contains(last, " works again"); }));
    }
}

}  // namespace postgres_readers_test
