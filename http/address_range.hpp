#pragma once

#include <boost/asio/ip/address.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::http {

/// An IP address without port, brackets and zone: `192.0.2.1`, `2001:db8::1`. An IPv4 address
/// within IPv6 (`::ffff:192.0.2.1`) is that IPv4 address. std::nullopt for any other text.
std::optional<boost::asio::ip::address> parse_address(std::string_view text);

/// The IPv4 address within an IPv6 one (`::ffff:192.0.2.1`), which a socket for both reports; any
/// other address unchanged.
boost::asio::ip::address unmapped(const boost::asio::ip::address& address);

/// The addresses with one prefix. IPv4 addresses are in no range of IPv6.
class address_range {
public:
    /// `10.0.0.0/8`, `2001:db8::/32`, or one address. std::nullopt for another text, and when the
    /// address has bits beyond the prefix: `10.0.0.1/8`.
    static std::optional<address_range> parse(std::string_view text);

    bool contains(const boost::asio::ip::address& address) const noexcept;

    /// `10.0.0.0/8`, or the address alone if it is the only one.
    std::string str() const;

private:
    using bytes = std::array<std::uint8_t, 16>;

    address_range() = default;
    static bytes bytes_of(const boost::asio::ip::address& address) noexcept;

    bool is_v4_ = false;
    bytes prefix_{};
    std::size_t length_ = 0;  ///< in bits
};

/// True if one of the ranges contains the address.
bool contains(const std::vector<address_range>& ranges, const boost::asio::ip::address& address);

}  // namespace ocpi::http
