#pragma once

#include <sys/types.h>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::bench {

/// A program that runs beside this one: its stdout comes here, its stderr goes where ours goes, or
/// to a file. It is killed at the end, and when this process ends.
class child_process {
public:
    /// Throws std::system_error. `error_file` empty: our own stderr.
    explicit child_process(const std::vector<std::string>& words,
                           const std::string& error_file = {});
    ~child_process();
    child_process(child_process&& other) noexcept;
    child_process& operator=(child_process&& other) noexcept;

    pid_t id() const { return process_; }

    /// The next line of its stdout without the line feed; std::nullopt at the end.
    std::optional<std::string> read_line();
    /// Writes a line to its stdin.
    void write_line(const std::string& line);

    /// SIGTERM, then waits. Returns the exit status, 128 + the signal's number if one ended it.
    int terminate();
    /// Waits for its end by itself.
    int wait();

private:
    pid_t process_ = -1;
    int output_ = -1;
    int input_ = -1;
    std::string unread_;
};

/// Runs a program to its end and returns its stdout. Throws std::runtime_error when it fails.
std::string run_program(const std::vector<std::string>& words);

}  // namespace ocpi::bench
