#pragma once

#include <array>
#include <cstdio>
#include <stdexcept>
#include <string>

namespace ocpi::test {

struct shell_outcome {
    int exit_status = -1;
    /// stdout and stderr.
    std::string output;
};

/// Runs a command line by the shell and waits for its end.
inline shell_outcome run_shell(const std::string& command)
{
    shell_outcome outcome;
    std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    if (pipe == nullptr) throw std::runtime_error("cannot run " + command);
    std::array<char, 4096> part{};
    while (const auto count = std::fread(part.data(), 1, part.size(), pipe)) {
        outcome.output.append(part.data(), count);
    }
    outcome.exit_status = ::pclose(pipe);
    return outcome;
}

}  // namespace ocpi::test
