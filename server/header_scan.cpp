#include "server/header_scan.hpp"

#include "server/http_token.hpp"

namespace ocpi::server {
namespace {

constexpr const char* bad_line_end = "a line of the request header does not end with CR LF";
constexpr const char* bad_request_line =
    "the request line is not a method, a target and HTTP/1.1, with one space between each";

bool is_target_character(char c) noexcept
{
    const auto byte = static_cast<unsigned char>(c);
    return byte > 0x20 && byte != 0x7f;
}

/// True when `c` may stand at that place of `HTTP/1.1`.
bool is_version_character(char c, std::size_t place) noexcept
{
    constexpr std::string_view begin = "HTTP/1.";
    if (place < begin.size()) return c == begin[place];
    return place == begin.size() && c >= '0' && c <= '9';
}

}  // namespace

const char* header_scan::read(std::string_view bytes)
{
    for (const char byte : bytes) {
        if (state_ == state::done) break;
        ++seen_;
        const bool in_request_line = line_size_ == 0;
        const char* fault = in_request_line ? read_request_line(byte) : read_line(byte);
        if (fault) return fault;
    }
    return nullptr;
}

const char* header_scan::read_request_line(char byte)
{
    constexpr std::size_t version_size = 8;
    switch (state_) {
        case state::method:
        case state::target: {
            const bool in_method = state_ == state::method;
            if (byte == ' ' && size_ != 0) {
                state_ = in_method ? state::target : state::version;
                size_ = 0;
                return nullptr;
            }
            ++size_;
            const bool fits = in_method ? is_token_character(byte) : is_target_character(byte);
            return fits ? nullptr : bad_request_line;
        }
        case state::version:
            if (byte == '\r' && size_ == version_size) {
                state_ = state::request_line_end;
                return nullptr;
            }
            minor_version_ = byte;
            return is_version_character(byte, size_++) ? nullptr : bad_request_line;
        default:
            if (byte != '\n') return bad_line_end;
            state_ = state::line;
            size_ = 0;
            line_size_ = seen_;
            return nullptr;
    }
}

const char* header_scan::read_line(char byte)
{
    if (state_ == state::line_end) {
        if (byte != '\n') return bad_line_end;
        state_ = size_ == 0 ? state::done : state::line;
        size_ = 0;
        return nullptr;
    }
    if (byte == '\n') return bad_line_end;
    if (byte == '\r') {
        state_ = state::line_end;
        return nullptr;
    }
    if (size_++ == 0 && (byte == ' ' || byte == '\t'))
        return "a header field goes on upon a second line";
    return nullptr;
}

}  // namespace ocpi::server
