#include "ocpi/http/url.hpp"

#include <boost/url/error_types.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>

namespace ocpi::http {
namespace {

namespace urls = boost::urls;

constexpr unsigned short http_port = 80;
constexpr unsigned short https_port = 443;

unsigned short default_port(const url& of) noexcept
{
    return of.is_https() ? https_port : http_port;
}

std::string in_lower_case(std::string_view text)
{
    std::string lower(text);
    for (char& c : lower) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return lower;
}

bool is_host_name(std::string_view host) noexcept
{
    return !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '_';
    });
}

error unusable(std::string what)
{
    return error(errc::partner_failure, std::move(what));
}

result<url> take_apart(const urls::url_view_base& from)
{
    url taken;
    taken.scheme = in_lower_case(from.scheme());
    if (taken.scheme != "http" && taken.scheme != "https") {
        return unusable("a URL must begin with https:// or http://");
    }
    const bool is_v6 = from.host_type() == urls::host_type::ipv6;
    if (is_v6) {
        taken.host = in_lower_case(from.host_address());
    } else {
        taken.host = in_lower_case(std::string_view(from.encoded_host()));
    }
    if (!is_v6 && !is_host_name(taken.host)) return unusable("a URL has no proper host name");
    taken.port = default_port(taken);
    if (from.has_port() && !from.port().empty()) {
        taken.port = from.port_number();
        if (taken.port == 0) return unusable("the URL of " + taken.host + " has no proper port");
    }
    if (from.has_userinfo()) {
        return unusable("the URL of " + taken.authority() +
                        " carries a user name; such URLs are not called");
    }
    taken.target = std::string(std::string_view(from.encoded_path()));
    if (!taken.target.starts_with('/')) taken.target.insert(0, 1, '/');
    if (from.has_query()) taken.target.append("?").append(std::string_view(from.encoded_query()));
    return taken;
}

}  // namespace

std::string url::authority() const
{
    auto text = host.find(':') == host.npos ? host : '[' + host + ']';
    if (port != default_port(*this)) text.append(":").append(std::to_string(port));
    return text;
}

result<url> parse_url(std::string_view text)
{
    const auto parsed = urls::parse_uri(text);
    if (parsed.has_error()) return unusable("a URL is not valid, such as https://cpo.example.com/");
    return take_apart(*parsed);
}

result<url> resolve_reference(const url& base, std::string_view reference)
{
    const auto base_text = base.origin() + base.target;
    const auto absolute = urls::parse_uri(base_text);
    const auto parsed = urls::parse_uri_reference(reference);
    if (absolute.has_error() || parsed.has_error()) {
        return unusable(base.authority() + " refers to a URL that is not valid");
    }
    urls::url resolved;
    if (urls::resolve(*absolute, *parsed, resolved).has_error()) {
        return unusable(base.authority() + " refers to a URL that is not valid");
    }
    return take_apart(resolved);
}

bool is_same_origin(const url& one, const url& other) noexcept
{
    return one.scheme == other.scheme && one.host == other.host && one.port == other.port;
}

}  // namespace ocpi::http
