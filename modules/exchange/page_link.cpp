#include "modules/exchange/page_link.hpp"

#include "http/url.hpp"

#include <algorithm>

namespace ocpi::exchange {
namespace {

error unusable(const std::string& why)
{
    return error(errc::partner_failure, "a link to a next page that cannot be followed: " + why);
}

bool has_parameter(std::string_view url, std::string_view name)
{
    auto rest = url.substr(std::min(url.find('?'), url.size()));
    while (!rest.empty()) {
        rest.remove_prefix(1);
        const auto parameter = rest.substr(0, rest.find('&'));
        if (parameter.substr(0, parameter.find('=')) == name) return true;
        rest.remove_prefix(parameter.size());
    }
    return false;
}

}  // namespace

result<page_link> follow_page_link(std::string_view current, std::string_view link)
{
    const auto here = http::parse_url(current);
    if (here.has_error()) return unusable(here.error().text());
    const auto there = http::resolve_reference(*here, link);
    if (there.has_error()) return unusable(there.error().text());
    page_link followed;
    followed.url = here->origin() + there->target;
    if (there->origin() != here->origin()) followed.foreign_origin = there->origin();
    return followed;
}

bool lacks_filters(std::string_view url, const std::vector<std::string>& names)
{
    return has_parameter(url, "offset") &&
           !std::all_of(names.begin(), names.end(),
                        [url](const std::string& name) { return has_parameter(url, name); });
}

}  // namespace ocpi::exchange
