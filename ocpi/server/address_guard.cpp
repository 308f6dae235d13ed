#include "ocpi/server/address_guard.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace ocpi::server {
namespace {

namespace ip = boost::asio::ip;

struct network_v4 {
    std::array<unsigned char, 4> prefix;
    unsigned bits;
};

constexpr network_v4 reserved_v4[] = {
    {{0, 0, 0, 0}, 8},        // this network
    {{10, 0, 0, 0}, 8},       // private
    {{100, 64, 0, 0}, 10},    // shared: carriers' address translation
    {{127, 0, 0, 0}, 8},      // loopback
    {{169, 254, 0, 0}, 16},   // link-local, clouds' metadata services
    {{172, 16, 0, 0}, 12},    // private
    {{192, 0, 0, 0}, 24},     // protocol assignments
    {{192, 0, 2, 0}, 24},     // documentation
    {{192, 88, 99, 0}, 24},   // 6to4 relays
    {{192, 168, 0, 0}, 16},   // private
    {{198, 18, 0, 0}, 15},    // benchmarks
    {{198, 51, 100, 0}, 24},  // documentation
    {{203, 0, 113, 0}, 24},   // documentation
    {{224, 0, 0, 0}, 4},      // multicast
    {{240, 0, 0, 0}, 4},      // reserved, broadcast
};

struct network_v6 {
    std::array<unsigned char, 6> prefix;
    unsigned bits;
};

/// Within 2000::/3, which alone is public at all.
constexpr network_v6 reserved_v6[] = {
    {{0x20, 0x01, 0x00, 0x00, 0x00, 0x00}, 23},  // protocol assignments, Teredo, benchmarks, ORCHID
    {{0x20, 0x01, 0x0d, 0xb8, 0x00, 0x00}, 32},  // documentation
    {{0x20, 0x02, 0x00, 0x00, 0x00, 0x00}, 16},  // 6to4
    {{0x3f, 0xff, 0x00, 0x00, 0x00, 0x00}, 20},  // documentation
};

constexpr network_v6 global_unicast{{0x20, 0x00, 0x00, 0x00, 0x00, 0x00}, 3};

template <class Bytes, class Network>
bool is_within(const Bytes& address, const Network& network)
{
    const std::size_t whole = network.bits / 8;
    const unsigned rest = network.bits % 8;
    if (!std::equal(address.begin(), address.begin() + whole, network.prefix.begin())) return false;
    if (rest == 0) return true;
    const unsigned mask = 0xffU << (8 - rest) & 0xffU;
    return (address[whole] & mask) == network.prefix[whole];
}

template <class Bytes, class Networks>
bool is_within_any(const Bytes& address, const Networks& networks)
{
    return std::any_of(std::begin(networks), std::end(networks),
                       [&](const auto& network) { return is_within(address, network); });
}

}  // namespace

bool is_public(const ip::address& address) noexcept
{
    if (address.is_v4()) return !is_within_any(address.to_v4().to_bytes(), reserved_v4);
    // Loopback, mapped and translated IPv4 (64:ff9b::/96), unique local, link-local, site-local
    // and multicast addresses all lie outside of the one block.
    const auto bytes = address.to_v6().to_bytes();
    return is_within(bytes, global_unicast) && !is_within_any(bytes, reserved_v6);
}

}  // namespace ocpi::server
