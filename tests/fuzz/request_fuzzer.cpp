#include "http/target.hpp"
#include "server/request_parser.hpp"
#include "tests/fuzz/expect.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace {

using namespace ocpi;
using fuzz::expect;

struct outcome {
    http::request request;
    /// Nothing when the bytes ran out first.
    std::string verdict;
};

server::limits small_limits()
{
    server::limits bounds;
    bounds.header_bytes = 1024;
    bounds.body_bytes = 512;
    return bounds;
}

/// Receives `bytes` as a connection does: what was not taken is offered again with what follows.
/// `next_piece` says how many further bytes come in.
template <class NextPiece>
outcome receive(std::string_view bytes, NextPiece next_piece)
{
    outcome seen;
    server::request_parser parser(seen.request, small_limits());
    std::size_t begin = 0;
    std::size_t end = 0;
    const auto feed = [&](auto read, auto is_done) {
        while (!is_done() && end < bytes.size()) {
            end = std::min(bytes.size(), end + next_piece());
            const auto used = read(bytes.substr(begin, end - begin));
            if (used.has_error()) {
                seen.verdict = to_string(used.error().code());
                return;
            }
            expect(*used <= end - begin, "a parser takes no more than it is offered");
            begin += *used;
        }
    };
    feed([&](std::string_view part) { return parser.read_header(part); },
         [&] { return parser.header_done(); });
    if (!seen.verdict.empty() || !parser.header_done()) return seen;
    seen.verdict = "read, length " + std::to_string(parser.content_length());
    if (parser.chunked()) {
        seen.verdict.clear();
        if (begin < end) end = begin;  // offer again what the header left over
        feed([&](std::string_view part) { return parser.read_chunks(part); },
             [&] { return parser.chunks_done(); });
        if (parser.chunks_done()) {
            expect(seen.request.body.size() <= small_limits().body_bytes,
                   "a body within the limit");
            seen.verdict = "read, chunked";
        }
    }
    return seen;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size)
{
    if (size < 8) return 0;
    const std::string_view bytes(reinterpret_cast<const char*>(data) + 8, size - 8);
    const auto whole = receive(bytes, [&] { return bytes.size(); });
    std::size_t turn = 0;
    const auto pieces = receive(bytes, [&] { return std::size_t{1} + data[turn++ % 8] % 64; });

    if (whole.verdict != pieces.verdict) {
        std::fprintf(stderr, "whole: %s, pieces: %s\n", whole.verdict.c_str(),
                     pieces.verdict.c_str());
    }
    // One fault may be noticed before another. Beast counts a header that comes in pieces more
    // strictly than one that comes whole, and leaves it to the connection to offer no more.
    const bool is_over_limit = bytes.size() > small_limits().header_bytes;
    if (is_over_limit && pieces.verdict == "header_too_large") return 0;
    if (whole.verdict.starts_with("read")) {
        expect(whole.verdict == pieces.verdict, "the verdict does not depend on the splits");
        expect(whole.request.method == pieces.request.method, "nor does the method");
        expect(whole.request.target == pieces.request.target, "nor does the target");
        expect(whole.request.body == pieces.request.body, "nor does the body");
        (void)http::parse_target(whole.request.target);
        (void)http::is_management_path(whole.request.target);
    } else {
        expect(!pieces.verdict.starts_with("read"), "what is refused at once is refused in pieces");
    }
    return 0;
}
