#include "ocpi/server/address_guard.hpp"

#include <doctest/doctest.h>

using boost::asio::ip::make_address;
using ocpi::server::is_public;

TEST_CASE("server/address_guard: addresses of the internet are public")
{
    for (const char* text : {"1.1.1.1",
                             "9.255.255.255",
                             "11.0.0.0",
                             "100.63.255.255",
                             "100.128.0.0",
                             "126.255.255.255",
                             "128.0.0.0",
                             "169.253.255.255",
                             "172.15.255.255",
                             "172.32.0.0",
                             "192.0.1.0",
                             "192.167.255.255",
                             "192.169.0.0",
                             "198.17.255.255",
                             "198.20.0.0",
                             "223.255.255.255",
                             "2606:4700:4700::1111",
                             "2a00:1450:4001:82b::200e",
                             "2001:4860:4860::8888",
                             "2003::1"}) {
        CHECK_MESSAGE(is_public(make_address(text)), text);
    }
}

TEST_CASE("server/address_guard: special addresses of IPv4 are not public")
{
    for (const char* text :
         {"0.0.0.0",         "0.1.2.3",         "10.0.0.1",        "10.255.255.255",  "100.64.0.0",
          "100.127.255.255", "127.0.0.1",       "127.255.255.254", "169.254.169.254", "172.16.0.0",
          "172.31.255.255",  "192.0.0.1",       "192.0.2.1",       "192.88.99.1",     "192.168.0.1",
          "192.168.255.255", "198.18.0.0",      "198.19.255.255",  "198.51.100.7",    "203.0.113.7",
          "224.0.0.1",       "239.255.255.255", "240.0.0.1",       "255.255.255.255"}) {
        CHECK_MESSAGE(!is_public(make_address(text)), text);
    }
}

TEST_CASE("server/address_guard: special addresses of IPv6 are not public")
{
    for (const char* text :
         {"::", "::1", "::2", "fc00::1", "fdff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1",
          "100::1", "2001:db8::1", "2001::1", "2001:0:4136:e378::1", "2001:2::1", "2001:10::1",
          "2001:20::1", "3fff::1", "5f00::1"}) {
        CHECK_MESSAGE(!is_public(make_address(text)), text);
    }
}

TEST_CASE("server/address_guard: IPv6 addresses that stand for IPv4 addresses are not public")
{
    for (const char* text :
         {"::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:1.1.1.1", "::127.0.0.1", "::1.1.1.1",
          "64:ff9b::127.0.0.1", "64:ff9b::1.1.1.1", "64:ff9b:1::10.0.0.1", "2002:7f00:1::1",
          "2002:101:101::1", "2001:0:0:0:0:0:80ff:fffe"}) {
        CHECK_MESSAGE(!is_public(make_address(text)), text);
    }
}
