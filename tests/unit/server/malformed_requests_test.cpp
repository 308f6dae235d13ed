#include "server/request_parser.hpp"

#include "tests/support/echo_server.hpp"

#include <doctest/doctest.h>

#include <string>

namespace malformed_requests_test {

namespace {

using ocpi::test::echo_server;
using ocpi::test::last_words;

}  // namespace

TEST_CASE("server/malformed_requests: what two readers might understand in two ways is malformed")
{
    echo_server running;
    const std::string start = "POST / HTTP/1.1\r\nHost: t\r\n";
    const std::string malformed[] = {
        "nonsense\r\n\r\n",
        "\x16\x03\x01 a TLS hello",
        "GET / HTTP/2.0\r\nHost: t\r\n\r\n",
        "GET /\r\n",
        "GET / \r\n",
        "GET / HTTP/1.1 \r\n",
        "GET / HTTP/1.1\r\nHost: t\nX",
        "GET / HTTP/1.1\r\nHost: t\rX",
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET / HTTP/1.1\nHost: t\n\n",
        "GET /a b HTTP/1.1\r\nHost: t\r\n\r\n",
        std::string("GET /\0 HTTP/1.1\r\nHost: t\r\n\r\n", 29),
        "GET /\x01 HTTP/1.1\r\nHost: t\r\n\r\n",
        "GET /\x7f HTTP/1.1\r\nHost: t\r\n\r\n",
        "GET / HTTP/1.1\r\n Host: t\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: t\r\nX: a\r\n b\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: t\r\nX:\r\n\tb\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: t\r\nX: a\r\n \r\n\r\n",
        "GET / HTTP/1.1\r\nHost : t\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: t\r\n: x\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: t\r\nX: a\rb\r\n\r\n",
        std::string("GET / HTTP/1.1\r\nHost: t\r\nX: a\0b\r\n\r\n", 36),
        start + "Content-Length: 3\r\nContent-Length: 4\r\n\r\nabc",
        start + "Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
        start + "Content-Length: +3\r\n\r\nabc",
        start + "Content-Length: -3\r\n\r\nabc",
        start + "Content-Length: 0x3\r\n\r\nabc",
        start + "Content-Length: 3, 4\r\n\r\nabc",
        start + "Content-Length: 3, 3\r\n\r\nabc",
        start + "Content-Length: 03\r\n\r\nabc",
        start + "Content-Length: 99999999999999999999\r\n\r\nabc",
        start + "Content-Length:\r\n\r\nabc",
        start + "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        start + "Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
        start + "Content-Length: 3\r\nTransfer-Encoding: identity\r\n\r\nabc",
        start + "Transfer-Encoding: gzip\r\n\r\n",
        start + "Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
        start + "Transfer-Encoding: chunked, gzip\r\n\r\n0\r\n\r\n",
        start + "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
        start + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        start + "Transfer-Encoding: chunked\r\n\r\nxyz",
        start + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd",
        start + "Transfer-Encoding: chunked\r\n\r\n3\nabc",
        start + "Transfer-Encoding: chunked\r\n\r\n0\r\n\n",
        start + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: a\r\n b\r\n\r\n",
        start + "Transfer-Encoding: chunked\r\n\r\n0\r\nX : a\r\n\r\n",
        start + "Transfer-Encoding: chunked\r\n\r\n0x3\r\nabc\r\n0\r\n\r\n",
        start + "Transfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
        start + "Transfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n",
        start + "Transfer-Encoding: chunked\r\n\r\n3;" + std::string(20'000, 'x') + "\r\nabc",
        start + "Transfer-Encoding: chunked\r\n\r\n0\r\nX: " + std::string(20'000, 'x'),
    };
    for (const auto& request : malformed) {
        CAPTURE(request.substr(0, 120));
        CHECK(last_words(running, request).status == 400);
    }
}

TEST_CASE(
    "server/malformed_requests: a Host that names no host is malformed, in the field and in the "
    "target")
{
    echo_server running;
    for (const char* host : {"", "user@host", "host/path", "a, b", "a b", "a?b", "a#b", "a:b",
                             "a:1:2", "[::1", "::1", "[::1]x", "[host]", "h%zz", "a:123456"}) {
        CAPTURE(host);
        const std::string named(host);
        CHECK(last_words(running, "GET / HTTP/1.1\r\nHost: " + named + "\r\n\r\n").status == 400);
    }
    CHECK(last_words(running, "GET http://u@h/ HTTP/1.1\r\nHost: t\r\n\r\n").status == 400);
    auto client = running.connect();
    for (const char* host :
         {"host", "HOST.example.com:8000", "10.0.0.1", "[::1]:80", "a_b-c", "h:", "%41"}) {
        CAPTURE(host);
        const std::string named(host);
        CHECK(client.exchange("GET / HTTP/1.1\r\nHost: " + named + "\r\n\r\n").status == 200);
    }
}

TEST_CASE(
    "server/malformed_requests: a later HTTP/1 is answered as the one that is known, and an "
    "earlier as itself")
{
    echo_server running;
    auto client = running.connect();
    CHECK(client.exchange("GET /2 HTTP/1.2\r\nHost: t\r\n\r\n").body == "/2|");
    CHECK(client.exchange("GET /9 HTTP/1.9\r\nHost: t\r\n\r\n").header("Connection").empty());
    CHECK(last_words(running, "GET / HTTP/1.2\r\n\r\n").status == 400);
}

}  // namespace malformed_requests_test
