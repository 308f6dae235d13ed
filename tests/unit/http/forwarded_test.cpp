#include "http/forwarded.hpp"

#include <doctest/doctest.h>

#include <string>

namespace forwarded_test {

using namespace ocpi::http;

namespace {

/// `192.0.2.1 - ::1`: a dash where there is no address.
std::string written(const forwarded_hops& hops)
{
    std::string text;
    for (const auto& hop : hops) {
        if (!text.empty()) text += ' ';
        text += hop ? hop->to_string() : "-";
    }
    return text;
}

std::string standard(std::string_view value)
{
    return written(parse_forwarded(value));
}

std::string customary(std::string_view value)
{
    return written(parse_x_forwarded_for(value));
}

}  // namespace

TEST_CASE("http/forwarded: the examples of RFC 7239, and what proxies make of it")
{
    CHECK(standard("for=\"_gazonk\"") == "-");
    CHECK(standard("For=\"[2001:db8:cafe::17]:4711\"") == "2001:db8:cafe::17");
    CHECK(standard("for=192.0.2.60;proto=http;by=203.0.113.43") == "192.0.2.60");
    CHECK(standard("for=192.0.2.43, for=198.51.100.17") == "192.0.2.43 198.51.100.17");
    CHECK(standard("for=192.0.2.43,for=\"[2001:db8:cafe::17]\",for=unknown") ==
          "192.0.2.43 2001:db8:cafe::17 -");
    CHECK(standard("for=_hidden, for=_SEVKISEK") == "- -");
    CHECK(standard("for=\"192.0.2.43:47011\"") == "192.0.2.43");
    CHECK(standard("FOR=192.0.2.1 ; Proto=https , for=192.0.2.2") == "192.0.2.1 192.0.2.2");
    CHECK(standard("for=192.0.2.1;;proto=http;") == "192.0.2.1");
    CHECK(standard("for=[2001:db8::1]:80") == "2001:db8::1");
    CHECK(standard("for=192.0.2.1:8080") == "192.0.2.1");
    CHECK(standard("for=\"1\\92.0.2.1\"") == "192.0.2.1");
    CHECK(standard("host=\"a,b;for=10.0.0.1\";for=192.0.2.1") == "192.0.2.1");
    CHECK(standard("by=10.0.0.1;proto=https") == "-");
}

TEST_CASE("http/forwarded: a Forwarded value that breaks the grammar names no hop at all")
{
    for (const char* value : {"for=\"192.0.2.1",
                              "for=\", for=192.0.2.1",
                              "for=1.1.1.1;x=\", for=\"192.0.2.1\"",
                              "for=1.1.1.1;x=\", for=\"[2001:db8::1]:4711\"",
                              "for=\"1.1.1.1\\\", for=192.0.2.1",
                              "for=1.1.1.1 for=192.0.2.1",
                              "for=1.1.1.1;for=192.0.2.1",
                              "for =192.0.2.1",
                              "for= 192.0.2.1",
                              "for=192.0.2.1=",
                              "192.0.2.1",
                              "=192.0.2.1",
                              "for=",
                              "for",
                              "for=;proto=http",
                              "for=\"1.1.1.1\"192.0.2.1",
                              "for=192.0.2.1/24",
                              "for=(192.0.2.1)",
                              "for={192.0.2.1}",
                              "for=\"192.0.2.1\"\"",
                              "\"for\"=192.0.2.1",
                              "for=192.0.2.1\\",
                              "for=192.0.2.1, for=\xc3\xa9"}) {
        CAPTURE(value);
        CHECK(standard(value) == "-");
    }
    CHECK(standard(std::string("for=192.0.2.1\0, for=192.0.2.2", 29)) == "-");
    CHECK(parse_forwarded(std::string(100'000, ',')).size() == 100'001);
    CHECK(standard(std::string(100'000, '"')) == "-");
}

TEST_CASE("http/forwarded: a node that is no address is a hop without one")
{
    for (const char* value :
         {"for=\"\"", "for=\" 192.0.2.1\"", "for=\"192.0.2.1:\"", "for=\"192.0.2.1:port\"",
          "for=\"192.0.2.1:123456\"", "for=\"[192.0.2.1]\"", "for=\"[::1\"", "for=\"[::1]x\"",
          "for=\"[::1]:\"", "for=\"[::1%eth0]\"", "for=\"[]\"", "for=localhost",
          "for=192.0.2.1.evil", "for=\"192.0.2.1,10.0.0.1\""}) {
        CAPTURE(value);
        CHECK(standard(value) == "-");
    }
}

TEST_CASE("http/forwarded: X-Forwarded-For is a list of addresses")
{
    CHECK(customary("192.0.2.1") == "192.0.2.1");
    CHECK(customary("192.0.2.1, 2001:db8::1,10.0.0.1") == "192.0.2.1 2001:db8::1 10.0.0.1");
    CHECK(customary(" 192.0.2.1:1234 ,\t[2001:db8::1]:80") == "192.0.2.1 2001:db8::1");
    CHECK(customary("[2001:db8::1]") == "2001:db8::1");
    CHECK(customary("unknown, 192.0.2.1") == "- 192.0.2.1");
    CHECK(customary("") == "-");
    CHECK(customary("192.0.2.1,") == "192.0.2.1 -");
    CHECK(customary(",,192.0.2.1") == "- - 192.0.2.1");
    CHECK(customary("\"192.0.2.1\"") == "-");
    CHECK(customary("192.0.2.1 10.0.0.1") == "-");
    CHECK(customary("for=192.0.2.1") == "-");
    CHECK(customary("192.0.2.1;10.0.0.1") == "-");
    CHECK(parse_x_forwarded_for(std::string(100'000, ',')).size() == 100'001);
}

}  // namespace forwarded_test
