#include "server/header_scan.hpp"

#include <doctest/doctest.h>

#include <string>
#include <string_view>

namespace header_scan_test {

using ocpi::server::header_scan;

namespace {

/// How many bytes are taken before one is found fault with; all of them when none is.
std::size_t sound_bytes(std::string_view bytes)
{
    header_scan scan;
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        if (scan.read(bytes.substr(i, 1))) return i;
    }
    header_scan at_once;
    CHECK(at_once.read(bytes) == nullptr);
    CHECK(at_once.request_line_size() == scan.request_line_size());
    return bytes.size();
}

bool is_sound(std::string_view bytes)
{
    return sound_bytes(bytes) == bytes.size();
}

}  // namespace

TEST_CASE("server/header_scan: a request line is measured when it is whole")
{
    header_scan scan;
    CHECK(scan.read("PATCH /a?b HTTP/1.7\r") == nullptr);
    CHECK_FALSE(scan.has_request_line());
    CHECK(scan.read("\nHost: t\r\n") == nullptr);
    CHECK(scan.has_request_line());
    CHECK(scan.request_line_size() == 21);
    CHECK(scan.minor_version() == '7');
}

TEST_CASE("server/header_scan: what is wrong is known at the byte that makes it so")
{
    CHECK(sound_bytes("\x16\x03\x01") == 0);
    CHECK(sound_bytes(" GET / HTTP/1.1\r\n") == 0);
    CHECK(sound_bytes("GET  / HTTP/1.1\r\n") == 4);
    CHECK(sound_bytes("GET /\r\n") == 5);
    CHECK(sound_bytes("GET / \r\n") == 6);
    CHECK(sound_bytes("GET / HTTP/1.1 \r\n") == 14);
    CHECK(sound_bytes("GET / HTTP/1.10\r\n") == 14);
    CHECK(sound_bytes("GET / HTTP/2.0\r\n") == 11);
    CHECK(sound_bytes("GET / http/1.1\r\n") == 6);
    CHECK(sound_bytes("GET /a b HTTP/1.1\r\n") == 7);
    CHECK(sound_bytes("GET / HTTP/1.1\n") == 14);
    CHECK(sound_bytes("GET / HTTP/1.1\rX") == 15);
    CHECK(sound_bytes("GET / HTTP/1.1\r\nHost: t\nX") == 23);
    CHECK(sound_bytes("GET / HTTP/1.1\r\nHost: t\rX") == 24);
    CHECK(sound_bytes("GET / HTTP/1.1\r\n Host: t") == 16);
    CHECK(sound_bytes("GET / HTTP/1.1\r\nX: a\r\n\tb") == 22);
}

TEST_CASE("server/header_scan: what follows the header is not looked at")
{
    CHECK(is_sound("GET / HTTP/1.1\r\nHost: t\r\n\r\n\n\r \x01"));
    CHECK(is_sound("GET / HTTP/1.0\r\n\r\n"));
    CHECK(is_sound("M-SEARCH * HTTP/1.1\r\nX:\r\nY: z\r\n\r\n"));
}

}  // namespace header_scan_test
