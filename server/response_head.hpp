#pragma once

#include "http/message.hpp"

#include <string>
#include <string_view>

namespace ocpi::server {

/// What the Connection field of an answer says.
enum class persistence {
    keep,               ///< nothing: HTTP/1.1 keeps connections open by default
    keep_for_http_1_0,  ///< `keep-alive`
    close,              ///< `close`
};

/// How the end of an answer's body is known [RFC 9112 section 6].
enum class body_framing {
    length,       ///< by Content-Length
    chunked,      ///< by its last chunk
    until_close,  ///< by the end of the connection
};

/// True when an answer of that status has a body at all [RFC 9110 section 6.4.1].
bool may_have_body(int status) noexcept;

/// Status line and header fields of an answer, up to and with the empty line. `date` is the value
/// of its Date field (date_field). Content-Length, Connection, Date and Server are ours to say:
/// fields of those names in `answer` are left out, and so is Transfer-Encoding. A control character
/// in a field becomes a space, so that no value can begin a field of its own.
std::string make_response_head(const http::response& answer, persistence connection,
                               std::string_view date, body_framing framing = body_framing::length);

}  // namespace ocpi::server
