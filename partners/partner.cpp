#include "partners/partner.hpp"

#include "ocpi/json/document.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <array>

namespace ocpi::partners {
namespace {

/// In the order of their enumerations.
constexpr std::array<std::string_view, 3> state_names{"registering", "registered", "unregistered"};
constexpr std::array<std::string_view, 3> standing_names{"current", "previous", "pending"};
constexpr std::array<std::string_view, 2> side_names{"SENDER", "RECEIVER"};

template <std::size_t N>
std::optional<std::size_t> index_of(const std::array<std::string_view, N>& names,
                                    std::string_view wanted)
{
    const auto found = std::find(names.begin(), names.end(), wanted);
    if (found == names.end()) return {};
    return static_cast<std::size_t>(found - names.begin());
}

error damaged()
{
    return error(errc::storage, "a stored partner cannot be read", {},
                 "a record of module partners is damaged");
}

std::string write_roles(const std::vector<credentials_role>& roles)
{
    json::array_writer list;
    for (const auto& role : roles) list.raw(json::quote(to_string(role)));
    return list.finish();
}

std::string write_endpoints(const std::vector<endpoint>& endpoints)
{
    json::array_writer list;
    for (const auto& each : endpoints) {
        json::object_writer entry;
        entry.string("identifier", each.identifier)
            .string("role", side_names[static_cast<std::size_t>(each.role)])
            .string("url", each.url);
        list.raw(entry.finish());
    }
    return list.finish();
}

std::string write_inbound(const std::vector<inbound_token>& tokens)
{
    json::array_writer list;
    for (const auto& each : tokens) {
        json::object_writer entry;
        entry.string("hash", each.hash)
            .string("standing", standing_names[static_cast<std::size_t>(each.standing)]);
        if (each.valid_until) entry.string("valid_until", to_string(*each.valid_until));
        list.raw(entry.finish());
    }
    return list.finish();
}

void write_hub(json::object_writer& to, const partner& of)
{
    if (of.is_hub) to.raw("is_hub", "true");
    if (of.hub) to.string("hub", to_string(*of.hub));
}

/// Calls `read` with every element of a list; false when it says so of one, or it is no list.
template <class Read>
bool read_list(json::value object, std::string_view name, Read read)
{
    const auto list = object.find(name);
    if (!list || !list->is(json::kind::array)) return false;
    return std::all_of(list->begin(), list->end(), read);
}

bool read_roles(json::value object, std::string_view name, std::vector<credentials_role>& roles)
{
    return read_list(object, name, [&](json::value entry) {
        const auto role = parse_credentials_role(entry.string());
        if (role) roles.push_back(*role);
        return role.has_value();
    });
}

bool read_endpoints(json::value object, std::vector<endpoint>& endpoints)
{
    return read_list(object, "endpoints", [&](json::value entry) {
        const auto side = index_of(side_names, entry.find_string("role"));
        if (!side) return false;
        endpoints.emplace_back(std::string(entry.find_string("identifier")),
                               static_cast<interface_role>(*side),
                               std::string(entry.find_string("url")));
        return true;
    });
}

bool read_inbound(json::value object, std::vector<inbound_token>& tokens)
{
    return read_list(object, "inbound_tokens", [&](json::value entry) {
        const auto standing = index_of(standing_names, entry.find_string("standing"));
        if (!standing) return false;
        std::optional<date_time> until;
        if (const auto given = parse_date_time(entry.find_string("valid_until"))) {
            until = given->value;
        }
        tokens.emplace_back(std::string(entry.find_string("hash")),
                            static_cast<token_standing>(*standing), until);
        return true;
    });
}

/// Records of versions that did not know of it have none of this.
void read_later_fields(json::value root, partner& read)
{
    const auto form = parse_token_form(root.find_string("token_form"));
    read.token_form = form.value_or(token_form::base64);
    const auto is_hub = root.find("is_hub");
    read.is_hub = is_hub && is_hub->text() == "true";
    read.hub = parse_party(root.find_string("hub"));
}

bool contains(const std::vector<credentials_role>& roles, const credentials_role& wanted)
{
    return std::find(roles.begin(), roles.end(), wanted) != roles.end();
}

}  // namespace

std::string_view to_string(partner_state state) noexcept
{
    return state_names[static_cast<std::size_t>(state)];
}

const std::string* partner::find_endpoint(std::string_view identifier,
                                          interface_role role) const noexcept
{
    const auto found = std::find_if(endpoints.begin(), endpoints.end(), [&](const endpoint& each) {
        return each.identifier == identifier && each.role == role;
    });
    return found == endpoints.end() ? nullptr : &found->url;
}

std::vector<party> partner::parties_in_role(party_role role) const
{
    std::vector<party> parties;
    for (const auto& each : represented_roles(*this)) {
        if (each.role == role) parties.push_back(each.party);
    }
    return parties;
}

const inbound_token* partner::find_inbound(std::string_view hash) const noexcept
{
    const auto found =
        std::find_if(inbound_tokens.begin(), inbound_tokens.end(),
                     [hash](const inbound_token& each) { return each.hash == hash; });
    return found == inbound_tokens.end() ? nullptr : &*found;
}

std::vector<credentials_role> roles_behind(const partner& of)
{
    std::vector<credentials_role> behind;
    if (!of.is_hub) return behind;
    for (const auto& each : of.allowed_roles) {
        if (!contains(of.roles, each) && !contains(behind, each)) behind.push_back(each);
    }
    return behind;
}

std::vector<credentials_role> represented_roles(const partner& of)
{
    auto roles = of.roles;
    const auto behind = roles_behind(of);
    roles.insert(roles.end(), behind.begin(), behind.end());
    return roles;
}

partner unregistered(partner of)
{
    of.state = partner_state::unregistered;
    of.token.clear();
    of.inbound_tokens.clear();
    of.endpoints.clear();
    of.token_form = token_form::base64;
    return of;
}

std::string write_partner(const partner& of)
{
    json::object_writer written;
    written.string("name", of.name)
        .string("state", to_string(of.state))
        .string("registration", of.registration)
        .raw("is_trusted", of.is_trusted ? "true" : "false")
        .string("profile", auth::to_string(of.profile))
        .string("version", protocol::to_string(of.version))
        .string("versions_url", of.versions_url)
        .string("token", of.token)
        .string("token_form", to_string(of.token_form))
        .raw("roles", write_roles(of.roles))
        .raw("allowed_roles", write_roles(of.allowed_roles))
        .raw("endpoints", write_endpoints(of.endpoints))
        .raw("inbound_tokens", write_inbound(of.inbound_tokens));
    write_hub(written, of);
    if (of.closing_put) written.raw("closing_put", "true");
    return written.finish();
}

result<partner> read_partner(std::string_view json)
{
    const auto parsed = json::parse(json);
    if (parsed.has_error()) return damaged();
    const auto root = parsed->root();
    const auto state = index_of(state_names, root.find_string("state"));
    const auto profile = auth::parse_profile(root.find_string("profile"));
    const auto version = protocol::parse_version(root.find_string("version"));
    const auto trusted = root.find("is_trusted");
    if (!state || !profile || !version || !trusted) return damaged();
    partner read;
    read.name = root.find_string("name");
    read.state = static_cast<partner_state>(*state);
    read.is_trusted = trusted->text() == "true";
    read.profile = *profile;
    const auto closing_put = root.find("closing_put");
    read.closing_put = closing_put && closing_put->text() == "true";
    read.version = *version;
    read.registration = root.find_string("registration");
    read.versions_url = root.find_string("versions_url");
    read.token = root.find_string("token");
    read_later_fields(root, read);
    const bool sound = read_roles(root, "roles", read.roles) &&
                       read_roles(root, "allowed_roles", read.allowed_roles) &&
                       read_endpoints(root, read.endpoints) &&
                       read_inbound(root, read.inbound_tokens);
    if (!sound) return damaged();
    return read;
}

}  // namespace ocpi::partners
