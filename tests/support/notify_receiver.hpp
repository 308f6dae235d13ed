#pragma once

#include <optional>
#include <string>

namespace ocpi::test {

/// The service manager's end of NOTIFY_SOCKET: receives what a service tells.
class notify_receiver {
public:
    /// `address`: a path, or `@` and an abstract name. Throws std::runtime_error when it is in use.
    explicit notify_receiver(const std::string& address);
    ~notify_receiver();
    notify_receiver(const notify_receiver&) = delete;
    notify_receiver& operator=(const notify_receiver&) = delete;

    const std::string& address() const { return address_; }

    /// The next message, for which it waits ten seconds at most; std::nullopt without one.
    std::optional<std::string> receive() { return receive(0); }
    /// A message that has arrived already.
    std::optional<std::string> receive_arrived();

private:
    std::optional<std::string> receive(int flags);

    std::string address_;
    int socket_ = -1;
};

}  // namespace ocpi::test
