#pragma once

#include <cstddef>
#include <string_view>

namespace ocpi::server {

/// Validates a request header byte by byte as it arrives, so that errors are detected at once
/// regardless of packet boundaries: the parser behind it may wait for the end of the header. Checks
/// the request line and line endings; names and values of fields are left to the parser.
class header_scan {
public:
    /// Continues with the next bytes, up to the empty line that ends the header. Returns a static
    /// error text, or nullptr.
    const char* read(std::string_view bytes);

    /// True if the request line is complete.
    bool has_request_line() const noexcept { return line_size_ != 0; }
    /// Bytes of the request line, line end included.
    std::size_t request_line_size() const noexcept { return line_size_; }
    /// The 1 of `HTTP/1.1`.
    char minor_version() const noexcept { return minor_version_; }

private:
    enum class state { method, target, version, request_line_end, line, line_end, done };

    const char* read_request_line(char byte);
    const char* read_line(char byte);

    state state_ = state::method;
    /// Bytes of the current part of the request line, or of the current line.
    std::size_t size_ = 0;
    std::size_t seen_ = 0;
    std::size_t line_size_ = 0;
    char minor_version_ = '1';
};

}  // namespace ocpi::server
