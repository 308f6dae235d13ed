#include "http/url.hpp"

#include "ocpi/base/ascii.hpp"
#include "ocpi/base/ci_string.hpp"

#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>
#include <charconv>
#include <utility>

namespace ocpi::http {

namespace {

constexpr std::size_t max_name = 253;  // RFC 1035 section 2.3.4

error invalid(std::string text)
{
    return error(errc::invalid, std::move(text));
}

std::uint16_t default_port(std::string_view scheme)
{
    return scheme == "https" ? 443 : 80;
}

std::string to_lower(std::string_view text)
{
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    return lower;
}

bool is_host_name(std::string_view text)
{
    if (text.empty() || text.size() > max_name) return false;
    return std::all_of(text.begin(), text.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    });
}

/// 0 when it is none; Boost 1.81 cuts off what is too much.
std::uint16_t read_port(std::string_view digits)
{
    std::uint16_t port = 0;
    const auto* const end = digits.data() + digits.size();
    const auto [stopped, problem] = std::from_chars(digits.data(), end, port);
    return problem == std::errc() && stopped == end ? port : 0;
}

/// Empty when it is no host that we connect to.
std::string read_host(const boost::urls::url_view& from)
{
    switch (from.host_type()) {
        case boost::urls::host_type::ipv6: return std::string(from.host_ipv6_address().to_string());
        case boost::urls::host_type::ipv4: return std::string(from.host_ipv4_address().to_string());
        case boost::urls::host_type::name: break;
        default: return {};
    }
    auto name = to_lower(from.encoded_host());
    return is_host_name(name) ? name : std::string();
}

result<url> take_apart(const boost::urls::url_view& from)
{
    url made;
    made.scheme = to_lower(from.scheme());
    if (made.scheme != "http" && made.scheme != "https")
        return invalid("the URL does not begin with http:// or https://");
    if (from.has_userinfo()) return invalid("the URL must not contain a user or a password");
    made.host = read_host(from);
    if (made.host.empty()) return invalid("the URL does not name a host");
    const bool says_port = from.has_port() && !from.port().empty();
    made.port = says_port ? read_port(from.port()) : default_port(made.scheme);
    if (made.port == 0) return invalid("the port of the URL is not a number from 1 to 65535");
    made.target = std::string(from.encoded_path());
    if (made.target.empty()) made.target = "/";
    // Boost 1.81 takes the x of http://host:x for a path.
    if (made.target.front() != '/') return invalid("the port of the URL is not a number");
    if (from.has_query()) made.target += '?' + std::string(from.encoded_query());
    return made;
}

bool is_unreserved(char c)
{
    return is_letter(c) || is_digit(c) || c == '-' || c == '.' || c == '_' || c == '~';
}

/// `kept` are characters beside the unreserved ones that stay as they are.
void append_encoded(std::string& to, std::string_view text, std::string_view kept = {})
{
    constexpr std::string_view digits = "0123456789ABCDEF";
    for (const char c : text) {
        if (is_unreserved(c) || kept.find(c) != std::string_view::npos) {
            to += c;
            continue;
        }
        const auto byte = static_cast<unsigned char>(c);
        to.append({'%', digits[byte >> 4], digits[byte & 0xf]});
    }
}

}  // namespace

std::string url::authority() const
{
    const bool is_ipv6 = host.find(':') != host.npos;
    auto text = is_ipv6 ? '[' + host + ']' : host;
    if (port != default_port(scheme)) text += ':' + std::to_string(port);
    return text;
}

std::string url::origin() const
{
    return scheme + "://" + authority();
}

result<url> parse_url(std::string_view text)
{
    const auto parsed = boost::urls::parse_uri(text);
    if (parsed.has_error()) return invalid("this is not an absolute URL");
    return take_apart(*parsed);
}

result<url> resolve_reference(const url& base, std::string_view reference)
{
    const auto origin = base.origin() + base.target;
    const auto from = boost::urls::parse_uri(origin);
    const auto relative = boost::urls::parse_uri_reference(reference);
    boost::urls::url resolved;
    if (from.has_error() || relative.has_error() ||
        boost::urls::resolve(*from, *relative, resolved).has_error()) {
        return invalid("this is not a URL");
    }
    return take_apart(resolved);
}

std::string append_segments(std::string_view url, std::initializer_list<std::string_view> segments)
{
    url = url.substr(0, url.find('#'));
    const auto path = url.substr(0, url.find('?'));
    std::string joined(path.substr(0, path.find_last_not_of('/') + 1));
    for (const auto segment : segments) {
        joined += '/';
        append_encoded(joined, segment);
    }
    return joined.append(url.substr(path.size()));
}

std::string append_query(std::string_view url, const std::vector<query_field>& fields)
{
    // Of the characters that a query may hold as they are, those that parameters are made of.
    constexpr std::string_view kept = ":/?@";
    std::string joined(url.substr(0, url.find('#')));
    std::string_view separator = "?";
    if (const auto query = joined.find('?'); query != std::string::npos) {
        const bool is_open = query + 1 == joined.size() || joined.back() == '&';
        separator = is_open ? "" : "&";
    }
    for (const auto& [name, value] : fields) {
        joined += std::exchange(separator, "&");
        append_encoded(joined, name, kept);
        joined += '=';
        append_encoded(joined, value, kept);
    }
    return joined;
}

std::string_view without_trailing_slashes(std::string_view url) noexcept
{
    return url.substr(0, url.find_last_not_of('/') + 1);
}

}  // namespace ocpi::http
