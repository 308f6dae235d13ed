#include "app/notify_socket.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstddef>
#include <cstring>
#include <stdexcept>

namespace ocpi::app {
namespace {

constexpr timeval max_wait{.tv_sec = 1, .tv_usec = 0};

}  // namespace

notify_socket::notify_socket(std::string_view address) : address_(address)
{
    if (address_.empty() || (address_.front() != '/' && address_.front() != '@')) {
        throw std::runtime_error("NOTIFY_SOCKET is neither a path nor an abstract name: " +
                                 address_);
    }
    if (address_.size() >= sizeof(sockaddr_un::sun_path)) {
        throw std::runtime_error("NOTIFY_SOCKET is too long: " + address_);
    }
    if (address_.front() == '@') address_.front() = '\0';
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    if (socket_ < 0)
        throw std::runtime_error("no socket can be made to notify the service manager");
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &max_wait, sizeof max_wait);
}

notify_socket::~notify_socket()
{
    ::close(socket_);
}

bool notify_socket::send(std::string_view state) noexcept
{
    sockaddr_un to{};
    to.sun_family = AF_UNIX;
    std::memcpy(to.sun_path, address_.data(), address_.size());
    // The name of an abstract socket ends with the address, that of a file with a NUL.
    const auto end = address_.size() + (address_.front() == '\0' ? 0U : 1U);
    const auto size = static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + end);
    const auto sent = ::sendto(socket_, state.data(), state.size(), MSG_NOSIGNAL,
                               reinterpret_cast<const sockaddr*>(&to), size);
    return sent == static_cast<ssize_t>(state.size());
}

}  // namespace ocpi::app
