#pragma once

#include <boost/asio/ip/address.hpp>

namespace ocpi::server {

/// True for an address of the public internet: one that a host of another company may have.
///
/// The networks of the IANA special-purpose registries [RFC 6890] are not public: loopback,
/// private, shared (carrier-grade NAT), link-local, documentation, benchmarks, multicast,
/// reserved, and IPv6 tunnels (6to4, Teredo), whose other end might be anywhere. An IPv6 address
/// that is another spelling of an IPv4 address, mapped or behind the well-known NAT64 prefix, is
/// judged as that one.
bool is_public(const boost::asio::ip::address& address) noexcept;

}  // namespace ocpi::server
