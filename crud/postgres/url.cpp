#include "crud/postgres/url.hpp"

#include "crud/postgres/postgres_error.hpp"

#include <libpq-fe.h>

#include <algorithm>
#include <charconv>
#include <memory>

namespace ocpi::crud::postgres {

namespace {

struct free_options {
    void operator()(PQconninfoOption* options) const noexcept { PQconninfoFree(options); }
};

constexpr const char* advice =
    "expected postgresql://user@host:5432/database?setting=value; "
    "in a user or a password the characters / : @ ? # % are written as %2F and so on";

[[noreturn]] void refuse(const std::string& what)
{
    throw postgres_error("the URL of the database cannot be read: " + what, "08001");
}

/// The parts between commas, of which none is left out: "a,,b" are three.
std::vector<std::string> split(std::string_view text)
{
    std::vector<std::string> parts;
    for (;;) {
        const auto end = text.find(',');
        parts.emplace_back(text.substr(0, end));
        if (end == text.npos) return parts;
        text.remove_prefix(end + 1);
    }
}

void check_port(std::string_view port)
{
    if (port.empty()) return;
    int number = 0;
    const auto [end, failure] = std::from_chars(port.data(), port.data() + port.size(), number);
    if (failure != std::errc{} || end != port.data() + port.size() || number < 1 ||
        number > 65535) {
        // What stands in its place may be a part of a password.
        refuse(std::string("a port is no number from 1 to 65535; ") + advice);
    }
}

/// As libpq pairs them: a list of ports has one port for each host, or one for all.
std::vector<server_address> pair(const std::string& hosts, const std::string& addresses,
                                 const std::string& ports)
{
    const auto host = split(hosts);
    const auto address = split(addresses);
    const auto port = split(ports);
    const auto count = std::max(host.size(), address.size());
    const auto fits = [count](const std::vector<std::string>& parts) {
        return parts.size() == count || (parts.size() == 1 && parts.front().empty());
    };
    if (!fits(host) || !fits(address) || (!fits(port) && port.size() != 1)) {
        refuse("the lists of hosts, of addresses and of ports differ in length");
    }
    std::vector<server_address> servers(count);
    for (std::size_t i = 0; i < count; ++i) {
        if (host.size() == count) servers[i].host = host[i];
        if (address.size() == count) servers[i].host_address = address[i];
        if (servers[i].host.find('@', 1) != std::string::npos) {
            // Of a password, most likely: so what stands there is not shown.
            refuse(std::string("a host has the character @; ") + advice);
        }
        servers[i].port = port.size() == 1 ? port.front() : port[i];
        check_port(servers[i].port);
    }
    return servers;
}

/// Percent-encoded where a URL would end or read otherwise.
std::string encode(std::string_view text, std::string_view kept)
{
    constexpr char digits[] = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                              (c >= '0' && c <= '9') ||
                              std::string_view("-._~").find(c) != std::string_view::npos;
        if (is_plain || kept.find(c) != kept.npos) {
            encoded += c;
        } else {
            encoded += {'%', digits[byte >> 4], digits[byte & 15]};
        }
    }
    return encoded;
}

bool is_secret(std::string_view keyword)
{
    return keyword.find("password") != keyword.npos;
}

}  // namespace

bool is_postgres_url(std::string_view url) noexcept
{
    return url.starts_with("postgresql://") || url.starts_with("postgres://");
}

std::string server_address::text() const
{
    std::string named = host.empty() ? host_address : host;
    if (named.empty()) named = "the default host";
    if (named.starts_with('/'))
        return "the socket in " + named + (port.empty() ? "" : ", port " + port);
    if (named.find(':') != named.npos) named = '[' + named + ']';
    return named + ':' + (port.empty() ? "5432" : port);
}

std::string_view parsed_url::find(std::string_view keyword) const
{
    for (const auto& [name, value] : settings) {
        if (name == keyword) return value;
    }
    return {};
}

parsed_url parse_url(const std::string& url)
{
    if (!is_postgres_url(url)) refuse("it does not begin with postgresql://");
    char* failure = nullptr;
    const std::unique_ptr<PQconninfoOption, free_options> options(
        PQconninfoParse(url.c_str(), &failure));
    const std::unique_ptr<char, decltype(&PQfreemem)> text(failure, &PQfreemem);
    // libpq's text quotes the part that it could not read.
    if (!options) refuse(advice);
    parsed_url parsed;
    std::string hosts;
    std::string addresses;
    std::string ports;
    for (const auto* option = options.get(); option->keyword; ++option) {
        if (!option->val) continue;
        const std::string_view keyword = option->keyword;
        if (keyword == "host") {
            hosts = option->val;
        } else if (keyword == "hostaddr") {
            addresses = option->val;
        } else if (keyword == "port") {
            ports = option->val;
        } else if (keyword == "password") {
            parsed.password = option->val;
        } else {
            if (keyword == "dbname") parsed.database = option->val;
            parsed.settings.emplace_back(option->keyword, option->val);
        }
    }
    parsed.servers = pair(hosts, addresses, ports);
    return parsed;
}

std::string without_password(const std::string& url)
{
    parsed_url parsed;
    try {
        parsed = parse_url(url);
    } catch (const postgres_error&) {
        return "postgresql://…";
    }
    std::string shown = "postgresql://";
    if (const auto user = parsed.find("user"); !user.empty()) shown += encode(user, "") + '@';
    std::string addresses;
    for (std::size_t i = 0; i < parsed.servers.size(); ++i) {
        const auto& server = parsed.servers[i];
        if (i) shown += ',';
        if (i) addresses += ',';
        const bool is_ipv6 =
            !server.host.starts_with('/') && server.host.find(':') != server.host.npos;
        shown += is_ipv6 ? '[' + encode(server.host, ":") + ']' : encode(server.host, "");
        if (!server.port.empty()) shown += ':' + server.port;
        addresses += server.host_address;
    }
    shown += '/' + encode(parsed.database, "");
    char separator = '?';
    const auto show = [&](std::string_view keyword, std::string_view value) {
        shown += separator;
        shown.append(keyword) += '=' + encode(value, "/:,");
        separator = '&';
    };
    if (addresses.size() + 1 > parsed.servers.size()) show("hostaddr", addresses);
    for (const auto& [keyword, value] : parsed.settings) {
        if (keyword != "user" && keyword != "dbname" && !is_secret(keyword)) show(keyword, value);
    }
    return shown;
}

std::string describe_url(const std::string& url)
{
    try {
        const auto parsed = parse_url(url);
        std::string text;
        for (const auto& server : parsed.servers) text += server.text() + ", ";
        return text + "database " +
               (parsed.database.empty() ? "of the user's name" : parsed.database);
    } catch (const postgres_error&) {
        return "PostgreSQL";
    }
}

}  // namespace ocpi::crud::postgres
