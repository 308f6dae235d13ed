#include "bench/run/child_process.hpp"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <stdexcept>
#include <system_error>
#include <utility>

namespace ocpi::bench {
namespace {

[[noreturn]] void fail(const std::string& what)
{
    throw std::system_error(errno, std::generic_category(), what);
}

/// Between fork and exec: system calls alone.
[[noreturn]] void become(char* const* words, int input, int output, int errors)
{
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(input, STDIN_FILENO);
    ::dup2(output, STDOUT_FILENO);
    if (errors >= 0) ::dup2(errors, STDERR_FILENO);
    ::execv(words[0], words);
    ::_exit(127);
}

}  // namespace

child_process::child_process(const std::vector<std::string>& words, const std::string& error_file)
{
    std::vector<std::string> copies = words;
    std::vector<char*> pointers;
    for (auto& word : copies) pointers.push_back(word.data());
    pointers.push_back(nullptr);
    int output[2];
    int input[2];
    if (::pipe2(output, O_CLOEXEC) != 0 || ::pipe2(input, O_CLOEXEC) != 0) fail("pipe");
    int errors = -1;
    if (!error_file.empty()) {
        errors = ::open(error_file.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
        if (errors < 0) fail(error_file);
    }
    process_ = ::fork();
    if (process_ < 0) fail("fork");
    if (process_ == 0) become(pointers.data(), input[0], output[1], errors);
    ::close(output[1]);
    ::close(input[0]);
    if (errors >= 0) ::close(errors);
    output_ = output[0];
    input_ = input[1];
}

child_process::child_process(child_process&& other) noexcept
    : process_(std::exchange(other.process_, -1)),
      output_(std::exchange(other.output_, -1)),
      input_(std::exchange(other.input_, -1)),
      unread_(std::move(other.unread_))
{
}

child_process& child_process::operator=(child_process&& other) noexcept
{
    std::swap(process_, other.process_);
    std::swap(output_, other.output_);
    std::swap(input_, other.input_);
    std::swap(unread_, other.unread_);
    return *this;
}

child_process::~child_process()
{
    if (process_ > 0) {
        ::kill(process_, SIGKILL);
        wait();
    }
    if (output_ >= 0) ::close(output_);
    if (input_ >= 0) ::close(input_);
}

std::optional<std::string> child_process::read_line()
{
    for (;;) {
        if (const auto end = unread_.find('\n'); end != std::string::npos) {
            auto line = unread_.substr(0, end);
            unread_.erase(0, end + 1);
            return line;
        }
        char buffer[4096];
        const auto count = ::read(output_, buffer, sizeof buffer);
        if (count < 0 && errno == EINTR) continue;
        if (count <= 0) return {};
        unread_.append(buffer, static_cast<std::size_t>(count));
    }
}

void child_process::write_line(const std::string& line)
{
    const auto text = line + '\n';
    if (::write(input_, text.data(), text.size()) < 0) fail("write to a child");
}

int child_process::terminate()
{
    ::kill(process_, SIGTERM);
    return wait();
}

int child_process::wait()
{
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
    process_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

std::string run_program(const std::vector<std::string>& words)
{
    child_process program(words);
    std::string output;
    while (const auto line = program.read_line()) output += *line + '\n';
    if (const int status = program.wait(); status != 0) {
        throw std::runtime_error(words.front() + " ended with status " + std::to_string(status) +
                                 ": " + output);
    }
    return output;
}

}  // namespace ocpi::bench
