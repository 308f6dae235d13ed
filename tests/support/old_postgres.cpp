#include "tests/support/old_postgres.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace ocpi::test {
namespace {

/// In network order.
std::string word(std::uint32_t value)
{
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift & 0xff);
    return bytes;
}

std::string message(char type, const std::string& body)
{
    return type + word(static_cast<std::uint32_t>(body.size() + 4)) + body;
}

std::string parameter(const std::string& name, const std::string& value)
{
    return message('S', name + '\0' + value + '\0');
}

bool read_all(int client, char* to, std::size_t size)
{
    while (size > 0) {
        const auto count = ::recv(client, to, size, 0);
        if (count <= 0) return false;
        to += count;
        size -= static_cast<std::size_t>(count);
    }
    return true;
}

/// A message without a type: its code, or 0 at the end.
std::uint32_t read_startup(int client)
{
    std::array<unsigned char, 8> head{};
    if (!read_all(client, reinterpret_cast<char*>(head.data()), head.size())) return 0;
    const auto number = [&](std::size_t at) {
        std::uint32_t value = 0;
        for (std::size_t i = at; i < at + 4; ++i) value = value << 8 | head[i];
        return value;
    };
    const auto size = number(0);
    if (size < 8 || size > 10'000) return 0;
    std::string rest(size - 8, '\0');
    return read_all(client, rest.data(), rest.size()) ? number(4) : 0;
}

constexpr std::uint32_t protocol_3 = 196608;

}  // namespace

old_postgres::old_postgres(std::string version)
    : version_(std::move(version)), listener_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* any = reinterpret_cast<sockaddr*>(&address);
    if (::bind(listener_, any, size) != 0 || ::listen(listener_, 16) != 0 ||
        ::getsockname(listener_, any, &size) != 0) {
        throw std::runtime_error("cannot listen");
    }
    port_ = ntohs(address.sin_port);
    thread_ = std::jthread([this](const std::stop_token& over) { serve(over); });
}

old_postgres::~old_postgres()
{
    thread_.request_stop();
    ::shutdown(listener_, SHUT_RDWR);
    thread_.join();
    ::close(listener_);
}

std::string old_postgres::url() const
{
    return "postgresql://ocpi@127.0.0.1:" + std::to_string(port_) + "/ocpi";
}

void old_postgres::serve(const std::stop_token& over) const
{
    while (!over.stop_requested()) {
        const int client = ::accept(listener_, nullptr, nullptr);
        if (client < 0) continue;
        timeval limit{2, 0};
        ::setsockopt(client, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
        greet(client);
        ::close(client);
    }
}

/// Neither TLS nor GSSAPI, no password, and then an end at the first question.
void old_postgres::greet(int client) const
{
    auto code = read_startup(client);
    while (code != 0 && code != protocol_3) {
        if (::send(client, "N", 1, MSG_NOSIGNAL) != 1) return;
        code = read_startup(client);
    }
    if (code == 0) return;
    const auto greeting = message('R', word(0)) + parameter("server_version", version_) +
                          parameter("server_encoding", "UTF8") +
                          parameter("client_encoding", "UTF8") +
                          parameter("standard_conforming_strings", "on") +
                          message('K', word(1) + word(2)) + message('Z', "I");
    if (::send(client, greeting.data(), greeting.size(), MSG_NOSIGNAL) < 0) return;
    char byte = 0;
    ::recv(client, &byte, 1, 0);
}

}  // namespace ocpi::test
