#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::test {

struct postgres_setting {
    /// Listens on 127.0.0.1 too, on a port that was free. Otherwise on a Unix socket alone.
    bool listens_on_tcp = false;
    /// Of the user; empty: nobody is asked for one.
    std::string password;
    /// Lines of postgresql.conf, such as "max_connections = 20".
    std::vector<std::string> lines;
};

/// A PostgreSQL server of its own in a temporary directory, which ends with this object, and also
/// with this process when that is killed. It takes a second to make: make one for each test
/// program, and a database for each test. Not thread-safe. Throws std::runtime_error.
class postgres_server {
public:
    explicit postgres_server(postgres_setting setting = {});
    ~postgres_server();
    postgres_server(const postgres_server&) = delete;
    postgres_server& operator=(const postgres_server&) = delete;

    /// The one of this test program, made at its first use, on a Unix socket.
    static postgres_server& shared();

    /// Of a database; the user may do everything. The password is not in it.
    std::string url(const std::string& database = "postgres") const;
    /// The same over TCP.
    std::string tcp_url(const std::string& database = "postgres") const;
    /// The socket itself, for a proxy.
    std::string socket_path() const;
    int port() const noexcept { return port_; }

    /// Makes a database, empty or a copy of another one, and returns its URL. Its name begins with
    /// `name`, and is new.
    std::string create_database(const std::string& name = "test",
                                const std::string& copy_of = "template0");
    void drop_database(const std::string& name);
    /// Runs statements in a database, and returns the first value of the last one. Waits for no
    /// standby.
    std::string execute(const std::string& sql, const std::string& database = "postgres");

    /// "fast" ends its connections in order; "immediate" is a crash, after which it recovers.
    void stop(const std::string& mode = "fast");
    void start();
    bool is_running() const noexcept { return is_running_; }

    /// A standby of this server, which is a hot one, listens in the same ways, and is asked to
    /// confirm each commit from then on. It must end before this one does.
    std::unique_ptr<postgres_server> make_standby();
    /// Makes a standby the primary.
    void promote();

    /// What it has written to its log.
    std::string log() const;

private:
    struct directory;
    struct standby_of;
    explicit postgres_server(const standby_of& primary);

    void prepare_directory();
    void choose_port();
    std::string run(const std::string& program, const std::string& arguments) const;

    postgres_setting setting_;
    std::unique_ptr<directory> directory_;
    int port_ = 5432;
    bool is_running_ = false;
    int databases_ = 0;
};

/// A database of the shared server for one test, dropped at its end.
class postgres_database {
public:
    explicit postgres_database(postgres_server& server = postgres_server::shared(),
                               const std::string& copy_of = "template0");
    ~postgres_database();
    postgres_database(const postgres_database&) = delete;
    postgres_database& operator=(const postgres_database&) = delete;

    const std::string& url() const noexcept { return url_; }
    const std::string& name() const noexcept { return name_; }
    /// Runs statements, and returns the first value of the last one.
    std::string execute(const std::string& sql);

private:
    postgres_server& server_;
    std::string url_;
    std::string name_;
};

}  // namespace ocpi::test
