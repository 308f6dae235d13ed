#include "http/target.hpp"

#include <boost/url/error_types.hpp>
#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>

#include <algorithm>

namespace ocpi::http {

const std::string* target::find(std::string_view name) const noexcept
{
    const auto found = std::find_if(query.begin(), query.end(),
                                    [name](const query_parameter& p) { return p.name == name; });
    return found == query.end() ? nullptr : &found->value;
}

namespace {

std::string decode(boost::urls::pct_string_view encoded)
{
    return encoded.decode();
}

/// Queries are read leniently: curl sends `date_from=2024-01-01T00:00:00+02:00` as typed, and a
/// plus sign there means itself.
std::vector<query_parameter> read_query(const boost::urls::url_view& url)
{
    std::vector<query_parameter> query;
    for (const auto parameter : url.encoded_params()) {
        query_parameter read;
        read.name = decode(parameter.key);
        read.value = decode(parameter.value);
        read.text = std::string(parameter.key);
        if (parameter.has_value) read.text += '=' + std::string(parameter.value);
        query.push_back(std::move(read));
    }
    return query;
}

/// True when each character of a path stands for itself, and no segment is empty or begins with a
/// dot: then the slashes are all that there is to find. False for some other paths, too.
bool is_plain_path(std::string_view text)
{
    const auto is_plain = [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
               c == '-' || c == '_' || c == '.' || c == '/';
    };
    return text.starts_with('/') && !text.ends_with('/') &&
           text.find("//") == std::string_view::npos && text.find("/.") == std::string_view::npos &&
           std::all_of(text.begin(), text.end(), is_plain);
}

target split_plain_path(std::string_view text)
{
    target parsed;
    parsed.segments.reserve(8);
    while (!text.empty()) {
        text.remove_prefix(1);  // the slash
        const auto segment = text.substr(0, text.find('/'));
        parsed.segments.emplace_back(segment);
        text.remove_prefix(segment.size());
    }
    return parsed;
}

}  // namespace

result<target> parse_target(std::string_view text)
{
    if (is_plain_path(text)) return split_plain_path(text);
    const auto url = boost::urls::parse_origin_form(text);
    if (url.has_error()) {
        return error(errc::malformed_http, "the request target is not a valid path");
    }
    target parsed;
    for (const auto segment : url->encoded_segments()) parsed.segments.push_back(decode(segment));
    if (!parsed.segments.empty() && parsed.segments.back().empty()) parsed.segments.pop_back();
    parsed.query = read_query(*url);
    return parsed;
}

bool is_base_url(std::string_view text) noexcept
{
    const auto url = boost::urls::parse_uri(text);
    if (url.has_error() || url->has_query() || url->has_fragment()) return false;
    const bool is_http = url->scheme() == "http" || url->scheme() == "https";
    const bool has_bad_port = url->has_port() && url->port_number() == 0;
    // The parser takes what follows a malformed port for a path.
    const auto path = url->encoded_path();
    if (!path.empty() && path.front() != '/') return false;
    return is_http && !url->encoded_host().empty() && !has_bad_port;
}

bool is_management_path(std::string_view text) noexcept
{
    constexpr std::string_view prefix = "/v1";
    return text.starts_with(prefix) && (text.size() == prefix.size() ||
                                        text[prefix.size()] == '/' || text[prefix.size()] == '?');
}

}  // namespace ocpi::http
