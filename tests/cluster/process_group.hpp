#pragma once

#include "tests/support/child_process.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <boost/asio/ip/tcp.hpp>

#include <array>
#include <atomic>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace cluster {

/// Three processes `ocpi-sessions serve --dev` on one database, and HAProxy before them, which asks
/// each whether it is ready. Each keeps its address when it is started again. process(),
/// processes() and number_of() are safe from any thread.
class process_group {
public:
    static constexpr std::size_t size = 3;

    /// `databases`: the URL by which each process reaches the database.
    explicit process_group(std::array<std::string, size> databases,
                           ocpi::test::process_setting setting = {});

    boost::asio::ip::tcp::endpoint balancer() const;
    boost::asio::ip::tcp::endpoint address(std::size_t number) const;

    /// 0: it does not run. One that was killed is known until it is gone.
    pid_t process(std::size_t number) const;
    /// Those that run.
    std::vector<pid_t> processes() const;
    /// The number of a process; `size` when it is none of these.
    std::size_t number_of(pid_t process) const;

    void start(std::size_t number);
    void kill(std::size_t number);
    /// By SIGTERM. Returns its exit status.
    int terminate(std::size_t number);
    /// It has ended so, with exit status 0, and has given its leases back.
    bool has_ended(pid_t process) const { return ended_.contains(process); }
    void signal(std::size_t number, int number_of_signal);

    /// Waits until HAProxy passes requests on.
    bool await_ready() const;

    /// What a process wrote to stderr in its lives that are over.
    std::string log(std::size_t number) const;
    /// Stops all of them by SIGTERM; false when one does not end with 0.
    bool stop();

private:
    void start_all();
    /// After the end of the process.
    void note_end(std::size_t number);
    std::string write_config(std::size_t number) const;
    std::string write_balancer() const;

    const ocpi::test::temporary_directory directory_;
    const std::array<std::string, size> databases_;
    const ocpi::test::process_setting setting_;
    std::array<std::string, size> ports_;
    std::array<std::string, size> admin_ports_;
    ocpi::test::listening_socket socket_;
    std::array<std::unique_ptr<ocpi::test::server_process>, size> servers_;
    std::array<std::atomic<pid_t>, size> processes_{};
    std::set<pid_t> ended_{};
    std::array<std::string, size> logs_;
    std::unique_ptr<ocpi::test::child_process> balancer_;
};

}  // namespace cluster
