#pragma once

#include <optional>
#include <string>

namespace ocpi::app {

/// The text of a file, without the byte order mark that some editors put before UTF-8 (RFC 8259,
/// section 8.1, lets a parser ignore it). std::nullopt when it is a directory or cannot be read.
std::optional<std::string> read_text_file(const std::string& path);

}  // namespace ocpi::app
