#pragma once

#include "http/address_range.hpp"
#include "http/message.hpp"

#include <boost/asio/ip/address.hpp>

#include <compare>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace ocpi::http {

/// The client's address: that of the peer, or, when the peer is a trusted proxy, the one that it
/// names in Forwarded or X-Forwarded-For. The hops are followed from the nearest, as long as each
/// is a trusted proxy itself; where one names no readable address, it is the client.
///
/// With both headers, of which a proxy may write one and pass the other on as its client has sent
/// it, the address counts if they agree; else the peer is the client.
boost::asio::ip::address find_client_address(const boost::asio::ip::address& peer,
                                             const headers& sent,
                                             const std::vector<address_range>& trusted_proxies);

/// What counts as one client: an IPv4 address, or an IPv6 network of 64 bits, of which a client has
/// all addresses.
struct client_network {
    bool is_v6 = false;
    /// The address, or the upper half of it.
    std::uint64_t number = 0;

    auto operator<=>(const client_network&) const = default;
};

client_network network_of(const boost::asio::ip::address& address);

/// For logs: `192.0.2.1`, `2001:db8::/64`.
std::string to_string(const client_network& network);

/// Hashes with a secret of the process, so that no client can choose networks that collide.
class client_network_hash {
public:
    client_network_hash();
    std::size_t operator()(const client_network& network) const noexcept;

private:
    std::uint64_t seed_;
};

}  // namespace ocpi::http
