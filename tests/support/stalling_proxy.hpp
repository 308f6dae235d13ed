#pragma once

#include <cstddef>
#include <memory>
#include <string>

namespace ocpi::test {

/// Stands between a client and a server, on a free port of 127.0.0.1 and a thread of its own, and
/// forwards what each sends, until it is told to stop: then it reads no further, closes nothing and
/// answers nothing, as a network that swallows packets. Thread-safe.
class stalling_proxy {
public:
    enum class direction { to_server, to_client };

    /// Of a server on 127.0.0.1.
    explicit stalling_proxy(unsigned short port);
    /// Of a server on a Unix socket.
    explicit stalling_proxy(const std::string& socket_path);
    ~stalling_proxy();
    stalling_proxy(const stalling_proxy&) = delete;
    stalling_proxy& operator=(const stalling_proxy&) = delete;

    unsigned short port() const;

    /// From its return on no byte is forwarded, on this and on later connections.
    void stall();
    void stall(direction only);
    /// Forwards what has been held back, too.
    void resume();
    /// Resets all connections. Later ones are accepted as before.
    void cut();
    /// Accepts connections and closes them at once, until allow().
    void refuse();
    void allow();

    std::size_t open_connections() const;
    /// What has been received from clients, forwarded or not.
    std::size_t bytes_from_clients() const;
    std::size_t bytes_from_server() const;
    /// Waits until that many bytes have been received since the proxy was made; false after twenty
    /// seconds.
    bool await_bytes_from_clients(std::size_t count) const;
    bool await_bytes_from_server(std::size_t count) const;

private:
    class impl;
    std::unique_ptr<impl> impl_;
};

}  // namespace ocpi::test
