#include "server/chunked_decoder.hpp"

#include "ocpi/base/ci_string.hpp"
#include "server/http_token.hpp"

#include <algorithm>
#include <charconv>
#include <iterator>
#include <optional>
#include <system_error>

namespace ocpi::server {
namespace {

/// Of one line, and of all trailer fields together.
constexpr std::size_t max_line_bytes = 16 * 1024;

error chunk_fault(const char* text)
{
    return error(errc::malformed_http, text);
}

error bad_chunk()
{
    return chunk_fault("the request body is not in chunks as its header says");
}

error too_long()
{
    return chunk_fault("a chunk header or trailer is too long");
}

bool is_blank(char c) noexcept
{
    return c == ' ' || c == '\t';
}

bool is_text_character(char c) noexcept
{
    const auto byte = static_cast<unsigned char>(c);
    return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

void skip_blanks(std::string_view& text)
{
    while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
}

/// False when there is none.
bool skip_token(std::string_view& text)
{
    const auto end = std::find_if_not(text.begin(), text.end(), is_token_character);
    const auto size = static_cast<std::size_t>(end - text.begin());
    text.remove_prefix(size);
    return size != 0;
}

/// False when it does not end.
bool skip_quoted_string(std::string_view& text)
{
    for (std::size_t i = 1; i < text.size(); ++i) {
        if (!is_text_character(text[i])) return false;
        if (text[i] == '"') {
            text.remove_prefix(i + 1);
            return true;
        }
        if (text[i] == '\\' && (++i == text.size() || !is_text_character(text[i]))) return false;
    }
    return false;
}

/// What follows the size of a chunk: `*( BWS ";" BWS name [ BWS "=" BWS value ] )`.
bool are_extensions(std::string_view text)
{
    while (!text.empty()) {
        skip_blanks(text);
        if (!text.starts_with(';')) return false;
        text.remove_prefix(1);
        skip_blanks(text);
        if (!skip_token(text)) return false;
        auto behind = text;
        skip_blanks(behind);
        if (!behind.starts_with('=')) continue;
        text = behind.substr(1);
        skip_blanks(text);
        const bool has_value = text.starts_with('"') ? skip_quoted_string(text) : skip_token(text);
        if (!has_value) return false;
    }
    return true;
}

/// Framing, routing, authentication and what the body is must be known before it: in a trailer
/// they are forbidden [RFC 9110 section 6.5.1].
bool may_trail(std::string_view name)
{
    constexpr std::string_view forbidden[] = {"Authorization",
                                              "Connection",
                                              "Content-Encoding",
                                              "Content-Length",
                                              "Content-Range",
                                              "Content-Type",
                                              "Expect",
                                              "Host",
                                              "TE",
                                              "Trailer",
                                              "Cookie",
                                              "Max-Forwards",
                                              "Transfer-Encoding",
                                              "Upgrade"};
    return std::none_of(std::begin(forbidden), std::end(forbidden), [name](auto each) {
        return name.size() == each.size() && equal_ignoring_case(name, each);
    });
}

bool is_trailer(std::string_view line)
{
    auto value = line;
    if (!skip_token(value) || !value.starts_with(':')) return false;
    return may_trail(line.substr(0, line.size() - value.size())) &&
           std::all_of(value.begin(), value.end(), is_text_character);
}

/// The length of the first line without its end; std::nullopt when it has not come whole.
result<std::optional<std::size_t>> find_line(std::string_view bytes)
{
    const auto end = bytes.find_first_of("\r\n");
    if (end == bytes.npos || (bytes[end] == '\r' && end + 1 == bytes.size())) {
        if (bytes.size() > max_line_bytes) return too_long();
        return std::optional<std::size_t>();
    }
    if (bytes[end] == '\n' || bytes[end + 1] != '\n') return bad_chunk();
    if (end > max_line_bytes) return too_long();
    return std::optional<std::size_t>(end);
}

}  // namespace

result<std::size_t> chunked_decoder::read(std::string_view bytes)
{
    std::size_t used = 0;
    while (!done() && used < bytes.size()) {
        const auto rest = bytes.substr(used);
        if (state_ == state::data) {
            used += read_data(rest);
            continue;
        }
        if (!may_begin_line(rest.front())) return bad_chunk();
        const auto length = find_line(rest);
        if (length.has_error()) return length.error();
        if (!*length) break;
        const auto taken = read_line(rest.substr(0, **length));
        if (taken.has_error()) return taken.error();
        used += **length + 2;
    }
    return used;
}

/// So that what is no chunk is known at once, and not when a line of it ends.
bool chunked_decoder::may_begin_line(char first) const noexcept
{
    if (state_ == state::data_end) return first == '\r';
    if (state_ == state::size_line) return is_hex_digit(first);
    return first == '\r' || is_token_character(first);
}

std::size_t chunked_decoder::read_data(std::string_view bytes)
{
    const auto piece = bytes.substr(0, static_cast<std::size_t>(chunk_left_));
    into_ += piece;
    chunk_left_ -= piece.size();
    if (chunk_left_ == 0) state_ = state::data_end;
    return piece.size();
}

result<void> chunked_decoder::read_line(std::string_view line)
{
    if (state_ == state::size_line) return read_size_line(line);
    if (state_ == state::trailer) return read_trailer(line);
    if (!line.empty()) return bad_chunk();
    state_ = state::size_line;
    return {};
}

result<void> chunked_decoder::read_size_line(std::string_view line)
{
    std::uint64_t size = 0;
    const auto* const end = line.data() + line.size();
    const auto [digits_end, problem] = std::from_chars(line.data(), end, size, 16);
    if (problem != std::errc()) return bad_chunk();  // no digit, as in -3, or too many
    line.remove_prefix(static_cast<std::size_t>(digits_end - line.data()));
    if (!are_extensions(line)) return bad_chunk();
    if (size > bytes_left_) return error(errc::body_too_large, "the request body is too large");
    bytes_left_ -= static_cast<std::size_t>(size);
    chunk_left_ = size;
    state_ = size == 0 ? state::trailer : state::data;
    return {};
}

result<void> chunked_decoder::read_trailer(std::string_view line)
{
    if (line.empty()) {
        state_ = state::done;
        return {};
    }
    trailer_bytes_ += line.size();
    if (trailer_bytes_ > max_line_bytes) return too_long();
    if (!is_trailer(line)) return chunk_fault("what follows the last chunk is no trailer field");
    return {};
}

}  // namespace ocpi::server
