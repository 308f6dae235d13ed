#pragma once

#include "http/message.hpp"
#include "ocpi/base/error.hpp"
#include "server/chunked_decoder.hpp"
#include "server/header_scan.hpp"
#include "server/limits.hpp"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace ocpi::server {

/// Parses one HTTP/1.x request into an http::request incrementally. Stricter than RFC 9112:
/// ambiguous input is refused.
class request_parser {
public:
    /// `into` must outlive the parser.
    request_parser(http::request& into, const limits& bounds);
    ~request_parser();
    request_parser(const request_parser&) = delete;
    request_parser& operator=(const request_parser&) = delete;

    /// Consumes header bytes from the front of `bytes` and returns their number. The rest must be
    /// passed again together with the following bytes. Never consumes bytes of the body.
    result<std::size_t> read_header(std::string_view bytes);
    bool header_done() const;

    /// The following are known once the header is done.
    bool chunked() const;
    /// Length of an unchunked body; 0 for a chunked one.
    std::uint64_t content_length() const;
    /// The client waits for `100 Continue` before it sends its body.
    bool expects_continue() const;
    /// The client wants to send another request on this connection.
    bool keep_alive() const;
    bool http_1_1() const;

    /// As read_header, for a chunked body: appends its content to the request.
    result<std::size_t> read_chunks(std::string_view bytes);
    bool chunks_done() const;

private:
    result<std::size_t> put(std::string_view bytes);

    class grammar;
    std::unique_ptr<grammar> grammar_;
    header_scan scan_;
    chunked_decoder chunks_;
    /// Bytes of the unconsumed rest that scan_ has seen.
    std::size_t scanned_ = 0;
    bool is_request_line_taken_ = false;
};

}  // namespace ocpi::server
