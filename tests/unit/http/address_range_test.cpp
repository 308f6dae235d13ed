#include "http/address_range.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace address_range_test {

using ocpi::http::address_range;
using ocpi::http::parse_address;

namespace {

bool is_within(const char* range, const char* address)
{
    const auto parsed = address_range::parse(range);
    const auto inside = parse_address(address);
    REQUIRE(parsed);
    REQUIRE(inside);
    return parsed->contains(*inside);
}

}  // namespace

TEST_CASE("http/address_range: addresses are read as they are written, other texts are refused")
{
    for (const char* text : {"192.0.2.1", "0.0.0.0", "255.255.255.255", "::", "::1", "2001:db8::1",
                             "2001:DB8:0:0:0:0:0:1"}) {
        CAPTURE(text);
        CHECK(parse_address(text));
    }
    CHECK(parse_address("::ffff:192.0.2.1") == parse_address("192.0.2.1"));
    CHECK(parse_address("::ffff:c000:201") == parse_address("192.0.2.1"));
    for (const char* text : {"",
                             " ",
                             "192.0.2",
                             "192.0.2.1.1",
                             "192.0.2.256",
                             "192.0.02.1",
                             "0x7f.0.0.1",
                             "127.1",
                             "2130706433",
                             "192.0.2.1 ",
                             " 192.0.2.1",
                             "192.0.2.1:80",
                             "[::1]",
                             "::1%eth0",
                             "fe80::1%1",
                             "::g",
                             ":::",
                             "1::2::3",
                             "-1.0.0.1",
                             "+1.0.0.1",
                             "localhost",
                             "192.0.2.1/32",
                             "a.b.c.d",
                             "1:2:3:4:5:6:7:8:9",
                             "::ffff:192.0.2.256"}) {
        CAPTURE(text);
        CHECK_FALSE(parse_address(text));
    }
    CHECK_FALSE(parse_address(std::string_view("10.0.0.1\0", 9)));
    CHECK_FALSE(parse_address(std::string(100'000, ':')));
    CHECK_FALSE(parse_address(std::string(100'000, '1')));
}

TEST_CASE("http/address_range: a network has the addresses of its prefix")
{
    CHECK(is_within("10.0.0.0/8", "10.0.0.0"));
    CHECK(is_within("10.0.0.0/8", "10.255.255.255"));
    CHECK_FALSE(is_within("10.0.0.0/8", "11.0.0.0"));
    CHECK_FALSE(is_within("10.0.0.0/8", "9.255.255.255"));
    CHECK(is_within("172.16.0.0/12", "172.31.255.255"));
    CHECK_FALSE(is_within("172.16.0.0/12", "172.32.0.0"));
    CHECK(is_within("192.0.2.7", "192.0.2.7"));
    CHECK_FALSE(is_within("192.0.2.7", "192.0.2.6"));
    CHECK(is_within("0.0.0.0/0", "203.0.113.9"));
    CHECK(is_within("2001:db8::/33", "2001:db8:7fff::1"));
    CHECK_FALSE(is_within("2001:db8::/33", "2001:db8:8000::1"));
    CHECK(is_within("::1", "::1"));
    CHECK_FALSE(is_within("::1", "::2"));
    CHECK(is_within("::/0", "2001:db8::1"));
}

TEST_CASE("http/address_range: an IPv4 address is one in every spelling, and in no IPv6 network")
{
    CHECK(is_within("10.0.0.0/8", "::ffff:10.1.2.3"));
    CHECK(is_within("::ffff:10.0.0.0/104", "10.1.2.3"));
    CHECK_FALSE(is_within("::ffff:10.0.0.0/104", "11.1.2.3"));
    CHECK(is_within("::ffff:10.0.0.1", "10.0.0.1"));
    CHECK_FALSE(is_within("::/0", "10.0.0.1"));
    CHECK_FALSE(is_within("0.0.0.0/0", "::1"));
    CHECK_FALSE(is_within("10.0.0.0/8", "a00::"));
}

TEST_CASE("http/address_range: what is no network is refused, bits beyond the prefix included")
{
    for (const char* text : {"",
                             "/",
                             "/8",
                             "10.0.0.0/",
                             "10.0.0.0/33",
                             "10.0.0.0/-1",
                             "10.0.0.0/08",
                             "10.0.0.0/8/8",
                             "10.0.0.0/ 8",
                             "10.0.0.0 /8",
                             "10.0.0.1/8",
                             "10/8",
                             "10.0.0.0/255.0.0.0",
                             "::/129",
                             "::/1280",
                             "::1/64",
                             "2001:db8::1/127",
                             "::ffff:10.0.0.0/95",
                             "*",
                             "localhost",
                             "10.0.0.0-10.0.0.255",
                             "[::1]",
                             "::1%lo"}) {
        CAPTURE(text);
        CHECK_FALSE(address_range::parse(text));
    }
}

}  // namespace address_range_test
