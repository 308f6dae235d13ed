// What PostgreSQL may do to a running server: each fault is refused as 3000, named in the log by a
// clear line, and over by itself when its cause is; no password is in the output.

#include "tests/support/child_process.hpp"
#include "tests/support/ocpi_client.hpp"
#include "tests/support/postgres_server.hpp"
#include "tests/support/run_shell.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/session_text.hpp"
#include "tests/support/stalling_proxy.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

#include <chrono>
#include <fstream>
#include <optional>
#include <random>
#include <sstream>
#include <string>

namespace postgres_run_test {

using namespace ocpi;
using namespace std::chrono_literals;

namespace {

constexpr const char* password = "not-for-any-output";

/// Text that cannot be compressed.
std::string noise(std::size_t size, unsigned seed)
{
    std::minstd_rand random(seed);
    std::string text(size, ' ');
    for (auto& each : text) each = static_cast<char>('a' + random() % 26);
    return text;
}

/// A server of ours on a database, and a caller who is the only one.
class running_server {
public:
    explicit running_server(const std::string& database)
        : server_({"--dev", "--database", database}, "127.0.0.1:0", [] {
              test::process_setting setting;
              setting.environment = {std::string("PGPASSWORD=") + password};
              return setting;
          }())
    {
    }

    std::optional<test::wire_response> ask(const std::string& method, const std::string& target,
                                           const std::string& body = {},
                                           std::chrono::milliseconds patience = 60s)
    {
        std::string text = method + ' ' + target +
                           " HTTP/1.1\r\nHost: t\r\nConnection: close\r\nAuthorization: Token "
                           "your-token\r\nContent-Length: " +
                           std::to_string(body.size()) + "\r\n\r\n" + body;
        test::socket_client client(server_.endpoint(), patience);
        client.send(text);
        return client.read_response();
    }
    std::optional<test::wire_response> put(const std::string& id, std::size_t filler = 0)
    {
        const auto body = test::session_text(
            {{"id", '"' + id + '"'}, {"filler", '"' + noise(filler, ++noises_) + '"'}});
        return ask("PUT", "/ocpi/emsp/2.3.0/sessions/ES/ABC/" + id, body);
    }
    std::optional<test::wire_response> get(const std::string& id)
    {
        return ask("GET", "/ocpi/emsp/2.3.0/sessions/ES/ABC/" + id);
    }

    /// Writes, again and again, until one is refused, and returns that answer.
    test::wire_response await_refusal(const std::string& name)
    {
        std::optional<test::wire_response> answer;
        REQUIRE(test::eventually([&] {
            answer = put(name + std::to_string(++written_));
            return answer && !test::is_acknowledged(answer);
        }));
        return *answer;
    }
    void await_recovery(const std::string& name)
    {
        const auto begun = std::chrono::steady_clock::now();
        CHECK(test::eventually(
            [&] { return test::is_acknowledged(put(name + std::to_string(++written_))); }));
        // Reads have connections of their own.
        CHECK(test::eventually(
            [&] { return test::is_acknowledged(get(name + std::to_string(written_))); }));
        MESSAGE(name, ": recovered after ",
                std::chrono::duration_cast<std::chrono::milliseconds>(
                    std::chrono::steady_clock::now() - begun)
                    .count(),
                " ms");
    }

    /// Ends it and looks for each of the texts in its log.
    void check_log(std::initializer_list<std::string> texts)
    {
        CHECK(server_.terminate() == 0);
        const auto& log = server_.errors();
        for (const auto& each : texts) {
            CHECK_MESSAGE(log.find(each) != std::string::npos, log, "\nhas not: ", each);
        }
        CHECK(log.find(password) == std::string::npos);
        CHECK(server_.further_output().find(password) == std::string::npos);
    }

private:
    test::server_process server_;
    unsigned written_ = 0;
    unsigned noises_ = 0;
};

/// 3000: the caller may try again.
void check_is_refused(const test::wire_response& answer)
{
    CHECK_MESSAGE(answer.body.find("\"status_code\":3000") != std::string::npos, answer.body);
    CHECK(answer.body.find("SQLSTATE") == std::string::npos);
    CHECK(answer.body.find("postgres") == std::string::npos);
}

/// There is no database to be asked.
void check_is_put_off(const test::wire_response& answer)
{
    check_is_refused(answer);
    CHECK(answer.status == 503);
    CHECK_FALSE(answer.header("Retry-After").empty());
}

/// The processes of a server of PostgreSQL.
std::vector<pid_t> processes_of(test::postgres_server& server)
{
    std::ifstream file(server.execute("SHOW data_directory") + "/postmaster.pid");
    std::vector<pid_t> all(1);
    file >> all[0];
    std::istringstream others(
        server.execute("SELECT string_agg(pid::text, ' ') FROM pg_stat_activity"));
    for (pid_t each = 0; others >> each;) all.push_back(each);
    return all;
}

/// No file of that server grows beyond that size: what is beyond it fails as on a full disk. Done
/// by the user whose processes they are, as others may not, not even root in a container.
void limit_files(test::postgres_server& server, const std::string& size)
{
    const std::string as_user = ::geteuid() == 0 ? "runuser -u postgres -- " : "";
    for (const auto each : processes_of(server)) {
        // One may have gone meanwhile.
        test::run_shell(as_user + "prlimit --pid " + std::to_string(each) + " --fsize=" + size +
                        ":unlimited");
    }
}

test::postgres_setting with_password()
{
    test::postgres_setting setting;
    setting.listens_on_tcp = true;
    setting.password = password;
    return setting;
}

}  // namespace

TEST_CASE("faults/postgres_run: a full disk")
{
    test::postgres_server database;
    running_server server(database.create_database());
    REQUIRE(test::is_acknowledged(server.put("FIRST")));
    // More than a segment of the log; not a whole number of pages, so that a page is written in
    // part, which PostgreSQL takes for a full disk.
    limit_files(database, std::to_string(20 * 1024 * 1024 + 4096));
    std::optional<test::wire_response> answer;
    int stored = 0;
    for (; stored < 60; ++stored) {
        answer = server.put("L" + std::to_string(stored), 1'000'000);
        if (!test::is_acknowledged(answer)) break;
    }
    REQUIRE(answer);
    check_is_refused(*answer);
    MESSAGE(stored, " sessions of 1 MB until the disk is full");
    CHECK(test::is_acknowledged(server.get("FIRST")));
    CHECK(test::is_acknowledged(server.get("L0")));
    limit_files(database, "unlimited");
    server.await_recovery("FULL");
    CHECK(test::is_acknowledged(server.put("L" + std::to_string(stored), 1'000'000)));
    server.check_log({"the server's disk is full"});
    CHECK(database.log().find("PANIC") == std::string::npos);
}

TEST_CASE("faults/postgres_run: the database stops, crashes, and comes back")
{
    test::postgres_server database;
    running_server server(database.create_database());
    REQUIRE(test::is_acknowledged(server.put("FIRST")));
    for (const char* mode : {"fast", "immediate"}) {
        CAPTURE(mode);
        database.stop(mode);
        check_is_put_off(server.await_refusal("GONE"));
        const auto read = server.get("FIRST");
        REQUIRE(read);
        check_is_put_off(*read);
        const auto listed = server.ask("GET", "/ocpi/cpo/2.3.0/sessions");
        REQUIRE(listed);
        check_is_put_off(*listed);
        database.start();
        server.await_recovery(mode);
        CHECK(test::is_acknowledged(server.get("FIRST")));
    }
    server.check_log({"No such file or directory"});
}

TEST_CASE("faults/postgres_run: another password, and lost rights")
{
    test::postgres_server database(with_password());
    const auto name = [&] {
        const auto url = database.create_database();
        return url.substr(url.rfind('/') + 1);
    }();
    database.execute("CREATE ROLE cpo LOGIN PASSWORD '" + std::string(password) + "'");
    database.execute("GRANT ALL ON SCHEMA public TO cpo", name);
    auto url = database.tcp_url(name);
    url.replace(url.find("//") + 2, 4, "cpo");
    running_server server(url);
    REQUIRE(test::is_acknowledged(server.put("FIRST")));

    database.execute("ALTER ROLE cpo PASSWORD 'another'");
    database.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename='cpo'");
    check_is_put_off(server.await_refusal("SECRET"));
    database.execute("ALTER ROLE cpo PASSWORD '" + std::string(password) + "'");
    server.await_recovery("PASSWORD");

    database.execute("ALTER TABLE record OWNER TO ocpi", name);
    check_is_refused(server.await_refusal("RIGHT"));
    database.execute("ALTER TABLE record OWNER TO cpo", name);
    server.await_recovery("RIGHTS");
    server.check_log({"password authentication failed", "permission denied for table record"});
}

TEST_CASE("faults/postgres_run: a network that swallows packets")
{
    test::postgres_server database(with_password());
    const auto url = database.create_database();
    test::stalling_proxy proxy(static_cast<unsigned short>(database.port()));
    running_server server("postgresql://ocpi@127.0.0.1:" + std::to_string(proxy.port()) +
                          url.substr(url.rfind('/')));
    REQUIRE(test::is_acknowledged(server.put("FIRST")));
    proxy.stall();
    const auto begun = std::chrono::steady_clock::now();
    check_is_refused(server.await_refusal("LOST"));
    const auto took = std::chrono::steady_clock::now() - begun;
    MESSAGE("refused after ", std::chrono::duration_cast<std::chrono::milliseconds>(took).count(),
            " ms");
    CHECK(took < 40s);
    // From then on it is known that there is no connection.
    check_is_put_off(server.await_refusal("LOST"));
    proxy.resume();
    server.await_recovery("NETWORK");
    server.check_log({"answer"});
}

}  // namespace postgres_run_test
