#include "modules/sessions/exchange/page_link.hpp"

#include "ocpi/base/ci_string.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <vector>

namespace ocpi::sessions::exchange {
namespace {

bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/// A character that may stand in a URL (RFC 3986 appendix A), `%` included.
bool is_url_character(char c)
{
    constexpr std::string_view marks = "-._~:/?#[]@!$&'()*+,;=%";
    return is_letter(c) || is_digit(c) || marks.find(c) != std::string_view::npos;
}

/// With whom a URL speaks, in a form that can be compared.
struct origin {
    bool is_https = false;
    std::string host;
    unsigned port = 0;
    /// Where the path begins in the URL.
    std::size_t path = 0;

    bool is_same(const origin& other) const
    {
        return is_https == other.is_https && host == other.host && port == other.port;
    }
};

std::optional<unsigned> parse_port(std::string_view text)
{
    unsigned port = 0;
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), port);
    if (problem != std::errc() || end != text.data() + text.size()) return {};
    if (port == 0 || port > 65535) return {};
    return port;
}

std::optional<origin> parse_origin(std::string_view url)
{
    const auto colon = url.find("://");
    if (colon == std::string_view::npos) return {};
    const auto scheme = url.substr(0, colon);
    origin found;
    found.is_https = equal_ignoring_case(scheme, "https");
    if (!found.is_https && !equal_ignoring_case(scheme, "http")) return {};
    const auto begin = colon + 3;
    found.path = std::min(url.find_first_of("/?#", begin), url.size());
    auto authority = url.substr(begin, found.path - begin);
    if (authority.find('@') != std::string_view::npos) return {};
    found.port = found.is_https ? 443 : 80;
    const auto host_end = authority.starts_with('[') ? authority.find(']') : 0;
    if (host_end == std::string_view::npos) return {};
    const auto port_mark = authority.find(':', host_end);
    if (port_mark != std::string_view::npos) {
        const auto digits = authority.substr(port_mark + 1);
        if (!digits.empty()) {
            const auto port = parse_port(digits);
            if (!port) return {};
            found.port = *port;
        }
        authority = authority.substr(0, port_mark);
    }
    if (authority.empty()) return {};
    found.host = fold_case(authority);
    return found;
}

bool has_scheme(std::string_view link)
{
    const auto end = link.find_first_of(":/?#");
    return end != std::string_view::npos && end > 0 && link[end] == ':' && is_letter(link[0]);
}

/// The path without `.` and `..` (RFC 3986 section 5.2.4); it begins with a slash.
std::string without_dots(std::string_view path)
{
    std::vector<std::string_view> kept;
    bool ends_in_slash = false;
    while (!path.empty()) {
        path.remove_prefix(1);
        const auto segment = path.substr(0, path.find('/'));
        path.remove_prefix(segment.size());
        ends_in_slash = segment == "." || segment == "..";
        if (segment == ".." && !kept.empty()) kept.pop_back();
        if (!ends_in_slash) kept.push_back(segment);
    }
    std::string cleaned;
    for (const auto segment : kept) cleaned.append("/").append(segment);
    if (ends_in_slash || cleaned.empty()) cleaned += '/';
    return cleaned;
}

/// A link that names no host, as an absolute URL.
std::string resolve(std::string_view current, std::size_t path_begin, std::string_view link)
{
    const auto base = current.substr(0, path_begin);
    const auto base_path = current.substr(path_begin, current.find('?') - path_begin);
    if (link.empty()) return std::string(current);
    const auto query = std::min(link.find('?'), link.size());
    std::string path(link.substr(0, query));
    if (path.empty()) {
        path = base_path;
    } else if (path.front() != '/') {
        const auto directory = base_path.substr(0, base_path.rfind('/') + 1);
        path.insert(0, directory.empty() ? "/" : directory);
    }
    return std::string(base).append(without_dots(path)).append(link.substr(query));
}

error bad_link(const char* what)
{
    return error(errc::partner_failure, std::string("the link to the next page ") + what);
}

}  // namespace

result<std::string> follow_page_link(std::string_view current, std::string_view link)
{
    current = current.substr(0, current.find('#'));
    link = link.substr(0, link.find('#'));
    const auto here = parse_origin(current);
    if (!here) return error(errc::partner_failure, "the address of the list is no http URL");
    if (!std::all_of(link.begin(), link.end(), is_url_character)) return bad_link("is no URL");
    std::string url;
    if (link.starts_with("//")) {
        url.append(here->is_https ? "https:" : "http:").append(link);
    } else if (has_scheme(link)) {
        url = link;
    } else {
        return resolve(current, here->path, link);
    }
    const auto there = parse_origin(url);
    if (!there) return bad_link("is no http URL");
    if (!there->is_same(*here)) {
        return bad_link("leads to another scheme, host or port than the list has");
    }
    return url;
}

}  // namespace ocpi::sessions::exchange
