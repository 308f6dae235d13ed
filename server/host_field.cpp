#include "server/host_field.hpp"

#include "ocpi/base/ascii.hpp"

#include <algorithm>

namespace ocpi::server {
namespace {

bool is_name_character(char c) noexcept
{
    return is_digit(c) || is_letter(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

/// A registered name or an IPv4 address.
bool is_name(std::string_view text) noexcept
{
    if (text.empty()) return false;
    while (!text.empty()) {
        if (text.front() == '%') {
            if (text.size() < 3 || !is_hex_digit(text[1]) || !is_hex_digit(text[2])) return false;
            text.remove_prefix(3);
        } else {
            if (!is_name_character(text.front())) return false;
            text.remove_prefix(1);
        }
    }
    return true;
}

/// What stands between the brackets of an IPv6 address.
bool is_ipv6(std::string_view text) noexcept
{
    return text.find(':') != text.npos && std::all_of(text.begin(), text.end(), [](char c) {
               return is_hex_digit(c) || c == ':' || c == '.';
           });
}

bool is_port(std::string_view text) noexcept
{
    constexpr std::size_t max_digits = 5;
    constexpr int max_port = 65535;
    if (text.size() > max_digits || !std::all_of(text.begin(), text.end(), is_digit)) return false;
    int port = 0;
    for (const char digit : text) port = port * 10 + (digit - '0');
    return port <= max_port;
}

}  // namespace

bool is_valid_host(std::string_view text) noexcept
{
    auto host_end = text.find(':');
    bool is_host = false;
    if (text.starts_with('[')) {
        const auto bracket = text.find(']');
        if (bracket == text.npos) return false;
        is_host = is_ipv6(text.substr(1, bracket - 1));
        host_end = bracket + 1 == text.size() ? text.npos : bracket + 1;
    } else {
        is_host = is_name(text.substr(0, host_end));
    }
    if (!is_host || host_end == text.npos) return is_host;
    return text[host_end] == ':' && is_port(text.substr(host_end + 1));
}

}  // namespace ocpi::server
