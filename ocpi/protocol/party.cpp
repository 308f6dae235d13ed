#include "ocpi/protocol/party.hpp"

#include <algorithm>
#include <array>

namespace ocpi {
namespace {

struct role_name {
    party_role role;
    std::string_view name;
};

constexpr std::array role_names{
    role_name{party_role::cpo, "CPO"},     role_name{party_role::emsp, "EMSP"},
    role_name{party_role::nap, "NAP"},     role_name{party_role::nsp, "NSP"},
    role_name{party_role::other, "OTHER"}, role_name{party_role::scsp, "SCSP"},
};

}  // namespace

std::string_view to_string(party_role role) noexcept
{
    const auto found = std::find_if(role_names.begin(), role_names.end(),
                                    [role](const role_name& entry) { return entry.role == role; });
    return found->name;
}

std::optional<party_role> parse_party_role(std::string_view text) noexcept
{
    const auto found = std::find_if(role_names.begin(), role_names.end(),
                                    [text](const role_name& entry) { return entry.name == text; });
    if (found == role_names.end()) return {};
    return found->role;
}

std::string to_string(const party& value)
{
    return value.country_code.str() + '*' + value.party_id.str();
}

std::optional<party> parse_party(std::string_view text)
{
    if (text.size() != 6 || text[2] != '*' || !is_printable_ascii(text)) return {};
    return party(std::string(text.substr(0, 2)), std::string(text.substr(3)));
}

std::optional<credentials_role> parse_credentials_role(std::string_view text)
{
    const auto colon = text.find(':');
    if (colon == std::string_view::npos) return {};
    const auto name = text.substr(0, colon);
    const auto role = name == "HUB" ? party_role::other : parse_party_role(name);
    auto of = parse_party(text.substr(colon + 1));
    if (!role || !of) return {};
    return credentials_role(*role, std::move(*of));
}

std::string to_string(const credentials_role& value)
{
    return std::string(to_string(value.role)) + ':' + to_string(value.party);
}

}  // namespace ocpi
