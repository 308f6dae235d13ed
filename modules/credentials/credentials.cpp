#include "modules/credentials/credentials.hpp"

#include "auth/token_store.hpp"
#include "http/target.hpp"
#include "ocpi/json/field_reader.hpp"
#include "ocpi/json/writer.hpp"

#include <algorithm>
#include <optional>

namespace ocpi::credentials {
namespace {

using json::object_reader;
using json::presence;

constexpr std::size_t max_url = 255;
constexpr std::size_t max_name = 100;
constexpr std::size_t max_token = 64;

/// Maximum length of a token that is read only in order to refuse the registration.
constexpr std::size_t max_foreign_token = 1024;

std::optional<party_role> read_role(object_reader& in, protocol::version version, bool& is_hub)
{
    const auto text = in.text("role", 0, presence::required);
    if (!text) return {};
    if (*text == "HUB" && version == protocol::version::v2_2_1) {
        is_hub = true;
        return party_role::other;
    }
    const auto role = parse_party_role(*text);
    if (!role) in.add_problem("role", "must be one of CPO, EMSP, NAP, NSP, OTHER, SCSP");
    return role;
}

void read_roles(object_reader& in, protocol::version version, platform_credentials& read_so_far)
{
    auto& roles = read_so_far.roles;
    in.objects("roles", presence::required, [&](object_reader& entry) {
        const auto role = read_role(entry, version, read_so_far.is_hub);
        const auto country_code = entry.ci_text("country_code", 2, presence::required);
        const auto party_id = entry.ci_text("party_id", 3, presence::required);
        std::optional<std::string> name;
        if (auto details = entry.object("business_details", presence::required)) {
            name = details->text("name", max_name, presence::required);
        }
        if (!role || !country_code || !party_id || !name) return;
        const auto claimed = parse_party(country_code->str() + '*' + party_id->str());
        if (!claimed) {
            in.findings().add_problem(entry.pointer(),
                                      "must name a party by two and three characters");
            return;
        }
        const credentials_role read(*role, *claimed);
        const bool is_repeated =
            std::any_of(roles.begin(), roles.end(),
                        [&](const named_role& other) { return other.role == read; });
        if (is_repeated && *role != party_role::other) {
            in.findings().add_problem(entry.pointer(), "names a party in the same role twice");
        }
        roles.emplace_back(read, *name);
    });
}

/// A country code and a party id in one; std::nullopt when it names no party.
std::optional<party> read_hub(std::string_view text)
{
    constexpr std::size_t country_size = 2;
    if (text.size() <= country_size) return std::nullopt;
    std::string separated(text.substr(0, country_size));
    return parse_party(separated.append("*").append(text.substr(country_size)));
}

std::string write_image(const image& of)
{
    json::object_writer written;
    written.string("url", of.url);
    if (!of.thumbnail.empty()) written.string("thumbnail", of.thumbnail);
    written.string("category", "OPERATOR").string("type", of.type);
    if (of.width) written.integer("width", *of.width);
    if (of.height) written.integer("height", *of.height);
    return written.finish();
}

std::string write_business_details(const named_role& of)
{
    json::object_writer details;
    details.string("name", of.business_name);
    if (!of.website.empty()) details.string("website", of.website);
    if (of.logo) details.raw("logo", write_image(*of.logo));
    return details.finish();
}

result<platform_credentials> read_object(object_reader root, protocol::version version,
                                         json::diagnostics& findings)
{
    platform_credentials read;
    if (auto token = root.text("token", max_token, presence::required)) {
        if (!auth::is_valid_token(*token)) {
            root.add_problem("token", "must be 1 to 64 printable characters without spaces");
        }
        read.token = std::move(*token);
    }
    if (auto url = root.text("url", max_url, presence::required)) {
        if (!http::is_base_url(*url)) {
            root.add_problem("url", "must be the absolute http(s) URL of the version list");
        }
        read.url = std::move(*url);
    }
    if (const auto hub = root.ci_text("hub_party_id", 5, presence::optional)) {
        read.hub = read_hub(hub->str());
    }
    read_roles(root, version, read);
    if (!findings.problems().empty()) return findings.to_error();
    return read;
}

}  // namespace

std::vector<credentials_role> platform_credentials::bare_roles() const
{
    std::vector<credentials_role> bare;
    for (const auto& each : roles) {
        if (std::find(bare.begin(), bare.end(), each.role) == bare.end()) bare.push_back(each.role);
    }
    return bare;
}

result<platform_credentials> read_credentials(std::string_view body, protocol::version version)
{
    const auto parsed = json::parse(body);
    if (parsed.has_error()) return parsed.error();
    return read_credentials(parsed->root(), version);
}

result<platform_credentials> read_credentials(json::value object, protocol::version version)
{
    json::diagnostics findings;
    if (!object.is(json::kind::object)) {
        findings.add_problem("", "must be an object");
        return findings.to_error();
    }
    return read_object(object_reader(object, "", findings), version, findings);
}

std::string find_token(json::value credentials)
{
    const auto member = credentials.find("token");
    if (!member) return {};
    const auto text = member->string();
    return text.size() <= max_foreign_token ? std::string(text) : std::string();
}

std::string write_credentials(const platform_credentials& of)
{
    json::array_writer roles;
    for (const auto& each : of.roles) {
        json::object_writer entry;
        entry.string("role", to_string(each.role.role))
            .raw("business_details", write_business_details(each))
            .string("party_id", each.role.party.party_id.str())
            .string("country_code", each.role.party.country_code.str());
        roles.raw(entry.finish());
    }
    json::object_writer written;
    written.string("token", of.token).string("url", of.url).raw("roles", roles.finish());
    if (of.hub) {
        written.string("hub_party_id", of.hub->country_code.str() + of.hub->party_id.str());
    }
    return written.finish();
}

result<void> check_claims(const platform_credentials& claimed,
                          const std::vector<credentials_role>& allowed)
{
    json::diagnostics findings;
    for (std::size_t i = 0; i < claimed.roles.size(); ++i) {
        const auto& role = claimed.roles[i].role;
        const bool gives_rights = role.role == party_role::cpo || role.role == party_role::emsp;
        const bool is_allowed =
            std::any_of(allowed.begin(), allowed.end(), [&](const credentials_role& each) {
                return each.party == role.party && (!gives_rights || each.role == role.role);
            });
        if (is_allowed) continue;
        findings.add_problem(json::append_pointer("/roles", i),
                             to_string(role) + " is not yours to claim; the operator of this " +
                                 "platform allows roles by its token");
    }
    if (!findings.problems().empty()) return findings.to_error();
    return {};
}

}  // namespace ocpi::credentials
