#include "server/address_guard.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace ocpi::server {

namespace asio = boost::asio;

namespace {

struct ipv4_network {
    std::uint32_t prefix;
    int length;
};

constexpr std::uint32_t quad(std::uint32_t a, std::uint32_t b, std::uint32_t c, std::uint32_t d)
{
    return a << 24 | b << 16 | c << 8 | d;
}

constexpr ipv4_network special_ipv4[] = {
    {quad(0, 0, 0, 0), 8},        // this network
    {quad(10, 0, 0, 0), 8},       // private
    {quad(100, 64, 0, 0), 10},    // shared
    {quad(127, 0, 0, 0), 8},      // loopback
    {quad(169, 254, 0, 0), 16},   // link-local, and the metadata of cloud machines
    {quad(172, 16, 0, 0), 12},    // private
    {quad(192, 0, 0, 0), 24},     // IETF protocol assignments
    {quad(192, 0, 2, 0), 24},     // documentation
    {quad(192, 31, 196, 0), 24},  // AS112
    {quad(192, 52, 193, 0), 24},  // AMT
    {quad(192, 88, 99, 0), 24},   // 6to4 relays
    {quad(192, 168, 0, 0), 16},   // private
    {quad(192, 175, 48, 0), 24},  // AS112
    {quad(198, 18, 0, 0), 15},    // benchmarks
    {quad(198, 51, 100, 0), 24},  // documentation
    {quad(203, 0, 113, 0), 24},   // documentation
    {quad(224, 0, 0, 0), 4},      // multicast
    {quad(240, 0, 0, 0), 4},      // reserved, and broadcast
};

bool is_public(const asio::ip::address_v4& address) noexcept
{
    const auto number = address.to_uint();
    return std::none_of(std::begin(special_ipv4), std::end(special_ipv4),
                        [number](const ipv4_network& network) {
                            return (number ^ network.prefix) >> (32 - network.length) == 0;
                        });
}

/// The first 64 bits of a network; none is longer.
struct ipv6_network {
    std::uint64_t prefix;
    int length;
};

constexpr bool contains(const ipv6_network& network, std::uint64_t half) noexcept
{
    return (half ^ network.prefix) >> (64 - network.length) == 0;
}

/// What is assigned to the public; all else is special or not assigned.
constexpr ipv6_network global_unicast = {0x2000'0000'0000'0000, 3};

constexpr ipv6_network special_global_unicast[] = {
    {0x2001'0000'0000'0000, 23},  // IETF protocol assignments, Teredo among them
    {0x2001'0db8'0000'0000, 32},  // documentation
    {0x2002'0000'0000'0000, 16},  // 6to4
    {0x2620'004f'8000'0000, 48},  // AS112
    {0x3fff'0000'0000'0000, 20},  // documentation
};

bool is_public(const asio::ip::address_v6& address) noexcept
{
    const auto bytes = address.to_bytes();
    const auto half_at = [&bytes](std::size_t begin) {
        std::uint64_t half = 0;
        for (std::size_t i = begin; i < begin + 8; ++i) half = half << 8 | bytes[i];
        return half;
    };
    const auto high = half_at(0);
    const auto low = half_at(8);
    const bool is_mapped = high == 0 && low >> 32 == 0xFFFF;
    const bool is_nat64 = high == 0x0064'ff9b'0000'0000 && low >> 32 == 0;
    if (is_mapped || is_nat64)
        return is_public(asio::ip::address_v4(static_cast<std::uint32_t>(low)));
    return contains(global_unicast, high) &&
           std::none_of(std::begin(special_global_unicast), std::end(special_global_unicast),
                        [high](const ipv6_network& network) { return contains(network, high); });
}

}  // namespace

bool is_public(const asio::ip::address& address) noexcept
{
    if (address.is_v4()) return is_public(address.to_v4());
    return address.to_v6().scope_id() == 0 && is_public(address.to_v6());
}

}  // namespace ocpi::server
