#include "partners/presentable_text.hpp"

#include "auth/hashing.hpp"
#include "http/url.hpp"
#include "ocpi/json/byte_order_mark.hpp"

#include <algorithm>

namespace ocpi::partners {
namespace {

/// So many characters of a token's or of Base64's in a row are no word that a person needs.
constexpr std::size_t max_word = 40;

void replace_all(std::string& text, const std::string& what, std::string_view by)
{
    if (what.empty()) return;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
        text.replace(at, what.size(), by);
    }
}

/// The beginning of a text, at most so many bytes of it, not ending within a character of UTF-8.
std::string_view beginning_of(std::string_view text, std::size_t size)
{
    if (text.size() <= size) return text;
    while (size > 0 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
    return text.substr(0, size);
}

}  // namespace

std::string presentable(std::string words, const std::string& token)
{
    constexpr std::string_view hidden = "***";
    replace_all(words, token, hidden);
    replace_all(words, auth::encode_base64(token), hidden);
    std::string shown;
    for (std::size_t at = 0; at < words.size();) {
        const auto is_token_character = [](char c) {
            return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
                   c == '+' || c == '/' || c == '=' || c == '-' || c == '_';
        };
        auto end = at;
        while (end < words.size() && is_token_character(words[end])) ++end;
        if (end - at > max_word) {
            shown += hidden;
        } else {
            shown.append(words, at, end - at);
        }
        if (end < words.size()) {
            const auto byte = static_cast<unsigned char>(words[end]);
            shown += byte < 0x20 || byte == 0x7f ? ' ' : words[end];
            ++end;
        }
        at = end;
    }
    return shown;
}

std::string excerpt_of(std::string_view body, const std::string& token)
{
    constexpr std::size_t judged = 5 * max_quotation;
    const auto begin = beginning_of(json::without_byte_order_mark(body), judged);
    const auto shown = presentable(std::string(begin), token);
    const auto excerpt = beginning_of(shown, max_quotation);
    const bool is_cut = excerpt.size() < shown.size() || begin.size() < body.size();
    return std::string(excerpt) + (is_cut ? "…" : "");
}

std::string presentable_path(const std::string& url, const std::string& token)
{
    const auto parsed = http::parse_url(url);
    if (parsed.has_error()) return {};
    std::string_view rest = parsed->target;
    rest = rest.substr(0, rest.find('?'));
    std::string shown;
    while (!rest.empty()) {
        const auto end = std::min(rest.find('/', 1), rest.size());
        const auto segment = rest.substr(0, end);
        shown += '/' + presentable(std::string(segment.substr(1)), token);
        rest.remove_prefix(end);
    }
    return shown;
}

}  // namespace ocpi::partners
