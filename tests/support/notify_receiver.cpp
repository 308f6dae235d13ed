#include "tests/support/notify_receiver.hpp"

#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>

namespace ocpi::test {

notify_receiver::notify_receiver(const std::string& address) : address_(address)
{
    sockaddr_un name{};
    name.sun_family = AF_UNIX;
    if (address.size() >= sizeof name.sun_path) throw std::runtime_error("too long: " + address);
    std::copy(address.begin(), address.end(), std::begin(name.sun_path));
    auto size = offsetof(sockaddr_un, sun_path) + address.size() + 1;
    if (address.starts_with('@')) {
        name.sun_path[0] = 0;
        --size;
    }
    socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    const timeval patience{10, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (::bind(socket_, reinterpret_cast<const sockaddr*>(&name), static_cast<socklen_t>(size)) !=
        0) {
        ::close(socket_);
        throw std::runtime_error("cannot bind " + address);
    }
}

notify_receiver::~notify_receiver()
{
    ::close(socket_);
    if (address_.starts_with('/')) ::unlink(address_.c_str());
}

std::optional<std::string> notify_receiver::receive_arrived()
{
    return receive(MSG_DONTWAIT);
}

std::optional<std::string> notify_receiver::receive(int flags)
{
    std::array<char, 4096> text;
    const auto size = ::recv(socket_, text.data(), text.size(), flags);
    if (size < 0) return std::nullopt;
    return std::string(text.data(), static_cast<std::size_t>(size));
}

}  // namespace ocpi::test
