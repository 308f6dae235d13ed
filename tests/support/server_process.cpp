#include "tests/support/server_process.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>

extern char** environ;

namespace ocpi::test {
namespace {

/// A file without a name, for output that nobody reads before the process has ended.
int make_file()
{
    char name[] = "/tmp/ocpi-test-XXXXXX";
    const int file = ::mkostemp(name, O_CLOEXEC);
    if (file < 0) throw std::runtime_error("cannot make a temporary file");
    ::unlink(name);
    return file;
}

std::string read_all(int file)
{
    std::string text;
    char buffer[4096];
    for (;;) {
        const auto count = ::read(file, buffer, sizeof buffer);
        if (count <= 0) return text;
        text.append(buffer, static_cast<std::size_t>(count));
    }
}

std::string read_from_start(int file)
{
    ::lseek(file, 0, SEEK_SET);
    return read_all(file);
}

std::vector<char*> pointers_to(std::vector<std::string>& words)
{
    std::vector<char*> pointers;
    for (auto& word : words) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    return pointers;
}

std::vector<std::string> environment_of(const process_setting& setting)
{
    std::vector<std::string> variables = setting.environment;
    if (setting.passed_socket >= 0) {
        variables.push_back("LISTEN_FDS=1");
        variables.push_back("LISTEN_FDNAMES=" + setting.socket_name);
    }
    for (char** each = environ; *each; ++each) variables.emplace_back(*each);
    return variables;
}

/// The words of the command. Its process alone knows its own id, so a shell fills in LISTEN_PID.
std::vector<std::string> words_of(const std::vector<std::string>& arguments,
                                  const process_setting& setting)
{
    std::vector<std::string> words;
    if (setting.passed_socket >= 0) words = {"/bin/sh", "-c", R"(LISTEN_PID=$$ exec "$0" "$@")"};
    words.emplace_back(OCPI_SESSIONS_EXECUTABLE);
    words.insert(words.end(), arguments.begin(), arguments.end());
    return words;
}

pid_t spawn(const std::vector<std::string>& arguments, int output, int errors,
            const process_setting& setting = {})
{
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_adddup2(&actions, errors, STDERR_FILENO);
    if (setting.passed_socket >= 0) {
        posix_spawn_file_actions_adddup2(&actions, setting.passed_socket, 3);
    }
    auto words = words_of(arguments, setting);
    auto variables = environment_of(setting);
    pid_t process = -1;
    const int failure = ::posix_spawn(&process, words.front().c_str(), &actions, nullptr,
                                      pointers_to(words).data(), pointers_to(variables).data());
    posix_spawn_file_actions_destroy(&actions);
    if (failure != 0) throw std::runtime_error("cannot run " OCPI_SESSIONS_EXECUTABLE);
    return process;
}

int wait_for(pid_t process)
{
    int status = 0;
    while (::waitpid(process, &status, 0) < 0 && errno == EINTR) {
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string read_line_from(int pipe)
{
    std::string line;
    for (char c = 0; ::read(pipe, &c, 1) == 1 && c != '\n';) line += c;
    return line;
}

/// Closes `output`, which is read first if it `is_read`.
command_outcome run_with(const std::vector<std::string>& arguments, int output, bool is_read,
                         const process_setting& setting)
{
    const int errors = make_file();
    command_outcome outcome;
    outcome.exit_status = wait_for(spawn(arguments, output, errors, setting));
    if (is_read) outcome.output = read_from_start(output);
    outcome.errors = read_from_start(errors);
    ::close(output);
    ::close(errors);
    return outcome;
}

}  // namespace

std::string executable_path()
{
    return OCPI_SESSIONS_EXECUTABLE;
}

command_outcome run_command(const std::vector<std::string>& arguments, const char* output_path)
{
    const int output = output_path ? ::open(output_path, O_WRONLY | O_CLOEXEC) : make_file();
    if (output < 0) throw std::runtime_error("cannot open the output of a command");
    return run_with(arguments, output, output_path == nullptr, {});
}

command_outcome run_service(const std::vector<std::string>& arguments,
                            const process_setting& setting)
{
    return run_with(arguments, make_file(), true, setting);
}

server_process::server_process(const std::vector<std::string>& arguments, const std::string& listen,
                               const process_setting& setting)
{
    int pipe[2];
    if (::pipe2(pipe, O_CLOEXEC) != 0) throw std::runtime_error("cannot make a pipe");
    errors_file_ = make_file();
    std::vector<std::string> words{"serve", "--listen", listen};
    words.insert(words.end(), arguments.begin(), arguments.end());
    process_ = spawn(words, pipe[1], errors_file_, setting);
    ::close(pipe[1]);
    output_ = pipe[0];

    const std::string ready = "listening on ";
    const auto line = read_line_from(output_);
    if (!line.starts_with(ready)) {
        wait();
        throw std::runtime_error("the server did not come up: " + line + errors_);
    }
    url_ = line.substr(ready.size());
    const auto port = std::stoi(url_.substr(url_.rfind(':') + 1));
    endpoint_ = {boost::asio::ip::make_address("127.0.0.1"), static_cast<unsigned short>(port)};
}

server_process::~server_process()
{
    if (process_ > 0) {
        kill();
        wait();
    }
    ::close(output_);
    ::close(errors_file_);
}

std::string server_process::read_line()
{
    return read_line_from(output_);
}

int server_process::terminate()
{
    ::kill(process_, SIGTERM);
    return wait();
}

void server_process::signal(int number)
{
    ::kill(process_, number);
}

bool server_process::await_error(std::string_view text) const
{
    const auto limit = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (std::chrono::steady_clock::now() < limit) {
        struct stat found = {};
        if (::fstat(errors_file_, &found) != 0) return false;
        std::string written(static_cast<std::size_t>(found.st_size), '\0');
        // The process writes where it has written: its place in the file must not move.
        const auto count = ::pread(errors_file_, written.data(), written.size(), 0);
        if (count > 0 && written.find(text) != std::string::npos) return true;
        std::this_thread::yield();
    }
    return false;
}

void server_process::kill()
{
    signal(SIGKILL);
}

int server_process::wait()
{
    const int status = wait_for(process_);
    process_ = -1;
    further_output_ = read_all(output_);
    errors_ = read_from_start(errors_file_);
    return status;
}

}  // namespace ocpi::test
