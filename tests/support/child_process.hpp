#pragma once

#include <sys/types.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace ocpi::test {

/// A listening socket on a free port of 127.0.0.1, for a process that inherits it.
class listening_socket {
public:
    listening_socket();
    ~listening_socket();
    listening_socket(const listening_socket&) = delete;
    listening_socket& operator=(const listening_socket&) = delete;

    int descriptor() const noexcept { return descriptor_; }
    unsigned short port() const noexcept { return port_; }

private:
    int descriptor_ = -1;
    unsigned short port_ = 0;
};

/// Another program. It runs until it ends itself or this is destroyed. What it writes is appended
/// to the file `output`.
class child_process {
public:
    /// `passed_socket` becomes its descriptor 3; -1: none. Throws std::runtime_error.
    child_process(std::vector<std::string> words, const std::string& output,
                  int passed_socket = -1);
    ~child_process();
    child_process(const child_process&) = delete;
    child_process& operator=(const child_process&) = delete;

    void signal(int number) const;

private:
    pid_t process_ = -1;
};

/// A port that was free a moment ago, for programs that cannot choose one and tell it.
std::string free_port();

bool is_listening(const std::string& port);

/// The whole file.
std::string read_file(const std::string& path);

/// Looks every few milliseconds; false when it has not come to be in that time.
bool eventually(const std::function<bool()>& is_so,
                std::chrono::milliseconds limit = std::chrono::seconds(30));

}  // namespace ocpi::test
