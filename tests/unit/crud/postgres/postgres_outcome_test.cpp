#include "crud/postgres/postgres_crud.hpp"

#include "crud/postgres/connection.hpp"
#include "tests/support/dropping_proxy.hpp"
#include "tests/support/postgres_store.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/store_calls.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <doctest/doctest.h>

#include <atomic>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace postgres_outcome_test {

using namespace ocpi;
using namespace ocpi::test::store_calls;
using boost::asio::awaitable;
using test::dropping_proxy;
using test::postgres_server;
using test::postgres_store;
using test::run_awaitable;

namespace {

using direction = dropping_proxy::direction;

postgres_server& tcp_server()
{
    static postgres_server server([] {
        test::postgres_setting setting;
        setting.listens_on_tcp = true;
        return setting;
    }());
    return server;
}

/// A store behind a proxy.
struct distant_store : postgres_store {
    dropping_proxy proxy{tcp_server().port()};

    distant_store() : postgres_store(tcp_server())
    {
        auto url = tcp_server().tcp_url(database.name());
        const auto port = std::to_string(tcp_server().port());
        options.connection.url =
            url.replace(url.find(port), port.size(), std::to_string(proxy.port()));
    }
};

/// Cuts once, when something like that passes.
dropping_proxy::rule cut_once(direction where, std::string what)
{
    return [where, what = std::move(what), is_done = false](direction passing,
                                                            std::string_view bytes) mutable {
        if (is_done || passing != where || bytes.find(what) == bytes.npos) return false;
        return is_done = true;
    };
}

const std::string committed("COMMIT\0", 7);

}  // namespace

TEST_CASE("crud/postgres/postgres_outcome: what was committed without an answer is not lost")
{
    distant_store stored;
    crud::postgres_crud crud(stored.options);
    crud::postgres_crud other(stored.options);
    const auto base = create(crud, "1");
    REQUIRE(base.has_value());
    stored.proxy.set_rule(cut_once(direction::to_client, committed));
    const auto changed = run_awaitable(crud.update("sessions", side, make_document("1"), *base));
    CHECK(stored.proxy.dropped() == 1);
    REQUIRE(changed.has_value());
    CHECK(get(other, "1")->revision == *changed);
    CHECK(*changed == *base + 1);
}

TEST_CASE("crud/postgres/postgres_outcome: what never arrived is written once more")
{
    distant_store stored;
    crud::postgres_crud crud(stored.options);
    crud::postgres_crud other(stored.options);
    REQUIRE(create(crud, "1").has_value());
    stored.proxy.set_rule(cut_once(direction::to_server, "to be lost"));
    const auto made = create(crud, "2", "to be lost");
    CHECK(stored.proxy.dropped() == 1);
    REQUIRE(made.has_value());
    CHECK(get(other, "2")->revision == *made);
    CHECK(get(other, "2")->document.json == "to be lost");
}

TEST_CASE("crud/postgres/postgres_outcome: a read whose connection is lost is made on another")
{
    distant_store stored;
    crud::postgres_crud crud(stored.options);
    REQUIRE(create(crud, "1", "to be read").has_value());
    stored.proxy.set_rule(cut_once(direction::to_client, "to be read"));
    const auto read = get(crud, "1");
    CHECK(stored.proxy.dropped() == 1);
    REQUIRE(read.has_value());
    CHECK(read->document.json == "to be read");
}

namespace {

/// Updates a record of its own again and again. Every answer must be true, whatever happens to the
/// connection: so no update ever meets a revision that it was not told of.
awaitable<void> keep_updating(Crud& crud, int number, crud::revision last, int count,
                              std::atomic<int>& running)
{
    for (int i = 1; i <= count;) {
        auto wanted = make_document(std::to_string(number), std::to_string(i));
        const auto next = co_await crud.update("sessions", side, std::move(wanted), last);
        if (next.has_value()) {
            CHECK(*next > last);
            last = *next;
            ++i;
            continue;
        }
        // Refused for lack of a connection: nothing was done.
        CHECK(next.error().code() == errc::overloaded);
        if (next.error().code() != errc::overloaded) break;
    }
    --running;
}

}  // namespace

TEST_CASE("crud/postgres/postgres_outcome: every answer is true while connections are ended")
{
    postgres_store stored;
    crud::postgres_crud crud(stored.options);
    constexpr int callers = 8;
    constexpr int count = 60;
    constexpr int max_ended = 30;
    std::vector<crud::revision> bases;
    for (int i = 0; i < callers; ++i) bases.push_back(*create(crud, std::to_string(i)));
    std::atomic<int> running = callers;
    std::jthread writing([&] {
        boost::asio::io_context context;
        for (int i = 0; i < callers; ++i) {
            const auto base = bases[static_cast<std::size_t>(i)];
            boost::asio::co_spawn(context, keep_updating(crud, i, base, count, running),
                                  boost::asio::detached);
        }
        context.run();
    });
    int ended = 0;
    while (running > 0 && ended < max_ended) {
        const auto text = stored.database.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = "
            "current_database() AND state = 'active' AND query = 'COMMIT'");
        ended += std::stoi(text);
    }
    writing.join();
    MESSAGE("connections ended: " << ended);
    for (int i = 0; i < callers; ++i) {
        const auto read = get(crud, std::to_string(i));
        REQUIRE(read.has_value());
        CHECK(read->document.json == std::to_string(count));
    }
}

TEST_CASE(
    "crud/postgres/postgres_outcome: without a server everything fails at once, until it is back")
{
    postgres_server server;
    postgres_store stored(server);
    crud::postgres_crud crud(stored.options);
    const auto made = create(crud, "1");
    REQUIRE(made.has_value());
    CHECK(run_awaitable(crud.check_writable()).has_value());
    server.stop("immediate");
    for (int i = 0; i < 3; ++i) {
        const auto refused = create(crud, "2");
        REQUIRE(refused.has_error());
        CHECK(refused.error().code() == errc::overloaded);
        CHECK(get(crud, "1").error().code() == errc::overloaded);
    }
    CHECK(run_awaitable(crud.check_writable()).has_error());
    server.start();
    while (create(crud, "3").has_error()) std::this_thread::yield();
    while (get(crud, "1").has_error()) std::this_thread::yield();
    CHECK(get(crud, "1")->revision == *made);
    CHECK(get(crud, "2").error().code() == errc::not_found);
    CHECK(run_awaitable(crud.check_writable()).has_value());
    const auto text = stored.log->text();
    CHECK(text.find("writing to ") != std::string::npos);
    CHECK(text.find("works again") != std::string::npos);
}

TEST_CASE("crud/postgres/postgres_outcome: who sleeps in a transaction is ended, and others go on")
{
    postgres_store stored;
    crud::postgres_crud crud(stored.options);
    const auto base = create(crud, "1");
    REQUIRE(base.has_value());

    boost::asio::io_context context;
    crud::postgres::connection sleeper(context.get_executor(), stored.options.connection);
    const auto fall_asleep = [&]() -> awaitable<void> {
        co_await sleeper.open();
        std::vector<crud::postgres::command> commands;
        commands.emplace_back("SELECT current_setting('idle_in_transaction_session_timeout')");
        const auto default_time = co_await sleeper.run(std::move(commands));
        CHECK(default_time.at(0).text(0, 0) == "5s");
        commands.clear();
        commands.emplace_back(
            "SELECT set_config('idle_in_transaction_session_timeout', '200ms', false)");
        (void)co_await sleeper.run(std::move(commands));
        commands.clear();
        commands.emplace_back("BEGIN");
        commands.emplace_back("UPDATE latest_number SET revision = revision + 1");
        commands.emplace_back("UPDATE record SET json = 'mine'");
        (void)co_await sleeper.run(std::move(commands));
    };
    bool is_asleep = false;
    boost::asio::co_spawn(context, fall_asleep(),
                          [&](const std::exception_ptr& failure) { is_asleep = !failure; });
    while (!is_asleep) context.run_one();

    const auto changed =
        run_awaitable(crud.update("sessions", side, make_document("1", "theirs"), *base));
    REQUIRE(changed.has_value());
    CHECK(*changed == *base + 1);
    CHECK(get(crud, "1")->document.json == "theirs");
}

}  // namespace postgres_outcome_test
