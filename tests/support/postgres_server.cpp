#include "tests/support/postgres_server.hpp"

#include "tests/support/run_shell.hpp"

#include <libpq-fe.h>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <fcntl.h>
#include <pwd.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <memory>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace ocpi::test {

namespace {

namespace fs = std::filesystem;

constexpr const char* user = "ocpi";

std::string quoted(const std::string& word)
{
    return '\'' + word + '\'';
}

/// Where initdb and postgres are, of the newest version that is installed.
fs::path program_directory()
{
    fs::path found;
    int newest = 0;
    std::error_code ignored;
    for (const auto& entry : fs::directory_iterator("/usr/lib/postgresql", ignored)) {
        const int version = std::atoi(entry.path().filename().c_str());
        if (version <= newest || !fs::exists(entry.path() / "bin" / "initdb")) continue;
        newest = version;
        found = entry.path() / "bin";
    }
    if (found.empty()) {
        throw std::runtime_error("PostgreSQL is not installed: scripts/install-packages tests");
    }
    return found;
}

/// PostgreSQL does not run as root: then it is another user's.
const passwd* other_user()
{
    if (::geteuid() != 0) return nullptr;
    for (const char* name : {"postgres", "nobody"}) {
        if (const passwd* found = ::getpwnam(name)) return found;
    }
    throw std::runtime_error("there is no user whom PostgreSQL could run as");
}

void give(const fs::path& path, const passwd* owner)
{
    if (owner && ::chown(path.c_str(), owner->pw_uid, owner->pw_gid) != 0) {
        throw std::runtime_error("cannot give away " + path.string());
    }
}

std::string encoded(const fs::path& path)
{
    std::string text;
    for (const char c : path.string()) text += c == '/' ? std::string("%2F") : std::string(1, c);
    return text;
}

std::string read_file(const fs::path& path)
{
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

}  // namespace

/// The server's files, and the shell that watches over them: it waits for the end of its input,
/// whose other end is open in this process alone, then ends the server and removes the files.
struct postgres_server::directory {
    fs::path path;
    int watched = -1;
    pid_t watchdog = -1;

    directory()
    {
        auto pattern = (fs::temp_directory_path() / "ocpi-pg-XXXXXX").string();
        if (!::mkdtemp(pattern.data())) throw std::runtime_error("cannot make " + pattern);
        path = pattern;
        give(path, other_user());
        start_watchdog();
    }

    ~directory()
    {
        ::close(watched);
        while (::waitpid(watchdog, nullptr, 0) < 0 && errno == EINTR) {
        }
    }

    fs::path data() const { return path / "data"; }
    fs::path log() const { return path / "log"; }

private:
    void start_watchdog()
    {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
        watched = ends[1];
        std::string script =
            "trap '' INT TERM HUP; read -r line; "
            "if read -r pid < \"$0/data/postmaster.pid\"; then "
            "kill -QUIT $pid; while kill -0 $pid; do sleep 0.02; done; fi; rm -rf \"$0\"";
        std::string words[] = {"/bin/sh", "-c", script, path.string()};
        char* arguments[] = {words[0].data(), words[1].data(), words[2].data(), words[3].data(),
                             nullptr};
        posix_spawn_file_actions_t actions;
        posix_spawn_file_actions_init(&actions);
        posix_spawn_file_actions_adddup2(&actions, ends[0], STDIN_FILENO);
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
        posix_spawnattr_t attributes;
        posix_spawnattr_init(&attributes);
        posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);
        const int failure =
            ::posix_spawn(&watchdog, "/bin/sh", &actions, &attributes, arguments, environ);
        posix_spawnattr_destroy(&attributes);
        posix_spawn_file_actions_destroy(&actions);
        ::close(ends[0]);
        if (failure != 0) throw std::runtime_error("cannot run /bin/sh");
    }
};

struct postgres_server::standby_of {
    const postgres_server& primary;
};

postgres_server::postgres_server(postgres_setting setting)
    : setting_(std::move(setting)), directory_(std::make_unique<directory>())
{
    std::string arguments = "--pgdata=" + quoted(directory_->data()) + " --username=" + user +
                            " --encoding=UTF8 --locale=C --no-sync --no-instructions";
    if (setting_.password.empty()) {
        arguments += " --auth=trust";
    } else {
        const auto file = directory_->path / "password";
        std::ofstream(file) << setting_.password << '\n';
        give(file, other_user());
        arguments += " --auth=scram-sha-256 --pwfile=" + quoted(file);
    }
    run("initdb", arguments);
    std::ofstream configuration(directory_->data() / "postgresql.conf", std::ios::app);
    configuration << "shared_buffers = 64MB\nmax_wal_size = 256MB\nmax_wal_senders = 4\n";
    for (const auto& line : setting_.lines) configuration << line << '\n';
    configuration.close();
    start();
}

postgres_server::postgres_server(const standby_of& of)
    : setting_(of.primary.setting_), directory_(std::make_unique<directory>())
{
    run("pg_basebackup", "--write-recovery-conf --checkpoint=fast --no-sync --pgdata=" +
                             quoted(directory_->data()) + " --dbname=" + quoted(of.primary.url()));
    start();
}

postgres_server::~postgres_server() = default;

postgres_server& postgres_server::shared()
{
    static postgres_server server;
    return server;
}

std::string postgres_server::url(const std::string& database) const
{
    return "postgresql://" + std::string(user) + '@' + encoded(directory_->path) + ':' +
           std::to_string(port_) + '/' + database;
}

std::string postgres_server::socket_path() const
{
    return (directory_->path / (".s.PGSQL." + std::to_string(port_))).string();
}

std::string postgres_server::tcp_url(const std::string& database) const
{
    return "postgresql://" + std::string(user) + "@127.0.0.1:" + std::to_string(port_) + '/' +
           database;
}

/// A port that is free now; another process may be quicker to take it.
void postgres_server::choose_port()
{
    boost::asio::io_context context;
    boost::asio::ip::tcp::acceptor acceptor(context, {boost::asio::ip::address_v4::loopback(), 0});
    port_ = acceptor.local_endpoint().port();
}

void postgres_server::start()
{
    // One that was started keeps its port, so that its URL stays valid.
    const bool is_first = !fs::exists(directory_->log());
    for (int attempt = 1; !is_running_; ++attempt) {
        if (is_first && setting_.listens_on_tcp) choose_port();
        const std::string options =
            "-k " + directory_->path.string() + " -p " + std::to_string(port_) +
            " -c listen_addresses=" + (setting_.listens_on_tcp ? "127.0.0.1" : "");
        try {
            run("pg_ctl",
                "start --wait --timeout=60 --silent --pgdata=" + quoted(directory_->data()) +
                    " --log=" + quoted(directory_->log()) + " --options=" + quoted(options));
            is_running_ = true;
        } catch (const std::runtime_error& failure) {
            if (attempt == 5) throw std::runtime_error(failure.what() + log());
        }
    }
}

void postgres_server::stop(const std::string& mode)
{
    is_running_ = false;
    run("pg_ctl", "stop --wait --timeout=60 --silent --mode=" + mode +
                      " --pgdata=" + quoted(directory_->data()));
}

void postgres_server::promote()
{
    run("pg_ctl", "promote --wait --silent --pgdata=" + quoted(directory_->data()));
}

std::unique_ptr<postgres_server> postgres_server::make_standby()
{
    std::unique_ptr<postgres_server> standby(new postgres_server(standby_of{*this}));
    execute("ALTER SYSTEM SET synchronous_standby_names = '*'");
    execute("SELECT pg_reload_conf()");
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (execute("SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'") != "1") {
        if (std::chrono::steady_clock::now() > limit) {
            throw std::runtime_error("the standby does not follow: " + standby->log());
        }
        std::this_thread::yield();
    }
    return standby;
}

std::string postgres_server::create_database(const std::string& name, const std::string& copy_of)
{
    const auto whole = name + '_' + std::to_string(++databases_);
    execute("CREATE DATABASE " + whole + " TEMPLATE " + copy_of);
    return url(whole);
}

void postgres_server::drop_database(const std::string& name)
{
    execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
}

std::string postgres_server::execute(const std::string& sql, const std::string& database)
{
    const auto address = url(database);
    const char* keywords[] = {"dbname", "password", "options", nullptr};
    const char* values[] = {address.c_str(), setting_.password.c_str(),
                            "-c synchronous_commit=local", nullptr};
    const std::unique_ptr<PGconn, decltype(&PQfinish)> connection(
        PQconnectdbParams(keywords, values, 1), &PQfinish);
    if (PQstatus(connection.get()) != CONNECTION_OK) {
        throw std::runtime_error(PQerrorMessage(connection.get()));
    }
    const std::unique_ptr<PGresult, decltype(&PQclear)> result(
        PQexec(connection.get(), sql.c_str()), &PQclear);
    const auto status = PQresultStatus(result.get());
    if (status == PGRES_COMMAND_OK) return {};
    if (status != PGRES_TUPLES_OK) throw std::runtime_error(PQerrorMessage(connection.get()));
    return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
}

std::string postgres_server::log() const
{
    return read_file(directory_->log());
}

/// As the user of the server, in its directory; pg_ctl starts a session of the server's own.
std::string postgres_server::run(const std::string& program, const std::string& arguments) const
{
    std::string line = "cd " + quoted(directory_->path) + " && ";
    if (!setting_.password.empty()) line += "PGPASSWORD=" + quoted(setting_.password) + ' ';
    if (const auto* other = other_user()) {
        line += "setpriv --reuid=" + std::to_string(other->pw_uid) +
                " --regid=" + std::to_string(other->pw_gid) + " --clear-groups ";
    }
    line += (program_directory() / program).string() + ' ' + arguments + " < /dev/null";
    const auto outcome = run_shell(line);
    if (outcome.exit_status != 0) throw std::runtime_error(program + ": " + outcome.output);
    return outcome.output;
}

postgres_database::postgres_database(postgres_server& server, const std::string& copy_of)
    : server_(server), url_(server.create_database("test", copy_of)), name_(url_.substr(url_.rfind('/') + 1))
{
}

postgres_database::~postgres_database()
{
    try {
        server_.drop_database(name_);
    } catch (const std::exception&) {
        // The server may have been stopped, and goes with all its databases.
    }
}

std::string postgres_database::execute(const std::string& sql)
{
    return server_.execute(sql, name_);
}

}  // namespace ocpi::test
