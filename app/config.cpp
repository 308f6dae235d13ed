#include "app/config.hpp"

#include "app/evse_config.hpp"
#include "app/identity.hpp"
#include "app/limits_config.hpp"
#include "app/table_reader.hpp"
#include "http/cors.hpp"
#include "http/target.hpp"
#include "http/url.hpp"
#include "ocpi/base/ci_string.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace ocpi::app {
namespace {

/// An absolute http(s) URL as OCPI's type URL has room for; empty when the key is not there.
std::string read_url(table_reader& in, const char* key)
{
    constexpr std::size_t max_length = 255;
    auto text = in.text(key).value_or("");
    if (!text.empty() && (text.size() > max_length || http::parse_url(text).has_error())) {
        in.note(key, "must be an absolute http(s) URL of at most 255 characters");
    }
    return text;
}

credentials::image read_logo(table_reader& in)
{
    constexpr std::int64_t max_pixels = 99'999;
    credentials::image logo;
    logo.url = read_url(in, "url");
    if (logo.url.empty()) in.note("url", "is missing");
    logo.type = in.required_text("type");
    if (logo.type.empty() || logo.type.size() > 4 || !is_printable_ascii(logo.type)) {
        in.note("type", "must have 1 to 4 characters, such as \"png\" or \"svg\"");
    }
    logo.thumbnail = read_url(in, "thumbnail");
    logo.width = in.integer("width", 1, max_pixels);
    logo.height = in.integer("height", 1, max_pixels);
    return logo;
}

own_party read_party(table_reader& in)
{
    own_party own;
    const auto country_code = in.required_text("country_code");
    const auto party_id = in.required_text("party_id");
    if (country_code.size() != 2) in.note("country_code", "must have 2 characters");
    if (party_id.size() != 3) in.note("party_id", "must have 3 characters");
    own.party = party(country_code, party_id);
    for (const auto& name : in.texts("roles")) {
        const auto role = parse_party_role(name);
        if (role) {
            own.roles.push_back(*role);
        } else {
            in.note("roles", "has \"" + name + "\"; a role is CPO, EMSP, NAP, …");
        }
    }
    if (own.roles.empty()) in.note("roles", "must name at least one role, such as \"CPO\"");
    own.name = in.text("name").value_or("");
    own.website = read_url(in, "website");
    in.table("logo", [&](table_reader& entry) { own.logo = read_logo(entry); });
    return own;
}

auth::token_authenticator::configured_token read_token(table_reader& in)
{
    identity_description description;
    description.name = in.required_text("name");
    description.kind = in.required_text("kind");
    description.roles = in.texts("roles");
    description.contracts = in.texts("contracts");
    description.profile = in.text("profile").value_or("strict");
    description.registration = in.boolean("registration").value_or(false);
    description.trusted = in.boolean("trusted").value_or(false);
    if (description.kind.empty()) in.complain("kind", "is missing");
    auto token = in.required_text("token");
    if (!auth::is_valid_token(token)) {
        in.note("token", "must have 1 to 64 printable characters, without spaces");
    }
    try {
        return {make_identity(description), std::move(token)};
    } catch (const std::runtime_error& failure) {
        in.complain("name", std::string("\"") + description.name + "\": " + failure.what());
    }
}

/// Ten years, in effect no limit.
constexpr double max_waiting_seconds = 315'360'000;

void read_outbound(table_reader& in, server::outbound_options& outbound)
{
    if (auto file = in.text("ca_file")) outbound.ca_file = std::move(*file);
    read_timeout(in, "connect_timeout", outbound.connect_timeout);
    read_timeout(in, "request_timeout", outbound.request_timeout);
    if (const auto bytes = in.integer("response_bytes", 1, max_size)) {
        outbound.response_bytes = static_cast<std::size_t>(*bytes);
    }
}

void read_tls(table_reader& in, server::tls_options& tls)
{
    using enum server::tls_options::client_certificates;
    tls.certificate = in.required_text("certificate");
    tls.key = in.required_text("key");
    if (auto authorities = in.text("client_ca")) tls.client_ca = std::move(*authorities);
    if (const auto clients = in.text("client_certificates")) {
        if (tls.client_ca.empty()) in.note("client_certificates", "needs tls.client_ca");
        if (*clients != "required" && *clients != "optional") {
            in.note("client_certificates", "must be required or optional");
        }
        tls.clients = *clients == "required" ? required : optional;
    }
    read_timeout(in, "handshake_timeout", tls.handshake_timeout);
}

void read_paging(table_reader& in, protocol::page_limits& paging)
{
    const auto read_limit = [&in](const char* key, std::uint64_t& limit) {
        if (const auto value = in.integer(key, 1, 100'000)) {
            limit = static_cast<std::uint64_t>(*value);
        }
    };
    read_limit("default_limit", paging.default_limit);
    read_limit("max_limit", paging.max_limit);
    if (paging.default_limit > paging.max_limit) {
        in.note("default_limit", "is larger than paging.max_limit");
    }
}

void read_cors(table_reader& in, std::vector<std::string>& origins)
{
    origins = in.texts("allowed_origins");
    for (const auto& origin : origins) {
        if (http::is_cors_origin(origin)) continue;
        in.note("allowed_origins", "has \"" + origin +
                                       "\"; an origin is \"https://app.example.com\", in "
                                       "lower case and without a path, or \"*\" for all");
    }
}

void read_log(table_reader& in, log_settings& log)
{
    if (const auto name = in.text("format")) {
        const auto format = parse_log_format(*name);
        if (!format) in.note("format", "must be text or json");
        log.format = format.value_or(log.format);
    }
    if (const auto name = in.text("level")) {
        const auto level = parse_log_level(*name);
        if (!level) in.note("level", "must be debug, info, warning or error");
        log.lowest = level.value_or(log.lowest);
    }
    log.has_access = in.boolean("access").value_or(log.has_access);
}

std::string read_public_url(table_reader& in)
{
    auto url = in.text("public_url").value_or("");
    if (!url.empty() && !http::is_base_url(url)) {
        in.note("public_url", "must be an absolute URL, such as \"https://ocpi.example.com\"");
    }
    return url;
}

config read_root(table_reader& in)
{
    config read;
    if (auto listen = in.text("listen")) read.listen = *listen;
    read.public_url = read_public_url(in);
    if (auto database = in.text("database")) read.database = *database;
    read.database_password_file = in.text("database_password_file").value_or("");
    read.allow_lost_writes = in.boolean("allow_lost_writes").value_or(false);
    in.tables("party", [&](table_reader& entry) {
        auto own = read_party(entry);
        for (const auto& other : read.parties) {
            if (other.party == own.party) entry.note("party_id", "names a party twice");
        }
        read.parties.push_back(std::move(own));
    });
    in.tables("evse", [&](table_reader& entry) {
        auto described = read_evse(entry);
        for (const auto& other : read.evses) {
            if (describes_the_same(other, described)) {
                entry.note("evse_uid", "names an EVSE twice");
            }
        }
        read.evses.push_back(std::move(described));
    });
    in.tables("token", [&](table_reader& entry) {
        auto token = read_token(entry);
        for (const auto& other : read.tokens) {
            if (equal_ignoring_case(other.identity.name, token.identity.name)) {
                entry.note("name", "is that of another token already");
            }
        }
        read.tokens.push_back(std::move(token));
    });
    in.table("paging", [&](table_reader& entry) { read_paging(entry, read.page_limits); });
    in.table("cors", [&](table_reader& entry) { read_cors(entry, read.cors_origins); });
    in.table("limits", [&](table_reader& entry) { read_limits(entry, read); });
    in.table("tls", [&](table_reader& entry) {
        read_tls(entry, read.tls);
        if (read.public_url.starts_with("http:")) {
            entry.note("certificate", "needs a public_url that begins with https:");
        }
    });
    in.table("admin", [&](table_reader& entry) {
        read.admin_listen = entry.required_text("listen");
        if (read.admin_listen == read.listen && !read.listen.ends_with(":0")) {
            entry.complain("listen", "must be another address than that of the server");
        }
    });
    in.table("web", [&](table_reader& entry) {
        read.has_pages = entry.boolean("enabled").value_or(true);
        read.pages_name = entry.text("name").value_or(read.pages_name);
    });
    in.table("outbound", [&](table_reader& entry) { read_outbound(entry, read.outbound); });
    in.table("status", [&](table_reader& entry) {
        const auto seconds = entry.seconds("final_reading_timeout", 0, max_waiting_seconds);
        if (seconds) read.final_reading_timeout = milliseconds_of(*seconds);
    });
    in.table("pricing", [&](table_reader& entry) { read.pricing_zone = entry.zone("time_zone"); });
    in.table("log", [&](table_reader& entry) { read_log(entry, read.log); });
    return read;
}

std::string join_lines(const std::vector<std::string>& lines)
{
    std::string text;
    for (const auto& line : lines) text += text.empty() ? line : '\n' + line;
    return text;
}

}  // namespace

config_error::config_error(std::vector<std::string> faults)
    : std::runtime_error(join_lines(faults)), faults_(std::move(faults))
{
}

config parse_config(std::string_view text, const std::string& source)
{
    std::vector<std::string> faults;
    config read;
    try {
        const auto root = toml::parse(text, source);
        table_reader reader(root, "", source, &faults);
        reader.run([&](table_reader& in) { read = read_root(in); });
    } catch (const toml::parse_error& failure) {
        faults.push_back(source + ':' + std::to_string(failure.source().begin.line) + ": " +
                         std::string(failure.description()));
    }
    if (!faults.empty()) throw config_error(std::move(faults));
    return read;
}

config read_config(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    std::ostringstream text;
    if (file) text << file.rdbuf();
    if (!file || text.bad()) {  // an empty file is readable
        throw std::runtime_error("the configuration file " + path + " cannot be read");
    }
    return parse_config(text.str(), path);
}

}  // namespace ocpi::app
