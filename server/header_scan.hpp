#pragma once

#include <cstddef>
#include <string_view>

namespace ocpi::server {

/// Judges the lines of a request header byte by byte as they come, so that what is wrong with
/// one is known at once, wherever the network cuts: the parser behind it waits for the end of the
/// header where it cannot go on. It sees to the request line and to how lines end; names and
/// values of fields are the parser's.
class header_scan {
public:
    /// Looks at the bytes that follow those of the calls before, up to the empty line that ends
    /// the header. Returns what is wrong with them, a text that lasts; or nullptr.
    const char* read(std::string_view bytes);

    /// The request line has come, whole.
    bool has_request_line() const noexcept { return line_size_ != 0; }
    /// Its bytes, the line end included.
    std::size_t request_line_size() const noexcept { return line_size_; }
    /// The 1 of `HTTP/1.1`.
    char minor_version() const noexcept { return minor_version_; }

private:
    enum class state { method, target, version, request_line_end, line, line_end, done };

    const char* read_request_line(char byte);
    const char* read_line(char byte);

    state state_ = state::method;
    /// Bytes of the part of the request line, or of the line, that is being read.
    std::size_t size_ = 0;
    std::size_t seen_ = 0;
    std::size_t line_size_ = 0;
    char minor_version_ = '1';
};

}  // namespace ocpi::server
