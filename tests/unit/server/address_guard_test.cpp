#include "server/address_guard.hpp"

#include <doctest/doctest.h>

namespace address_guard_test {

using ocpi::server::is_public;

TEST_CASE("server/address_guard: addresses that other companies' hosts have are public")
{
    for (const char* text : {"1.1.1.1",         "8.8.8.8",
                             "9.255.255.255",   "11.0.0.0",
                             "100.63.255.255",  "100.128.0.0",
                             "126.255.255.255", "128.0.0.0",
                             "169.253.255.255", "169.255.0.0",
                             "172.15.255.255",  "172.32.0.0",
                             "192.0.1.0",       "192.167.255.255",
                             "192.169.0.0",     "198.17.255.255",
                             "198.20.0.0",      "203.0.114.0",
                             "223.255.255.255", "2606:4700::1111",
                             "2a00:1450::1",    "2001:4860:4860::8888",
                             "2003::1",         "::ffff:8.8.8.8",
                             "64:ff9b::808:808"}) {
        CAPTURE(text);
        CHECK(is_public(boost::asio::ip::make_address(text)));
    }
}

TEST_CASE("server/address_guard: addresses of our own network, and of no host, are not public")
{
    for (const char* text :
         {"0.0.0.0",         "0.255.255.255",  "10.0.0.0",        "10.255.255.255",  "100.64.0.0",
          "100.127.255.255", "127.0.0.1",      "127.255.255.255", "169.254.169.254", "172.16.0.0",
          "172.31.255.255",  "192.0.0.0",      "192.0.0.255",     "192.0.2.1",       "192.31.196.1",
          "192.52.193.1",    "192.88.99.1",    "192.168.0.0",     "192.168.255.255", "192.175.48.1",
          "198.18.0.0",      "198.19.255.255", "198.51.100.1",    "203.0.113.255",   "224.0.0.1",
          "239.255.255.255", "240.0.0.0",      "255.255.255.255"}) {
        CAPTURE(text);
        CHECK_FALSE(is_public(boost::asio::ip::make_address(text)));
    }
}

TEST_CASE("server/address_guard: so it is with IPv6, tunnels and IPv4 in disguise included")
{
    for (const char* text : {"::",
                             "::1",
                             "::7f00:1",
                             "::8.8.8.8",
                             "::ffff:127.0.0.1",
                             "::ffff:10.0.0.1",
                             "::ffff:169.254.169.254",
                             "64:ff9b::7f00:1",
                             "64:ff9b::a00:1",
                             "64:ff9b:0:0:1::808:808",
                             "64:ff9b:1::808:808",
                             "100::1",
                             "2001::1",
                             "2001:0:808:808::1",
                             "2001:20::1",
                             "2001:1ff:ffff::1",
                             "2001:db8::1",
                             "2002:808:808::1",
                             "2002:7f00:1::",
                             "2620:4f:8000::1",
                             "3fff:fff::1",
                             "4000::1",
                             "5f00::1",
                             "fc00::1",
                             "fdff::1",
                             "fe80::1",
                             "fe80::1%1",
                             "febf::1",
                             "fec0::1",
                             "ff02::1",
                             "ffff::1",
                             "2606:4700::1111%1"}) {
        CAPTURE(text);
        CHECK_FALSE(is_public(boost::asio::ip::make_address(text)));
    }
}

}  // namespace address_guard_test
