#pragma once

#include <boost/asio/ip/address.hpp>

namespace ocpi::server {

/// True for an address of the public internet. URLs come from other platforms, who might name
/// our own network; so whatever is reserved for another purpose is not public [the IANA registries
/// of special-purpose addresses, RFC 6890]: loopback, private and shared networks, link-local,
/// multicast, documentation, benchmarks. An IPv6 address that stands for an IPv4 address, be it
/// mapped, translated or tunnelled, is not public either: nobody needs one to reach us.
bool is_public(const boost::asio::ip::address& address) noexcept;

}  // namespace ocpi::server
