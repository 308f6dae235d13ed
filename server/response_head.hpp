#pragma once

#include "http/message.hpp"

#include <string>
#include <string_view>

namespace ocpi::server {

/// The Connection field of an answer.
enum class persistence {
    keep,               ///< absent: HTTP/1.1 keeps connections open by default
    keep_for_http_1_0,  ///< `keep-alive`
    close,              ///< `close`
};

/// How the end of an answer's body is marked [RFC 9112 section 6].
enum class body_framing {
    length,       ///< by Content-Length
    chunked,      ///< by its last chunk
    until_close,  ///< by the end of the connection
};

/// True if answers of that status have a body [RFC 9110 section 6.4.1].
bool may_have_body(int status) noexcept;

/// Status line and header fields of an answer, including the final empty line. `date` is the value
/// of its Date field (date_field). Content-Length, Connection, Date and Server are set here: such
/// fields in `answer` and Transfer-Encoding are left out. Control characters in a field become
/// spaces, so that no value can start a field of its own.
std::string make_response_head(const http::response& answer, persistence connection,
                               std::string_view date, body_framing framing = body_framing::length);

}  // namespace ocpi::server
