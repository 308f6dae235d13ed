#pragma once

#include "http/message.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace transcripts {

/// One step of a transcript: an exchange, or a directive such as `@clock`.
struct step {
    std::size_t line = 0;
    std::string title;

    /// A directive's word and argument; empty for an exchange.
    std::string directive;
    std::string argument;

    ocpi::http::request request;
    int status = 0;
    std::vector<ocpi::http::header> headers;
    std::vector<std::string> absent_headers;
    std::optional<std::string> body;
};

/// Reads the form that README.md describes. Throws std::runtime_error naming the line.
std::vector<step> read_transcript(const std::string& path);

/// What differs between the expected and the actual text, empty when nothing does. Both may be
/// any text; a JSON text is compared as JSON.
std::string difference(std::string_view expected, std::string_view actual);

/// The same for a header value, where only the `<…>` forms are special.
bool matches_text(std::string_view expected, std::string_view actual);

}  // namespace transcripts
