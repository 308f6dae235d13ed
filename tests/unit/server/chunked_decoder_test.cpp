#include "server/chunked_decoder.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace chunked_decoder_test {

using ocpi::errc;
using ocpi::server::chunked_decoder;

namespace {

/// What becomes of bytes that come in pieces of that size: the content and, after a bar, what was
/// left over; or `malformed`, `too large`, `open`.
std::string decode(std::string_view bytes, std::size_t piece)
{
    std::string content;
    chunked_decoder decoder(content, 100);
    std::size_t begin = 0;
    for (std::size_t end = 0; end < bytes.size() && !decoder.done();) {
        end = std::min(bytes.size(), end + piece);
        const auto used = decoder.read(bytes.substr(begin, end - begin));
        if (used.has_error())
            return used.error().code() == errc::body_too_large ? "too large" : "malformed";
        begin += *used;
    }
    if (!decoder.done()) return "open";
    return content + '|' + std::string(bytes.substr(begin));
}

/// The same for pieces of every size.
std::string decode(std::string_view bytes)
{
    const auto whole = decode(bytes, bytes.size());
    for (std::size_t piece = 1; piece < bytes.size(); ++piece) {
        CAPTURE(piece);
        CHECK(decode(bytes, piece) == whole);
    }
    return whole;
}

}  // namespace

TEST_CASE("server/chunked_decoder: chunks of any spelling become the content")
{
    CHECK(decode("3\r\nabc\r\n0\r\n\r\n") == "abc|");
    CHECK(decode("3\r\nabc\r\n00002\r\nde\r\n000\r\n\r\nGET /") == "abcde|GET /");
    CHECK(decode("0\r\n\r\n") == "|");
    CHECK(decode("a;b\r\n0123456789\r\n0;c=d\r\n\r\n") == "0123456789|");
    CHECK(decode("1 ; n = \"q;\\\"\r\" ;m\r\nx\r\n0\r\n\r\n") == "malformed");
    CHECK(decode("1 ; n = \"q;\\\"\" ;m\r\nx\r\n0\r\n\r\n") == "x|");
    CHECK(decode("2\r\n\r\n\r\n0\r\n\r\n") == "\r\n|");
    CHECK(decode("1\r\nx\r\n0\r\nX-Sum: 1\r\nY:\r\n\r\n") == "x|");
}

TEST_CASE("server/chunked_decoder: what is no chunk is refused as soon as it can be told")
{
    for (const char* bytes : {"x",
                              " 3\r\n",
                              "-3\r\n",
                              "0x3\r\n",
                              "3 \r\n",
                              "3;\r\n",
                              "3;=a\r\n",
                              "3;a=\r\n",
                              "3;a=\"b\r\n",
                              "3\n",
                              "3\rx",
                              "3\r\nabcd",
                              "3\r\nabc\n",
                              "3\r\nabc\rx",
                              "3\r\nabcX\r\n",
                              "fffffffffffffffff\r\n",
                              "0\r\n\n",
                              "0\r\n X: a\r\n",
                              "0\r\nX: a\r\n b\r\n",
                              "0\r\nX : a\r\n",
                              "0\r\n: a\r\n",
                              "0\r\nX\r\n",
                              "0\r\ncontent-length: 3\r\n",
                              "0\r\nHost: t\r\n",
                              "0\r\nX: \x01\r\n"}) {
        CAPTURE(bytes);
        CHECK(decode(bytes) == "malformed");
    }
}

TEST_CASE("server/chunked_decoder: content, lines and trailers have bounds")
{
    CHECK(decode("64\r\n" + std::string(100, 'x') + "\r\n0\r\n\r\n") ==
          std::string(100, 'x') + "|");
    CHECK(decode("65\r\n", 4) == "too large");
    CHECK(decode("64\r\n" + std::string(100, 'x') + "\r\n1\r\n") == "too large");
    CHECK(decode("ffffffffffffffff\r\n") == "too large");
    CHECK(decode("3;" + std::string(20'000, 'x'), 512) == "malformed");
    CHECK(decode("0\r\nX: " + std::string(20'000, 'x'), 512) == "malformed");
    std::string trailers = "0\r\n";
    for (int i = 0; i < 3000; ++i) trailers += "X: yyyyy\r\n";
    CHECK(decode(trailers, 512) == "malformed");
}

}  // namespace chunked_decoder_test
