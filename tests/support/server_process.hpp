#pragma once

#include <boost/asio/ip/tcp.hpp>

#include <sys/types.h>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::test {

/// The path of the ocpi-sessions executable.
std::string executable_path();

/// What a command printed and how it ended.
struct command_outcome {
    int exit_status = -1;
    std::string output;
    std::string errors;
};

/// Runs the ocpi-sessions executable to its end. With `output_path` its stdout goes to that file,
/// and `output` is empty.
command_outcome run_command(const std::vector<std::string>& arguments,
                            const char* output_path = nullptr);

/// How a service manager starts a process.
struct process_setting {
    /// `NAME=value`, besides the environment of this process.
    std::vector<std::string> environment;
    /// A listening socket that is passed as descriptor 3, with LISTEN_PID, LISTEN_FDS and
    /// LISTEN_FDNAMES; -1: none.
    int passed_socket = -1;
    std::string socket_name = "public";
};

/// Runs the executable to its end as a service manager would.
command_outcome run_service(const std::vector<std::string>& arguments,
                            const process_setting& setting);

/// A running `ocpi-sessions serve`, ready for requests once constructed. Killed at the end.
class server_process {
public:
    /// `arguments` follow `serve --listen LISTEN`. Throws std::runtime_error when the server does
    /// not come up.
    explicit server_process(const std::vector<std::string>& arguments,
                            const std::string& listen = "127.0.0.1:0",
                            const process_setting& setting = {});
    ~server_process();
    server_process(const server_process&) = delete;
    server_process& operator=(const server_process&) = delete;

    boost::asio::ip::tcp::endpoint endpoint() const { return endpoint_; }
    const std::string& url() const { return url_; }
    pid_t pid() const { return process_; }

    /// The next line of its stdout after the one with its address; waits for it.
    std::string read_line();

    /// Sends SIGTERM, waits for the end and returns the exit status.
    int terminate();
    void signal(int number);
    /// Waits until that text is in what it wrote to stderr; false after twenty seconds.
    bool await_error(std::string_view text) const;
    /// Waits for the end and returns the exit status.
    int wait();
    /// SIGKILL: the process gets no chance to do anything more. Safe while others talk to it.
    void kill();
    /// What it wrote to stderr and, after its first line, to stdout; only once it has ended.
    const std::string& errors() const { return errors_; }
    const std::string& further_output() const { return further_output_; }

private:
    pid_t process_ = -1;
    int output_ = -1;
    int errors_file_ = -1;
    boost::asio::ip::tcp::endpoint endpoint_;
    std::string url_;
    std::string errors_;
    std::string further_output_;
};

}  // namespace ocpi::test
