#include "app/config_text.hpp"

#include "app/database.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <string_view>
#include <type_traits>
#include <unordered_set>
#include <utility>

namespace ocpi::app {
namespace {

constexpr std::string_view mask = "***";

/// A basic string of TOML.
std::string quote(std::string_view text)
{
    std::string quoted = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            quoted += '\\';
            quoted += c;
        } else if (byte < 0x20 || byte == 0x7f) {
            std::array<char, 8> escape{};
            std::snprintf(escape.data(), escape.size(), "\\u%04X", static_cast<unsigned>(byte));
            quoted += escape.data();
        } else {
            quoted += c;
        }
    }
    return quoted + '"';
}

std::string write_list(const std::vector<std::string>& texts)
{
    std::string list = "[";
    for (const auto& text : texts) list += (list.size() > 1 ? ", " : "") + quote(text);
    return list + ']';
}

std::string write_seconds(std::chrono::milliseconds period)
{
    const auto whole = std::to_string(period.count() / 1000);
    const auto rest = period.count() % 1000;
    if (rest == 0) return whole;
    auto fraction = std::to_string(1000 + rest).substr(1);
    while (fraction.back() == '0') fraction.pop_back();
    return whole + '.' + fraction;
}

/// Collects the values of one table after the other.
class description {
public:
    explicit description(secrets tokens) : tokens_(tokens) {}

    void begin(std::string table) { table_ = std::move(table); }

    void literal(std::string key, std::string text)
    {
        values_.push_back({table_, std::move(key), std::move(text)});
    }
    void text(std::string key, std::string_view value) { literal(std::move(key), quote(value)); }
    /// Left out when empty.
    void given(std::string key, std::string_view value)
    {
        if (!value.empty()) text(std::move(key), value);
    }
    void list(std::string key, const std::vector<std::string>& texts)
    {
        if (!texts.empty()) literal(std::move(key), write_list(texts));
    }
    template <class Integer>
    requires std::is_integral_v<Integer>
    void number(std::string key, Integer value) { literal(std::move(key), std::to_string(value)); }
    void boolean(std::string key, bool value) { literal(std::move(key), value ? "true" : "false"); }
    void seconds(std::string key, std::chrono::milliseconds period)
    {
        literal(std::move(key), write_seconds(period));
    }
    void secret(std::string key, std::string_view value)
    {
        text(std::move(key), tokens_ == secrets::shown ? value : mask);
    }
    void database(std::string key, const std::string& url)
    {
        text(std::move(key), tokens_ == secrets::shown ? url : shown_url(url));
    }

    std::vector<config_value> finish() { return std::move(values_); }

private:
    const secrets tokens_;
    std::string table_;
    std::vector<config_value> values_;
};

std::string nth(const char* array, std::size_t place)
{
    return std::string(array) + '[' + std::to_string(place + 1) + ']';
}

std::string write_logo(const credentials::image& logo)
{
    auto text = "{url = " + quote(logo.url) + ", type = " + quote(logo.type);
    if (!logo.thumbnail.empty()) text += ", thumbnail = " + quote(logo.thumbnail);
    if (logo.width) text += ", width = " + std::to_string(*logo.width);
    if (logo.height) text += ", height = " + std::to_string(*logo.height);
    return text + '}';
}

void describe_party(description& out, const own_party& own)
{
    std::vector<std::string> roles;
    for (const auto role : own.roles) roles.emplace_back(to_string(role));
    out.text("country_code", own.party.country_code.str());
    out.text("party_id", own.party.party_id.str());
    out.list("roles", roles);
    out.given("name", own.name);
    out.given("website", own.website);
    if (own.logo) out.literal("logo", write_logo(*own.logo));
}

void describe_evse(description& out, const sessions::configured_evse& configured)
{
    const auto& evse = configured.evse;
    std::vector<std::string> types;
    for (const auto type : evse.profile_types) types.emplace_back(to_string(type));
    std::vector<std::string> required;
    if (evse.requires_departure_time) required.emplace_back("departure_time");
    if (evse.requires_energy_need) required.emplace_back("energy_need");
    std::string tariffs;
    for (const auto& [type, id] : evse.tariff_ids) {
        tariffs += (tariffs.empty() ? "" : ", ") + std::string(to_string(type)) + " = " + quote(id);
    }
    out.text("country_code", configured.owner.country_code.str());
    out.text("party_id", configured.owner.party_id.str());
    out.text("location_id", configured.location_id);
    out.text("evse_uid", configured.evse_uid);
    out.list("capabilities", evse.capabilities);
    out.list("profile_types", types);
    out.list("requires", required);
    if (evse.max_power_kw) out.literal("max_power_kw", to_text(*evse.max_power_kw));
    out.given("time_zone", evse.time_zone);
    if (!tariffs.empty()) out.literal("tariff_ids", '{' + tariffs + '}');
}

void describe_token(description& out, const auth::token_authenticator::configured_token& token)
{
    const auto& identity = token.identity;
    std::vector<std::string> roles;
    for (const auto& role : identity.roles) roles.push_back(to_string(role));
    std::vector<std::string> contracts;
    for (const auto& contract : identity.contracts) contracts.push_back(contract.str());
    out.text("name", identity.name);
    out.text("kind", to_string(identity.kind));
    out.list("roles", roles);
    out.list("contracts", contracts);
    out.text("profile", to_string(identity.profile));
    if (identity.token_kind == auth::token_kind::registration) out.boolean("registration", true);
    if (identity.is_trusted) out.boolean("trusted", true);
    out.secret("token", token.token);
}

void describe_limits(description& out, const config& of)
{
    const auto& limits = of.limits;
    out.begin("limits");
    out.number("max_connections", limits.max_connections);
    out.number("body_bytes", limits.body_bytes);
    out.number("header_bytes", limits.header_bytes);
    out.number("header_fields", limits.header_fields);
    out.number("body_memory", limits.body_memory);
    out.seconds("idle_timeout", limits.idle_timeout);
    out.seconds("header_timeout", limits.header_timeout);
    out.seconds("body_timeout", limits.body_timeout);
    out.seconds("write_timeout", limits.write_timeout);
    out.seconds("drain_timeout", limits.drain_timeout);
    out.number("page_bytes", of.page_limits.max_bytes);
    out.number("answer_memory", limits.answer_memory);
    out.number("concurrent_lists", of.list_limits.being_made);
    out.number("lists_per_token", of.list_limits.at_a_time);
    out.number("waiting_lists_per_token", of.list_limits.waiting);
    out.number("requests_per_second", of.request_limits.requests_per_second);
    out.number("burst", of.request_limits.burst);
    out.number("concurrent_requests", of.request_limits.concurrent_requests);
    out.number("failed_per_minute", of.request_limits.failed_per_minute);
    std::vector<std::string> proxies;
    for (const auto& each : of.request_limits.trusted_proxies) proxies.push_back(each.str());
    out.list("trusted_proxies", proxies);
}

void describe_tls(description& out, const server::tls_options& tls)
{
    using enum server::tls_options::client_certificates;
    if (!tls.is_enabled()) return;
    out.begin("tls");
    out.text("certificate", tls.certificate);
    out.text("key", tls.key);
    out.given("client_ca", tls.client_ca);
    if (!tls.client_ca.empty()) {
        out.text("client_certificates", tls.clients == required ? "required" : "optional");
    }
    out.seconds("handshake_timeout", tls.handshake_timeout);
}

void describe_outbound(description& out, const server::outbound_options& outbound)
{
    out.begin("outbound");
    out.given("ca_file", outbound.ca_file);
    out.seconds("connect_timeout", outbound.connect_timeout);
    out.seconds("request_timeout", outbound.request_timeout);
    out.number("response_bytes", outbound.response_bytes);
}

/// All tables that occur once.
void describe_tables(description& out, const config& of)
{
    out.begin("paging");
    out.number("default_limit", of.page_limits.default_limit);
    out.number("max_limit", of.page_limits.max_limit);
    out.begin("cors");
    out.literal("allowed_origins", write_list(of.cors_origins));
    describe_limits(out, of);
    describe_tls(out, of.tls);
    out.begin("web");
    out.boolean("enabled", of.has_pages);
    out.text("name", of.pages_name);
    describe_outbound(out, of.outbound);
    out.begin("status");
    out.seconds("final_reading_timeout", of.final_reading_timeout);
    out.begin("pricing");
    out.text("time_zone", of.pricing_zone ? of.pricing_zone->name() : "UTC");
    if (!of.admin_listen.empty()) {
        out.begin("admin");
        out.text("listen", of.admin_listen);
    }
    out.begin("log");
    out.text("format", to_string(of.log.format));
    out.text("level", to_string(of.log.lowest));
    out.boolean("access", of.log.has_access);
}

/// `token` of `token[1]`.
std::string array_of(const std::string& table)
{
    return table.substr(0, table.find('['));
}

/// As find_differences names it.
std::string name_of_difference(const config_value& value)
{
    return value.table.ends_with(']') ? array_of(value.table) : value.name();
}

}  // namespace

std::vector<config_value> describe_config(const config& described, secrets tokens)
{
    description out(tokens);
    out.text("listen", described.listen);
    out.given("public_url", described.public_url);
    out.database("database", described.database);
    out.given("database_password_file", described.database_password_file);
    if (described.allow_lost_writes) out.boolean("allow_lost_writes", true);
    describe_tables(out, described);
    for (std::size_t i = 0; i < described.parties.size(); ++i) {
        out.begin(nth("party", i));
        describe_party(out, described.parties[i]);
    }
    for (std::size_t i = 0; i < described.evses.size(); ++i) {
        out.begin(nth("evse", i));
        describe_evse(out, described.evses[i]);
    }
    for (std::size_t i = 0; i < described.tokens.size(); ++i) {
        out.begin(nth("token", i));
        describe_token(out, described.tokens[i]);
    }
    return out.finish();
}

std::string write_config(const config& written)
{
    std::string text;
    std::string table;
    for (const auto& value : describe_config(written, secrets::masked)) {
        if (value.table != table) {
            table = value.table;
            const auto name = array_of(table);
            text += table.ends_with(']') ? "\n[[" + name + "]]\n" : "\n[" + name + "]\n";
        }
        text += value.key + " = " + value.text + '\n';
    }
    return text;
}

std::vector<std::string> find_differences(const config& before, const config& after)
{
    const auto old_values = describe_config(before, secrets::shown);
    const auto new_values = describe_config(after, secrets::shown);
    const auto lines_of = [](const std::vector<config_value>& values) {
        std::unordered_set<std::string> lines;
        for (const auto& value : values) lines.insert(value.name() + '=' + value.text);
        return lines;
    };
    std::vector<std::string> names;
    const auto add_missing = [&](const auto& values, const auto& other) {
        for (const auto& value : values) {
            if (other.contains(value.name() + '=' + value.text)) continue;
            auto name = name_of_difference(value);
            const bool is_named = std::find(names.begin(), names.end(), name) != names.end();
            if (!is_named) names.push_back(std::move(name));
        }
    };
    add_missing(new_values, lines_of(old_values));
    add_missing(old_values, lines_of(new_values));
    return names;
}

}  // namespace ocpi::app
