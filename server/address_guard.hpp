#pragma once

#include <boost/asio/ip/address.hpp>

namespace ocpi::server {

/// True for an address of the public internet, which may belong to another company's host.
///
/// Not public are the networks of the IANA special-purpose registries [RFC 6890]: loopback,
/// private, shared (carrier-grade NAT), link-local, documentation, benchmarks, multicast, reserved,
/// and IPv6 tunnels (6to4, Teredo), whose other end might be anywhere. An IPv6 address that
/// represents an IPv4 address, mapped or behind the well-known NAT64 prefix, is checked as that
/// address.
bool is_public(const boost::asio::ip::address& address) noexcept;

}  // namespace ocpi::server
