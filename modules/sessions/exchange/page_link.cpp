#include "modules/sessions/exchange/page_link.hpp"

#include "ocpi/http/url.hpp"

namespace ocpi::sessions::exchange {
namespace {

error unusable(const std::string& why)
{
    return error(errc::partner_failure, "a link to a next page that cannot be followed: " + why);
}

}  // namespace

result<std::string> follow_page_link(std::string_view current, std::string_view link)
{
    const auto here = http::parse_url(current);
    if (here.has_error()) return unusable(here.error().text());
    const auto there = http::resolve_reference(*here, link);
    if (there.has_error()) return unusable(there.error().text());
    if (there->origin() != here->origin()) {
        return unusable("it leads to another scheme, host or port than the list has");
    }
    return there->origin() + there->target;
}

}  // namespace ocpi::sessions::exchange
