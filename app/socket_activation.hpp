#pragma once

#include <sys/types.h>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::app {

/// What a service manager says about the descriptors that it passes: LISTEN_PID, LISTEN_FDS,
/// LISTEN_FDNAMES (sd_listen_fds(3)).
struct passed_descriptors {
    std::optional<std::string> pid;
    std::optional<std::string> count;
    std::optional<std::string> names;
};

/// Descriptors of listening sockets by their use.
struct activation_sockets {
    /// For the server's own address.
    std::vector<int> to_public;
    /// For the admin listener.
    std::vector<int> to_admin;

    bool operator==(const activation_sockets&) const = default;
};

/// Descriptors, from 3 up, by their names: `public` and `admin`. Sockets without a name of their
/// own (none, `unknown`, or that of their .socket unit) are public. None when they are for another
/// process. Throws std::runtime_error when a name or a number is not understood.
activation_sockets sort_descriptors(const passed_descriptors& passed, pid_t own_pid);

/// The sockets that this process was started with. Takes the variables from the environment and
/// keeps the descriptors from child processes. Only before other threads run.
activation_sockets take_activation_sockets();

/// Where a listening socket listens, as in `listen`: `127.0.0.1:8000`, `[::]:8000`. Throws
/// std::runtime_error when it is not a TCP socket.
std::string address_of(int listening_socket);

}  // namespace ocpi::app
