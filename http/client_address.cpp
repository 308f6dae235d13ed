#include "http/client_address.hpp"

#include "http/forwarded.hpp"
#include "ocpi/base/ci_string.hpp"

#include <random>
#include <string_view>

namespace ocpi::http {

namespace ip = boost::asio::ip;

namespace {

using parse_function = forwarded_hops (*)(std::string_view);

/// The values of all fields of that name, in order.
std::vector<std::string_view> values_of(const headers& sent, std::string_view name)
{
    std::vector<std::string_view> values;
    for (const auto& field : sent) {
        if (equal_ignoring_case(field.name, name)) values.push_back(field.value);
    }
    return values;
}

/// Begins at `nearest`, a trusted proxy. Each line is read by itself: one that the client has
/// broken cannot spoil the next, which a proxy has added.
ip::address walk(ip::address nearest, const std::vector<std::string_view>& lines,
                 parse_function parse, const std::vector<address_range>& trusted_proxies)
{
    for (auto line = lines.rbegin(); line != lines.rend(); ++line) {
        const auto hops = parse(*line);
        for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
            if (!*hop) return nearest;
            nearest = **hop;
            if (!contains(trusted_proxies, nearest)) return nearest;
        }
    }
    return nearest;
}

/// The finalizer of splitmix64.
std::uint64_t mix(std::uint64_t x) noexcept
{
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

}  // namespace

ip::address find_client_address(const ip::address& peer, const headers& sent,
                                const std::vector<address_range>& trusted_proxies)
{
    const auto nearest = unmapped(peer);
    if (!contains(trusted_proxies, nearest)) return nearest;
    const auto standard = values_of(sent, "Forwarded");
    const auto customary = values_of(sent, "X-Forwarded-For");
    const auto by_standard = walk(nearest, standard, parse_forwarded, trusted_proxies);
    const auto by_custom = walk(nearest, customary, parse_x_forwarded_for, trusted_proxies);
    if (standard.empty()) return by_custom;
    if (customary.empty() || by_standard == by_custom) return by_standard;
    return nearest;
}

client_network network_of(const ip::address& address)
{
    client_network network;
    const auto plain = unmapped(address);
    network.is_v6 = plain.is_v6();
    if (!network.is_v6) {
        network.number = plain.to_v4().to_uint();
        return network;
    }
    const auto bytes = plain.to_v6().to_bytes();
    for (std::size_t i = 0; i < 8; ++i) network.number = network.number << 8 | bytes[i];
    return network;
}

std::string to_string(const client_network& network)
{
    if (!network.is_v6) {
        return ip::address_v4(static_cast<ip::address_v4::uint_type>(network.number)).to_string();
    }
    ip::address_v6::bytes_type bytes{};
    for (std::size_t i = 0; i < 8; ++i) {
        bytes[i] = static_cast<unsigned char>(network.number >> (56 - 8 * i));
    }
    return ip::address_v6(bytes).to_string() + "/64";
}

client_network_hash::client_network_hash()
{
    std::random_device device;
    seed_ = std::uint64_t{device()} << 32 | device();
}

std::size_t client_network_hash::operator()(const client_network& network) const noexcept
{
    const auto salted = network.number ^ seed_;
    return static_cast<std::size_t>(mix(mix(salted) + (network.is_v6 ? 1 : 0)));
}

}  // namespace ocpi::http
