#pragma once

#include <netinet/in.h>

#include <string>
#include <utility>

namespace ocpi::bench {

/// A file descriptor, closed at the end.
class file_handle {
public:
    file_handle() = default;
    explicit file_handle(int file) : file_(file) {}
    file_handle(file_handle&& other) noexcept : file_(std::exchange(other.file_, -1)) {}
    file_handle& operator=(file_handle&& other) noexcept
    {
        std::swap(file_, other.file_);
        return *this;
    }
    ~file_handle();

    int get() const { return file_; }

private:
    int file_ = -1;
};

/// Reads `HOST:PORT` or `http://HOST:PORT`, with an IPv4 address. Throws std::invalid_argument.
sockaddr_in parse_endpoint(std::string text);

/// A connected TCP socket, TCP_NODELAY, then non-blocking. `source` is the address to connect
/// from; empty: any. Throws std::system_error.
file_handle connect_to(const sockaddr_in& endpoint, const std::string& source = {});

/// Sends all of it, waiting while the socket's buffer is full. Throws std::system_error.
void send_all(int socket, const char* data, std::size_t size);

/// Allows this process as many descriptors as the hard limit does.
void raise_descriptor_limit();

}  // namespace ocpi::bench
