#pragma once

#include <boost/asio/ip/address.hpp>

#include <optional>
#include <string_view>
#include <vector>

/// The headers in which proxies say for whom they call.
namespace ocpi::http {

/// One entry for each proxy, in the order of the header, the nearest to us last; std::nullopt where
/// the address is not told or cannot be read.
using forwarded_hops = std::vector<std::optional<boost::asio::ip::address>>;

/// The `for` parameters of a Forwarded value [RFC 7239]. A value that breaks the grammar anywhere
/// has one entry without an address: a quote that a client left open might hide what its proxy
/// has added.
forwarded_hops parse_forwarded(std::string_view value);

/// The elements of an X-Forwarded-For value: addresses, with or without a port.
forwarded_hops parse_x_forwarded_for(std::string_view value);

}  // namespace ocpi::http
