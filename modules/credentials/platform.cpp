#include "modules/credentials/platform.hpp"

#include "ocpi/base/ci_string.hpp"

#include <algorithm>

namespace ocpi::credentials {
namespace {

bool names_party(const std::vector<credentials_role>& roles, const party& wanted)
{
    return std::any_of(roles.begin(), roles.end(),
                       [&](const credentials_role& each) { return each.party == wanted; });
}

error taken(const party& claimed, const char* by)
{
    return error(errc::invalid, "the party " + to_string(claimed) + ' ' + by, "/roles");
}

}  // namespace

platform_credentials own_credentials(const platform& own, std::string token)
{
    platform_credentials written;
    written.token = std::move(token);
    written.url = own.versions_url();
    written.roles = own.roles;
    return written;
}

void take_roles(partners::partner& of, const platform_credentials& said)
{
    of.roles = said.bare_roles();
    of.is_hub = said.is_hub;
    of.hub = said.hub;
}

void tell_of_change(const platform& own)
{
    if (own.partners_changed) own.partners_changed();
}

boost::asio::awaitable<result<void>> check_uniqueness(const platform& own, std::string name,
                                                      const std::vector<credentials_role>& claimed)
{
    for (const auto& mine : own.roles) {
        if (names_party(claimed, mine.role.party)) {
            co_return taken(mine.role.party, "is one of this platform's own");
        }
    }
    const auto all = co_await own.partners->list();
    if (all.has_error()) co_return all.error();
    for (const auto& other : *all) {
        if (!other.value.is_registered()) continue;
        if (equal_ignoring_case(other.value.name, name)) continue;
        for (const auto& role : claimed) {
            if (names_party(represented_roles(other.value), role.party)) {
                co_return taken(role.party, "is registered with another partner already");
            }
        }
    }
    co_return result<void>();
}

}  // namespace ocpi::credentials
