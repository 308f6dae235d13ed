#include "crud/postgres/connection.hpp"
#include "tests/support/postgres_client.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/stalling_proxy.hpp"

#include <doctest/doctest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_future.hpp>

#include <chrono>
#include <future>
#include <memory>
#include <optional>
#include <string>

namespace connection_loss_test {

using namespace ocpi;
using namespace ocpi::crud::postgres;
using namespace ocpi::test;

namespace {

using boost::asio::awaitable;
using namespace std::chrono_literals;

/// The database's URL by way of the proxy.
std::string url_through(const stalling_proxy& proxy, const postgres_database& database)
{
    return "postgresql://ocpi@127.0.0.1:" + std::to_string(proxy.port()) + '/' + database.name() +
           "?sslmode=disable&gssencmode=disable";
}

connection_options options_through(const stalling_proxy& proxy, const postgres_database& database)
{
    connection_options options;
    options.url = url_through(proxy, database);
    options.answer_timeout = 1500ms;
    return options;
}

}  // namespace

TEST_CASE("crud/postgres/connection: a backend that is terminated leaves the outcome unknown")
{
    postgres_database database;
    const connection_task task = [&](connection& on) -> awaitable<void> {
        const auto own = co_await run_one(on, "SELECT pg_backend_pid()");
        const auto failed = co_await find_run_failure(
            on, statements("SELECT pg_terminate_backend(pg_backend_pid())", "SELECT 1"));
        REQUIRE(failed);
        CHECK(failed->is_connection_lost());
        const std::string text = failed->what();
        CHECK(text.find(database.name()) != text.npos);
        CHECK(text.find("57P01") != text.npos);
        CHECK_FALSE(on.is_open());
        // From then on nothing is sent.
        const auto later = co_await find_run_failure(on, statements("SELECT 1"));
        REQUIRE(later);
        CHECK(later->is_not_sent());
    };
    with_connection(database.url(), task);
}

TEST_CASE("crud/postgres/connection: what was committed before the connection was lost stays")
{
    postgres_database database;
    database.execute("CREATE TABLE t (a bigint)");
    stalling_proxy proxy(postgres_server::shared().socket_path());
    const connection_task task = [&](connection& on) -> awaitable<void> {
        proxy.stall(stalling_proxy::direction::to_client);
        const auto before = proxy.bytes_from_server();
        std::optional<postgres_error> failed;
        // The answer has reached the proxy when the connection breaks.
        auto watch = std::async(std::launch::async, [&] {
            proxy.await_bytes_from_server(before + 1);
            proxy.cut();
        });
        failed = co_await find_run_failure(
            on, statements("BEGIN", "INSERT INTO t VALUES (1)", "COMMIT"));
        watch.get();
        REQUIRE(failed);
        CHECK(failed->is_connection_lost());
    };
    with_connection(options_through(proxy, database), task);
    CHECK(database.execute("SELECT count(*) FROM t") == "1");
}

TEST_CASE("crud/postgres/connection: a server that no longer answers is given up after a time")
{
    const postgres_database database;
    stalling_proxy proxy(postgres_server::shared().socket_path());
    const connection_task task = [&](connection& on) -> awaitable<void> {
        proxy.stall();
        const auto failed = co_await find_run_failure(on, statements("SELECT 1"));
        REQUIRE(failed);
        CHECK(failed->is_connection_lost());
        CHECK(std::string(failed->what()).find("no answer within 1.500 s") != std::string::npos);
        CHECK_FALSE(on.is_open());
    };
    with_connection(options_through(proxy, database), task);
}

TEST_CASE("crud/postgres/connection: more than a stalled server takes is given up just so")
{
    const postgres_database database;
    stalling_proxy proxy(postgres_server::shared().socket_path());
    const connection_task task = [&](connection& on) -> awaitable<void> {
        proxy.stall(stalling_proxy::direction::to_server);
        parameters values;
        values.add_bytes(std::string(32 << 20, 'x'));
        std::vector<command> commands;
        commands.emplace_back("SELECT length($1::bytea)", std::move(values));
        const auto failed = co_await find_run_failure(on, std::move(commands));
        REQUIRE(failed);
        CHECK(failed->is_connection_lost());
    };
    with_connection(options_through(proxy, database), task);
}

TEST_CASE("crud/postgres/connection: a pause of the network that ends in time is survived")
{
    const postgres_database database;
    stalling_proxy proxy(postgres_server::shared().socket_path());
    auto options = options_through(proxy, database);
    options.answer_timeout = 30s;
    const connection_task task = [&](connection& on) -> awaitable<void> {
        proxy.stall();
        const auto before = proxy.bytes_from_clients();
        auto watch = std::async(std::launch::async, [&] {
            proxy.await_bytes_from_clients(before + 1);
            proxy.resume();
        });
        const auto answer = co_await run_one(on, "SELECT 1");
        watch.get();
        CHECK(answer.size() == 1);
    };
    with_connection(std::move(options), task);
}

TEST_CASE("crud/postgres/connection: the server gives up a long statement before its client does")
{
    const postgres_database database;
    connection_options options;
    options.url = database.url();
    options.answer_timeout = 2s;
    const connection_task task = [&](connection& on) -> awaitable<void> {
        const auto failed = co_await find_run_failure(on, statements("SELECT pg_sleep(60)"));
        REQUIRE(failed);
        CHECK(failed->sqlstate() == "57014");
        const auto answer = co_await run_one(on, "SELECT 1");
        CHECK(answer.size() == 1);
    };
    with_connection(std::move(options), task);
}

TEST_CASE("crud/postgres/connection: a process that sleeps within a transaction loses its session")
{
    postgres_database database;
    database.execute("CREATE TABLE t (a bigint)");
    const connection_task task = [&](connection& on) -> awaitable<void> {
        co_await on.execute("SET idle_in_transaction_session_timeout = '50ms'");
        co_await on.run(statements("BEGIN", "INSERT INTO t VALUES (1)"));
        // Another waits for its lock, as long as it is held.
        database.execute("BEGIN; LOCK TABLE t IN ACCESS EXCLUSIVE MODE; COMMIT");
        const auto failed = co_await find_run_failure(on, statements("COMMIT"));
        REQUIRE(failed);
        CHECK((failed->is_connection_lost() || failed->is_not_sent()));
    };
    with_connection(database.url(), task);
    CHECK(database.execute("SELECT count(*) FROM t") == "0");
}

TEST_CASE("crud/postgres/connection: an idle connection notices the end of its server")
{
    const postgres_database database;
    stalling_proxy proxy(postgres_server::shared().socket_path());
    boost::asio::io_context context;
    connection on(context.get_executor(), options_through(proxy, database));
    auto opened = boost::asio::co_spawn(context, on.open(), boost::asio::use_future);
    while (opened.wait_for(0s) != std::future_status::ready) context.run_one();
    opened.get();
    CHECK(on.is_open());
    proxy.cut();
    while (on.is_open()) context.run_one();
    CHECK_FALSE(on.is_open());
}

TEST_CASE("crud/postgres/connection: its end fails the runs under way, and they may end after it")
{
    const postgres_database database;
    boost::asio::io_context context;
    connection_options options;
    options.url = database.url();
    auto on = std::make_unique<connection>(context.get_executor(), options);
    auto opened = boost::asio::co_spawn(context, on->open(), boost::asio::use_future);
    while (opened.wait_for(0s) != std::future_status::ready) context.run_one();
    opened.get();

    auto first = boost::asio::co_spawn(context, on->run(statements("SELECT pg_sleep(60)")),
                                       boost::asio::use_future);
    auto second = boost::asio::co_spawn(context, on->execute("SELECT 1"), boost::asio::use_future);
    while (on->in_flight() < 2) context.run_one();
    on.reset();
    context.run();
    CHECK_THROWS_AS(first.get(), postgres_error);
    try {
        second.get();
        FAIL("it has been run");
    } catch (const postgres_error& failure) {
        // It was never sent.
        CHECK(failure.is_not_sent());
    }
}

TEST_CASE("crud/postgres/connection: its end while it is being opened fails that")
{
    const postgres_database database;
    stalling_proxy proxy(postgres_server::shared().socket_path());
    proxy.stall();
    boost::asio::io_context context;
    auto on =
        std::make_unique<connection>(context.get_executor(), options_through(proxy, database));
    auto opened = boost::asio::co_spawn(context, on->open(), boost::asio::use_future);
    context.run_one();
    on.reset();
    context.run();
    CHECK_THROWS_AS(opened.get(), postgres_error);
}

}  // namespace connection_loss_test
