#include "http/address_range.hpp"

#include <boost/asio/ip/address_v6.hpp>

#include <algorithm>
#include <charconv>
#include <string>

namespace ocpi::http {

namespace ip = boost::asio::ip;

namespace {

/// The longest one: an IPv4 address within IPv6, in full.
constexpr std::size_t max_address_length = 45;

bool is_address_character(char c) noexcept
{
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') || c == ':' ||
           c == '.';
}

/// A number of at most three digits, without a leading zero.
std::optional<std::size_t> parse_length(std::string_view text)
{
    if (text.empty() || text.size() > 3 || (text.size() > 1 && text.front() == '0')) return {};
    std::size_t length = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (problem != std::errc() || end != text.data() + text.size()) return {};
    return length;
}

std::uint8_t mask_of(std::size_t bits) noexcept
{
    return static_cast<std::uint8_t>(0xff00U >> std::min<std::size_t>(bits, 8));
}

}  // namespace

ip::address unmapped(const ip::address& address)
{
    if (!address.is_v6() || !address.to_v6().is_v4_mapped()) return address;
    return ip::make_address_v4(ip::v4_mapped, address.to_v6());
}

std::optional<ip::address> parse_address(std::string_view text)
{
    // No zone (%eth0), no sign, no NUL: a resolver might read what a person does not.
    const bool is_plain = text.size() <= max_address_length &&
                          std::all_of(text.begin(), text.end(), is_address_character);
    if (!is_plain) return {};
    boost::system::error_code failure;
    const auto address = ip::make_address(std::string(text), failure);
    if (failure) return {};
    return unmapped(address);
}

address_range::bytes address_range::bytes_of(const ip::address& address) noexcept
{
    bytes all{};
    if (address.is_v4()) {
        const auto four = address.to_v4().to_bytes();
        std::copy(four.begin(), four.end(), all.begin());
    } else {
        const auto sixteen = address.to_v6().to_bytes();
        std::copy(sixteen.begin(), sixteen.end(), all.begin());
    }
    return all;
}

std::optional<address_range> address_range::parse(std::string_view text)
{
    const auto slash = text.find('/');
    const auto host = text.substr(0, slash);
    const auto address = parse_address(host);
    if (!address) return {};
    address_range range;
    range.is_v4_ = address->is_v4();
    range.prefix_ = bytes_of(*address);
    // The IPv4 addresses within IPv6 are a prefix of 96 bits.
    const std::size_t written_bits = host.find(':') == host.npos ? 32 : 128;
    const std::size_t outer_bits = range.is_v4_ && written_bits == 128 ? 96 : 0;
    auto length = std::optional(written_bits);
    if (slash != text.npos) length = parse_length(text.substr(slash + 1));
    if (!length || *length > written_bits || *length < outer_bits) return {};
    range.length_ = *length - outer_bits;
    for (std::size_t i = 0; i < range.prefix_.size(); ++i) {
        const auto inside = range.length_ > i * 8 ? range.length_ - i * 8 : 0;
        if ((range.prefix_[i] & ~mask_of(inside) & 0xff) != 0) return {};
    }
    return range;
}

bool address_range::contains(const ip::address& address) const noexcept
{
    if (address.is_v4() != is_v4_) return false;
    const auto other = bytes_of(address);
    for (std::size_t i = 0; i * 8 < length_; ++i) {
        if (((prefix_[i] ^ other[i]) & mask_of(length_ - i * 8)) != 0) return false;
    }
    return true;
}

std::string address_range::str() const
{
    auto text = ip::make_address_v6(prefix_).to_string();
    if (is_v4_) {
        ip::address_v4::bytes_type four{};
        std::copy_n(prefix_.begin(), four.size(), four.begin());
        text = ip::make_address_v4(four).to_string();
    }
    const std::size_t all_bits = is_v4_ ? 32 : 128;
    return length_ == all_bits ? text : text + '/' + std::to_string(length_);
}

bool contains(const std::vector<address_range>& ranges, const ip::address& address)
{
    return std::any_of(ranges.begin(), ranges.end(),
                       [&address](const address_range& each) { return each.contains(address); });
}

}  // namespace ocpi::http
