#include "tests/support/postgres_client.hpp"
#include "tests/support/postgres_server.hpp"

#include <doctest/doctest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

#include <chrono>
#include <string>
#include <string_view>
#include <thread>

namespace connection_refusal_test {

using namespace ocpi::crud::postgres;
using namespace ocpi::test;

namespace {

using boost::asio::ip::tcp;

connection_options options_for(std::string url)
{
    connection_options options;
    options.url = std::move(url);
    return options;
}

bool contains(const postgres_error& failure, std::string_view text)
{
    return std::string_view(failure.what()).find(text) != std::string_view::npos;
}

std::string message(char kind, const std::string& body)
{
    const auto size = static_cast<std::uint32_t>(body.size() + 4);
    std::string bytes(1, kind);
    for (const int shift : {24, 16, 8, 0}) bytes += static_cast<char>(size >> shift);
    return bytes + body;
}

std::string status(std::string_view name, std::string_view value)
{
    std::string body(name);
    body += '\0';
    body += value;
    body += '\0';
    return message('S', body);
}

/// Lets one client in as a server of that version does, and answers no statement.
class old_server {
public:
    explicit old_server(std::string version)
        : acceptor_(context_, {boost::asio::ip::address_v4::loopback(), 0}),
          thread_([this, version = std::move(version)] { serve(version); })
    {
    }
    ~old_server() { thread_.join(); }

    std::string url()
    {
        return "postgresql://u@127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) +
               "/ocpi?sslmode=disable&gssencmode=disable";
    }

private:
    void serve(const std::string& version)
    {
        boost::system::error_code failure;
        auto client = acceptor_.accept();
        unsigned char length[4];
        boost::asio::read(client, boost::asio::buffer(length), failure);
        std::string startup((static_cast<std::size_t>(length[2]) << 8 | length[3]) - 4, '\0');
        boost::asio::read(client, boost::asio::buffer(startup), failure);
        const auto answer = message('R', std::string(4, '\0')) + status("server_version", version) +
                            status("server_encoding", "UTF8") + message('K', std::string(8, '\1')) +
                            message('Z', "I");
        boost::asio::write(client, boost::asio::buffer(answer), failure);
        char byte = 0;
        while (!failure) boost::asio::read(client, boost::asio::buffer(&byte, 1), failure);
    }

    boost::asio::io_context context_;
    tcp::acceptor acceptor_;
    std::thread thread_;
};

}  // namespace

TEST_CASE("crud/postgres/connection: a wrong password is told, and no password is shown")
{
    postgres_setting setting;
    setting.password = "right horse";
    setting.listens_on_tcp = true;
    const postgres_server server(setting);
    auto options = options_for(server.tcp_url());

    options.password = "wrong horse";
    const auto wrong = find_open_failure(options);
    REQUIRE(wrong);
    CHECK(wrong->sqlstate() == "28P01");
    CHECK(contains(*wrong, "127.0.0.1:" + std::to_string(server.port()) + ", database postgres"));
    CHECK(contains(*wrong, "database_password_file"));
    CHECK_FALSE(contains(*wrong, "horse"));

    options.password.clear();
    const auto missing = find_open_failure(options);
    REQUIRE(missing);
    CHECK(missing->sqlstate() == "28P01");
    CHECK(contains(*missing, "database_password_file"));

    options.password = "right horse";
    CHECK_FALSE(find_open_failure(options));
    // One in the URL serves as well.
    auto url = server.tcp_url();
    url.insert(url.find('@'), ":right%20horse");
    CHECK_FALSE(find_open_failure(options_for(url)));
}

TEST_CASE(
    "crud/postgres/connection: a database that is missing, or of another encoding, is refused")
{
    auto& server = postgres_server::shared();
    const auto missing = find_open_failure(options_for(server.url("no_such_database")));
    REQUIRE(missing);
    CHECK(missing->sqlstate() == "3D000");
    CHECK(contains(*missing, "no_such_database"));
    CHECK(contains(*missing, "CREATE DATABASE"));

    server.execute("CREATE DATABASE latin ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0");
    const auto latin = find_open_failure(options_for(server.url("latin")));
    REQUIRE(latin);
    CHECK(contains(*latin, "LATIN1 and must be UTF8"));
    server.drop_database("latin");
}

TEST_CASE("crud/postgres/connection: a user without rights is told which")
{
    postgres_database database;
    database.execute("CREATE ROLE guest LOGIN");
    auto url = database.url();
    url.replace(url.find("ocpi@"), 5, "guest@");
    const connection_task task = [](connection& on) -> boost::asio::awaitable<void> {
        const auto failed = co_await find_run_failure(on, statements("CREATE TABLE t (a bigint)"));
        REQUIRE(failed);
        CHECK(failed->sqlstate() == "42501");
        CHECK(contains(*failed, "permission denied for schema public"));
        CHECK(contains(*failed, "give the user that right"));
    };
    with_connection(url, task);
    database.execute("DROP ROLE guest");
}

TEST_CASE("crud/postgres/connection: a server before version 13 is refused by its version")
{
    old_server server("12.22");
    const auto failed = find_open_failure(options_for(server.url()));
    REQUIRE(failed);
    CHECK(failed->sqlstate() == "08004");
    CHECK(contains(*failed, "the server is PostgreSQL 12.22, and 13 or a later version is needed"));
}

TEST_CASE("crud/postgres/connection: a server that is not there, or says nothing, is named")
{
    boost::asio::io_context context;
    tcp::acceptor silent(context, {boost::asio::ip::address_v4::loopback(), 0});
    const auto port = std::to_string(silent.local_endpoint().port());
    auto options = options_for("postgresql://u@127.0.0.1:" + port + "/ocpi");
    options.connect_timeout = std::chrono::milliseconds(100);
    const auto slow = find_open_failure(options);
    REQUIRE(slow);
    CHECK(slow->is_connection_lost());
    CHECK(contains(*slow, "127.0.0.1:" + port + ", database ocpi: no connection within 0.100 s"));

    silent.close();
    const auto gone = find_open_failure(options);
    REQUIRE(gone);
    CHECK(contains(*gone, "Connection refused"));

    // The next host is tried, also after one that says nothing.
    tcp::acceptor again(context, {boost::asio::ip::address_v4::loopback(), 0});
    auto url = postgres_server::shared().url();
    url.insert(url.find('@') + 1,
               "127.0.0.1:" + std::to_string(again.local_endpoint().port()) + ",");
    CHECK_FALSE(find_open_failure(options_for(url + "?connect_timeout=1")));
}

TEST_CASE("crud/postgres/connection: a server that may lose writes is refused unless allowed")
{
    auto& server = postgres_server::shared();
    postgres_database database;
    server.execute("ALTER DATABASE " + database.name() + " SET synchronous_commit = off");
    auto options = options_for(database.url());
    const auto failed = find_open_failure(options);
    REQUIRE(failed);
    CHECK(failed->sqlstate() == "08004");
    CHECK(contains(*failed, "synchronous_commit is off"));
    CHECK(contains(*failed, "allow_lost_writes = true"));
    options.allow_lost_writes = true;
    CHECK_FALSE(find_open_failure(options));

    server.execute("ALTER DATABASE " + database.name() + " RESET synchronous_commit");
    server.execute("ALTER DATABASE " + database.name() + " SET default_transaction_read_only = on");
    const auto read_only = find_open_failure(options_for(database.url()));
    REQUIRE(read_only);
    CHECK(read_only->sqlstate() == "25006");
    CHECK(contains(*read_only, "default_transaction_read_only is on"));
}

TEST_CASE(
    "crud/postgres/connection: a standby is refused by name, and the primary is found by both")
{
    postgres_setting setting;
    setting.listens_on_tcp = true;
    postgres_server primary(setting);
    const auto standby = primary.make_standby();
    const auto failed = find_open_failure(options_for(standby->tcp_url()));
    REQUIRE(failed);
    CHECK(failed->sqlstate() == "25006");
    CHECK(contains(*failed, "the server is a read-only standby"));

    auto url = primary.tcp_url();
    url.insert(url.find('@') + 1, "127.0.0.1:" + std::to_string(standby->port()) + ",");
    CHECK_FALSE(find_open_failure(options_for(url)));
    CHECK_FALSE(find_open_failure(options_for(url + "?target_session_attrs=read-write")));

    // After a failover the same URL finds the new one, with all that was committed.
    primary.execute("CREATE TABLE t (a bigint)");
    const connection_task insert = [](connection& on) -> boost::asio::awaitable<void> {
        co_await run_one(on, "INSERT INTO t VALUES (7)");
    };
    with_connection(url, insert);
    primary.stop("immediate");
    standby->promote();
    standby->execute("ALTER SYSTEM RESET synchronous_standby_names");
    standby->execute("SELECT pg_reload_conf()");
    const connection_task read = [](connection& on) -> boost::asio::awaitable<void> {
        const auto answer = co_await run_one(on, "SELECT a FROM t");
        CHECK(answer.integer(0, 0) == 7);
    };
    with_connection(url, read);
}

TEST_CASE(
    "crud/postgres/connection: a commit that no standby has confirmed is not reported as done")
{
    // A standby that is not there is waited for, until somebody cancels the statement.
    postgres_setting setting;
    setting.lines = {"synchronous_standby_names = '*'"};
    postgres_server primary(setting);
    primary.execute("CREATE TABLE t (a bigint)");
    const connection_task task = [&](connection& on) -> boost::asio::awaitable<void> {
        const auto pid = co_await run_one(on, "SELECT pg_backend_pid()");
        const auto backend = std::to_string(pid.integer(0, 0));
        std::thread cancel([&] {
            const auto waits =
                "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep' "
                "AND pid = " +
                backend;
            while (primary.execute(waits) != "1") std::this_thread::yield();
            primary.execute("SELECT pg_cancel_backend(" + backend + ")");
        });
        const auto failed = co_await find_run_failure(
            on, statements("BEGIN", "INSERT INTO t VALUES (1)", "COMMIT"));
        cancel.join();
        REQUIRE(failed);
        CHECK(failed->is_connection_lost());
        CHECK(contains(*failed, "the standby has not confirmed a commit"));
    };
    with_connection(primary.url(), task);
}

}  // namespace connection_refusal_test
