#include "server/acceptor.hpp"

#include <boost/asio/ip/address.hpp>
#include <boost/asio/socket_base.hpp>

#include <sys/socket.h>

#include <charconv>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace ocpi::server {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

tcp::endpoint parse_endpoint(const std::string& text)
{
    const auto reject = [&text](const char* why) -> tcp::endpoint {
        throw std::runtime_error("cannot listen on '" + text + "': " + why +
                                 "; write it like 127.0.0.1:8000 or [::1]:8000");
    };
    const auto colon = text.rfind(':');
    if (colon == text.npos) return reject("the port is missing");
    const auto digits = std::string_view(text).substr(colon + 1);
    unsigned short port = 0;
    const auto [end, problem] = std::from_chars(digits.data(), digits.data() + digits.size(), port);
    if (problem != std::errc() || end != digits.data() + digits.size())
        return reject("the port must be a number from 0 to 65535");
    auto host = text.substr(0, colon);
    const bool in_brackets = host.size() >= 2 && host.front() == '[' && host.back() == ']';
    if (in_brackets) host = host.substr(1, host.size() - 2);
    if (host == "localhost") host = "127.0.0.1";
    error_code failure;
    const auto address = asio::ip::make_address(host, failure);
    if (failure || address.is_v6() != in_brackets)
        return reject("the host must be an IP address or localhost");
    return tcp::endpoint(address, port);
}

std::string explain_failure_to_listen(const std::string& where, const error_code& failure)
{
    auto text = "cannot listen on " + where + ": ";
    if (failure == asio::error::address_in_use)
        return text +
               "the address is in use; stop the program that uses it or choose another "
               "port (0 picks a free one)";
    if (failure == asio::error::access_denied)
        return text + "permission denied; choose a port from 1024 up";
    if (failure == boost::system::errc::address_not_available)
        return text + "this machine has no such address";
    return text + failure.message();
}

/// An option of the socket; std::nullopt when the descriptor is not a socket.
std::optional<int> socket_option(int descriptor, int option)
{
    int value = 0;
    socklen_t size = sizeof value;
    if (::getsockopt(descriptor, SOL_SOCKET, option, &value, &size) != 0) return std::nullopt;
    return value;
}

}  // namespace

tcp::acceptor open_acceptor(const asio::any_io_executor& executor, const std::string& host_and_port)
{
    const auto wanted = parse_endpoint(host_and_port);
    tcp::acceptor acceptor(executor);
    error_code failure;
    acceptor.open(wanted.protocol(), failure);
    if (!failure) acceptor.set_option(tcp::acceptor::reuse_address(true), failure);
    if (!failure) acceptor.bind(wanted, failure);
    if (!failure) acceptor.listen(asio::socket_base::max_listen_connections, failure);
    if (failure) throw std::runtime_error(explain_failure_to_listen(host_and_port, failure));
    return acceptor;
}

tcp::acceptor adopt_acceptor(const asio::any_io_executor& executor, int listening_socket)
{
    const auto refuse = [listening_socket](const std::string& why) {
        throw std::runtime_error("cannot accept connections on descriptor " +
                                 std::to_string(listening_socket) + ": " + why);
    };
    const auto domain = socket_option(listening_socket, SO_DOMAIN);
    if (!domain) refuse("it is not a socket");
    if (domain != AF_INET && domain != AF_INET6) refuse("it is not a TCP socket");
    if (socket_option(listening_socket, SO_TYPE) != SOCK_STREAM) refuse("it is not a TCP socket");
    if (socket_option(listening_socket, SO_ACCEPTCONN) != 1) refuse("it does not listen");
    tcp::acceptor acceptor(executor);
    error_code failure;
    acceptor.assign(domain == AF_INET ? tcp::v4() : tcp::v6(), listening_socket, failure);
    if (failure) refuse(failure.message());
    return acceptor;
}

}  // namespace ocpi::server
