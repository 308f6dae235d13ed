#pragma once

#include <string>
#include <string_view>

namespace ocpi::app {

/// The socket on which a service manager receives the state of a service: sd_notify(3), the socket
/// of NOTIFY_SOCKET. Safe from any thread.
class notify_socket {
public:
    /// `address`: an absolute path, or `@` and the name of an abstract socket. Throws
    /// std::runtime_error when it is neither, is too long, or no socket can be made.
    explicit notify_socket(std::string_view address);
    ~notify_socket();
    notify_socket(const notify_socket&) = delete;
    notify_socket& operator=(const notify_socket&) = delete;

    /// Sends assignments such as `READY=1`, one a line. Waits a second at most for a receiver whose
    /// queue is full. False when they could not be delivered.
    bool send(std::string_view state) noexcept;

private:
    std::string address_;  // as in sockaddr_un::sun_path
    int socket_ = -1;
};

}  // namespace ocpi::app
