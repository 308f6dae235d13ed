#include "app/socket_activation.hpp"

#include "app/take_environment.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <cstddef>
#include <stdexcept>
#include <string_view>
#include <system_error>

namespace ocpi::app {
namespace {

constexpr int first_descriptor = 3;
constexpr int max_descriptors = 64;

int parse_number(const char* variable, std::string_view text)
{
    int value = 0;
    const auto* const end = text.data() + text.size();
    const auto [stop, problem] = std::from_chars(text.data(), end, value);
    if (problem != std::errc() || stop != end || value < 0) {
        throw std::runtime_error(std::string(variable) + " is not a number: " + std::string(text));
    }
    return value;
}

/// `a:b:c`; an empty text is one empty name.
std::vector<std::string> split_names(std::string_view text)
{
    std::vector<std::string> names;
    for (;;) {
        const auto colon = text.find(':');
        names.emplace_back(text.substr(0, colon));
        if (colon == text.npos) return names;
        text.remove_prefix(colon + 1);
    }
}

bool has_no_own_name(std::string_view name)
{
    return name.empty() || name == "unknown" || name.ends_with(".socket");
}

}  // namespace

activation_sockets sort_descriptors(const passed_descriptors& passed, pid_t own_pid)
{
    activation_sockets sorted;
    if (!passed.pid || !passed.count) return sorted;
    if (parse_number("LISTEN_PID", *passed.pid) != own_pid) return sorted;
    const int count = parse_number("LISTEN_FDS", *passed.count);
    if (count > max_descriptors) {
        throw std::runtime_error("LISTEN_FDS names more sockets than " +
                                 std::to_string(max_descriptors));
    }
    const auto names = split_names(passed.names.value_or(""));
    for (int index = 0; index < count; ++index) {
        const auto place = static_cast<std::size_t>(index);
        const auto name = place < names.size() ? names[place] : std::string();
        if (name == "admin") {
            sorted.to_admin.push_back(first_descriptor + index);
        } else if (name == "public" || has_no_own_name(name)) {
            sorted.to_public.push_back(first_descriptor + index);
        } else {
            throw std::runtime_error(
                "the service manager passes a socket named \"" + name +
                "\"; FileDescriptorName= must be public or admin, or not be set");
        }
    }
    return sorted;
}

activation_sockets take_activation_sockets()
{
    passed_descriptors passed;
    passed.pid = take_environment("LISTEN_PID");
    passed.count = take_environment("LISTEN_FDS");
    passed.names = take_environment("LISTEN_FDNAMES");
    auto sockets = sort_descriptors(passed, ::getpid());
    for (const auto* list : {&sockets.to_public, &sockets.to_admin}) {
        for (const int each : *list) {
            if (::fcntl(each, F_SETFD, FD_CLOEXEC) == 0) continue;
            throw std::runtime_error("the service manager passes no descriptor " +
                                     std::to_string(each) + ", which LISTEN_FDS names");
        }
    }
    return sockets;
}

std::string address_of(int listening_socket)
{
    sockaddr_storage bound{};
    socklen_t size = sizeof bound;
    std::array<char, INET6_ADDRSTRLEN> text{};
    if (::getsockname(listening_socket, reinterpret_cast<sockaddr*>(&bound), &size) == 0) {
        if (bound.ss_family == AF_INET) {
            const auto& v4 = reinterpret_cast<const sockaddr_in&>(bound);
            ::inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
            return std::string(text.data()) + ':' + std::to_string(ntohs(v4.sin_port));
        }
        if (bound.ss_family == AF_INET6) {
            const auto& v6 = reinterpret_cast<const sockaddr_in6&>(bound);
            ::inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
            return '[' + std::string(text.data()) + "]:" + std::to_string(ntohs(v6.sin6_port));
        }
    }
    throw std::runtime_error("descriptor " + std::to_string(listening_socket) +
                             ", passed by the service manager, is not a TCP socket; write "
                             "ListenStream= with a port");
}

}  // namespace ocpi::app
