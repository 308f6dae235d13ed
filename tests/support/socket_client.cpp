#include "tests/support/socket_client.hpp"

#include "ocpi/base/ci_string.hpp"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace ocpi::test {

std::string wire_response::header(std::string_view name) const
{
    for (const auto& [field, value] : headers) {
        if (ocpi::equal_ignoring_case(field, name)) return value;
    }
    return {};
}

socket_client::socket_client(const boost::asio::ip::tcp::endpoint& server,
                             std::chrono::milliseconds patience)
    : socket_(::socket(server.protocol().family(), SOCK_STREAM | SOCK_CLOEXEC, 0))
{
    timeval limit{};
    limit.tv_sec = patience.count() / 1000;
    limit.tv_usec = patience.count() % 1000 * 1000;
    const int yes = 1;
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (::connect(socket_, server.data(), static_cast<socklen_t>(server.size())) != 0) {
        const std::string why = std::strerror(errno);
        ::close(socket_);
        throw std::runtime_error("cannot connect: " + why);
    }
}

socket_client::~socket_client()
{
    if (socket_ >= 0) ::close(socket_);
}

socket_client::socket_client(socket_client&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), input_(std::move(other.input_))
{
}

bool socket_client::send(std::string_view bytes)
{
    while (!bytes.empty()) {
        const auto count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count < 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

void socket_client::shutdown_send()
{
    ::shutdown(socket_, SHUT_WR);
}

void socket_client::reset()
{
    const linger at_once{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    ::close(std::exchange(socket_, -1));
}

bool socket_client::fill(std::size_t at_most)
{
    char bytes[64 * 1024];
    const auto count = ::recv(socket_, bytes, std::min(sizeof bytes, at_most), 0);
    if (count < 0 && errno == EAGAIN)
        throw std::runtime_error("the server neither answers nor closes");
    if (count <= 0) return false;
    input_.append(bytes, static_cast<std::size_t>(count));
    return true;
}

std::optional<wire_response> socket_client::read_response(bool to_head)
{
    std::size_t end;
    while ((end = input_.find("\r\n\r\n")) == input_.npos) {
        if (fill()) continue;
        if (input_.empty()) return std::nullopt;
        throw std::runtime_error("the server closed in the middle of a header");
    }
    const auto head = input_.substr(0, end + 2);
    input_.erase(0, end + 4);

    wire_response response;
    auto line_end = head.find("\r\n");
    if (!head.starts_with("HTTP/1.1 ") || line_end < 13)
        throw std::runtime_error("not a status line: " + head.substr(0, line_end));
    response.status = std::stoi(head.substr(9, 3));
    response.reason = head.substr(13, line_end - 13);
    while (line_end + 2 < head.size()) {
        const auto begin = line_end + 2;
        line_end = head.find("\r\n", begin);
        const auto colon = head.find(": ", begin);
        if (colon > line_end) throw std::runtime_error("not a header field");
        response.headers.emplace_back(head.substr(begin, colon - begin),
                                      head.substr(colon + 2, line_end - colon - 2));
    }
    const auto length = response.header("Content-Length");
    if (to_head || length.empty()) return response;
    const auto size = static_cast<std::size_t>(std::stoull(length));
    while (input_.size() < size) {
        if (!fill()) throw std::runtime_error("the server closed in the middle of a body");
    }
    response.body = input_.substr(0, size);
    input_.erase(0, size);
    return response;
}

wire_response socket_client::exchange(std::string_view request)
{
    send(request);
    auto response = read_response();
    if (!response) throw std::runtime_error("the server closed without an answer");
    return *std::move(response);
}

bool socket_client::is_closed_by_peer()
{
    return read_to_end().empty();
}

std::string socket_client::read_until(std::string_view text)
{
    std::size_t found;
    while ((found = input_.find(text)) == input_.npos) {
        if (!fill()) throw std::runtime_error("the server closed before " + std::string(text));
    }
    auto read = input_.substr(0, found + text.size());
    input_.erase(0, read.size());
    return read;
}

std::string socket_client::read_some(std::size_t at_most)
{
    if (input_.empty()) fill(at_most);
    auto read = input_.substr(0, at_most);
    input_.erase(0, read.size());
    return read;
}

std::string socket_client::read_to_end()
{
    while (fill()) {
    }
    return std::exchange(input_, {});
}

}  // namespace ocpi::test
