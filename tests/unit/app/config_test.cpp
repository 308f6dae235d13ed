#include "app/config.hpp"

#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <stdexcept>
#include <string>

namespace config_test {

using namespace ocpi;
using namespace std::chrono_literals;

namespace {

/// The first fault; empty when there is none.
std::string complaint(const std::string& text)
{
    try {
        app::parse_config(text, "c.toml");
    } catch (const std::runtime_error& failure) {
        const std::string faults = failure.what();
        return faults.substr(0, faults.find('\n'));
    }
    return {};
}

}  // namespace

TEST_CASE("app/config: nothing configured is the default of everything")
{
    const auto read = app::parse_config("", "c.toml");
    CHECK(read.listen == "127.0.0.1:8000");
    CHECK(read.database == "sqlite:ocpi-sessions.db");
    CHECK(read.public_url.empty());
    CHECK(read.parties.empty());
    CHECK(read.tokens.empty());
    CHECK(read.cors_origins.empty());
    CHECK(read.page_limits.default_limit == 50);
    CHECK(read.page_limits.max_limit == 1000);
    CHECK(read.page_limits.max_bytes == 8 * 1024 * 1024);
    CHECK(read.list_limits.at_a_time == 4);
    CHECK(read.list_limits.waiting == 256);
    CHECK(read.limits.body_bytes == 1024 * 1024);
    CHECK(read.limits.header_bytes == 16 * 1024);
    CHECK(read.limits.max_connections == 20'000);
    CHECK(read.admin_listen.empty());
    CHECK(read.outbound.ca_file.empty());
    CHECK(read.outbound.connect_timeout == 5s);
    CHECK(read.outbound.request_timeout == 30s);
    CHECK(read.outbound.response_bytes == 32 * 1024 * 1024);
    CHECK(read.final_reading_timeout == 0s);
    CHECK(read.log.lowest == log_level::info);
}

TEST_CASE("app/config: every key is read")
{
    const auto read = app::parse_config(R"(
listen = "0.0.0.0:1"
public_url = "https://ocpi.example.com"
database = "memory:"
database_password_file = "db-password"
allow_lost_writes = true
[[party]]
country_code = "ES"
party_id = "ABC"
roles = ["CPO", "EMSP"]
name = "Ours"
website = "https://abc.example"
[party.logo]
url = "https://abc.example/l.png"
thumbnail = "https://abc.example/s.png"
type = "png"
width = 512
height = 256
[[party]]
country_code = "DE"
party_id = "XYZ"
roles = ["SCSP"]
[paging]
default_limit = 5
max_limit = 10
[cors]
allowed_origins = ["https://app.example.com", "http://localhost:3000"]
[limits]
max_connections = 7
body_bytes = 8
body_memory = 16
header_bytes = 9
idle_timeout = 1
header_timeout = 0.5
body_timeout = 3
write_timeout = 4.25
drain_timeout = 86400
page_bytes = 11
concurrent_lists = 14
answer_memory = 44
header_fields = 15
requests_per_second = 16
burst = 17
concurrent_requests = 18
failed_per_minute = 19
trusted_proxies = ["10.0.0.0/8", "::1"]
lists_per_token = 12
waiting_lists_per_token = 13
[outbound]
ca_file = "ca.pem"
connect_timeout = 0.25
request_timeout = 6
response_bytes = 7
[status]
final_reading_timeout = 604800
[admin]
listen = "127.0.0.1:9464"
[log]
level = "warning"
[[token]]
name = "p"
kind = "partner"
roles = ["CPO:ES*ABC"]
profile = "tolerant"
token = "secret"
[[token]]
name = "d"
kind = "driver"
contracts = ["C1"]
token = "other"
)",
                                        "c.toml");
    CHECK(read.listen == "0.0.0.0:1");
    CHECK(read.admin_listen == "127.0.0.1:9464");
    CHECK(read.public_url == "https://ocpi.example.com");
    CHECK(read.database == "memory:");
    CHECK(read.database_password_file == "db-password");
    CHECK(read.allow_lost_writes);
    REQUIRE(read.parties.size() == 2);
    CHECK(read.parties[0].party == party("ES", "ABC"));
    CHECK(read.parties[0].roles == std::vector<party_role>{party_role::cpo, party_role::emsp});
    CHECK(read.parties[0].name == "Ours");
    CHECK(read.parties[0].website == "https://abc.example");
    REQUIRE(read.parties[0].logo.has_value());
    CHECK(read.parties[0].logo->url == "https://abc.example/l.png");
    CHECK(read.parties[0].logo->type == "png");
    CHECK(read.parties[0].logo->width == 512);
    CHECK(read.parties[0].logo->height == 256);
    CHECK(read.parties[0].logo->thumbnail == "https://abc.example/s.png");
    CHECK(read.parties[1].website.empty());
    CHECK_FALSE(read.parties[1].logo.has_value());
    CHECK(read.page_limits.default_limit == 5);
    CHECK(read.page_limits.max_limit == 10);
    CHECK(read.cors_origins ==
          std::vector<std::string>{"https://app.example.com", "http://localhost:3000"});
    CHECK(read.page_limits.max_bytes == 11);
    CHECK(read.list_limits.at_a_time == 12);
    CHECK(read.list_limits.waiting == 13);
    CHECK(read.list_limits.being_made == 14);
    CHECK(read.limits.answer_memory == 44);
    CHECK(read.limits.header_fields == 15);
    CHECK(read.request_limits.requests_per_second == 16);
    CHECK(read.request_limits.burst == 17);
    CHECK(read.request_limits.concurrent_requests == 18);
    CHECK(read.request_limits.failed_per_minute == 19);
    REQUIRE(read.request_limits.trusted_proxies.size() == 2);
    const auto proxy = boost::asio::ip::make_address("10.9.9.9");
    CHECK(read.request_limits.trusted_proxies[0].contains(proxy));
    CHECK_FALSE(read.request_limits.trusted_proxies[1].contains(proxy));
    CHECK(read.limits.max_connections == 7);
    CHECK(read.limits.body_bytes == 8);
    CHECK(read.limits.body_memory == 16);
    CHECK(read.limits.header_bytes == 9);
    CHECK(read.limits.idle_timeout == 1s);
    CHECK(read.limits.header_timeout == 500ms);
    CHECK(read.limits.body_timeout == 3s);
    CHECK(read.limits.write_timeout == 4250ms);
    CHECK(read.limits.drain_timeout == 24h);
    CHECK(read.outbound.ca_file == "ca.pem");
    CHECK(read.outbound.connect_timeout == 250ms);
    CHECK(read.outbound.request_timeout == 6s);
    CHECK(read.outbound.response_bytes == 7);
    CHECK(read.final_reading_timeout == 168h);
    CHECK(read.log.lowest == log_level::warning);
    REQUIRE(read.tokens.size() == 2);
    CHECK(read.tokens[0].identity.profile == auth::profile::tolerant);
    CHECK(read.tokens[0].token == "secret");
    CHECK(read.tokens[1].identity.contracts.size() == 1);
}

TEST_CASE("app/config: an unknown key is an error with its line, on every level")
{
    CHECK(complaint("listen = \"a:1\"\nlisen = \"b\"\n") == "c.toml:2: lisen is not a known key");
    CHECK(complaint("[limits]\n\nbody = 1\n") == "c.toml:3: limits.body is not a known key");
    CHECK(complaint("[[party]]\ncountry_code = \"ES\"\nparty_id = \"ABC\"\nroles = [\"CPO\"]\n"
                    "role = \"CPO\"\n") == "c.toml:5: party.role is not a known key");
    CHECK(complaint("[lmits]\n") == "c.toml:1: lmits is not a known key");
}

TEST_CASE("app/config: a value that cannot be is an error with its line and what may be")
{
    struct example {
        const char* text;
        const char* complaint;
    };
    for (const auto& [text, complained] : {
             example{"listen = 1", "c.toml:1: listen must be a text in quotes"},
             example{"party = 1", "c.toml:1: party must be a list of tables: [[party]]"},
             example{"[party]", "c.toml:1: party must be a list of tables: [[party]]"},
             example{"limits = 1", "c.toml:1: limits must be a table: [limits]"},
             example{"[[party]]\nparty_id = \"ABC\"", "c.toml:1: party.country_code is missing"},
             example{"[[party]]\ncountry_code = \"ESP\"\nparty_id = \"ABC\"",
                     "c.toml:2: party.country_code must have 2 characters"},
             example{"[[party]]\ncountry_code = \"ES\"\nparty_id = \"AB\"",
                     "c.toml:3: party.party_id must have 3 characters"},
             example{"[[party]]\ncountry_code = \"ES\"\nparty_id = \"ABC\"",
                     "c.toml:1: party.roles must name at least one role, such as \"CPO\""},
             example{"[[party]]\ncountry_code = \"ES\"\nparty_id = \"ABC\"\nroles = [\"HUB\"]",
                     "c.toml:4: party.roles has \"HUB\"; a role is CPO, EMSP, NAP, …"},
             example{"[[party]]\ncountry_code = \"ES\"\nparty_id = \"ABC\"\nroles = [\"CPO\"]\n"
                     "website = \"abc.example\"",
                     "c.toml:5: party.website must be an absolute http(s) URL of at most 255 "
                     "characters"},
             example{"[[party]]\ncountry_code = \"ES\"\nparty_id = \"ABC\"\nroles = [\"CPO\"]\n"
                     "logo = {type = \"png\"}",
                     "c.toml:5: party.logo.url is missing"},
             example{"[[party]]\ncountry_code = \"ES\"\nparty_id = \"ABC\"\nroles = [\"CPO\"]\n"
                     "logo = {url = \"https://a/l\"}",
                     "c.toml:5: party.logo.type is missing"},
             example{"[[party]]\ncountry_code = \"ES\"\nparty_id = \"ABC\"\nroles = [\"CPO\"]\n"
                     "logo = {url = \"https://a/l\", type = \"image/png\"}",
                     "c.toml:5: party.logo.type must have 1 to 4 characters, such as \"png\" or "
                     "\"svg\""},
             example{"[[party]]\ncountry_code = \"ES\"\nparty_id = \"ABC\"\nroles = [\"CPO\"]\n"
                     "logo = {url = \"https://a/l\", type = \"svg\", width = 0}",
                     "c.toml:5: party.logo.width must be a whole number from 1 to 99999"},
             example{"[[party]]\ncountry_code = \"ES\"\nparty_id = \"ABC\"\nroles = [1]",
                     "c.toml:4: party.roles must be a list of texts"},
             example{"[[party]]\ncountry_code = \"ES\"\nparty_id = \"ABC\"\nroles = \"CPO\"",
                     "c.toml:4: party.roles must be a list of texts"},
             example{"[paging]\nmax_limit = 0",
                     "c.toml:2: paging.max_limit must be a whole number from 1 to 100000"},
             example{"[paging]\nmax_limit = 1.5",
                     "c.toml:2: paging.max_limit must be a whole number from 1 to 100000"},
             example{"[paging]\ndefault_limit = 10\nmax_limit = 5",
                     "c.toml:2: paging.default_limit is larger than paging.max_limit"},
             example{"[limits]\nidle_timeout = 0",
                     "c.toml:2: limits.idle_timeout must be a number of seconds, at least 0.001 "
                     "and at most 86400"},
             example{"[limits]\nidle_timeout = nan",
                     "c.toml:2: limits.idle_timeout must be a number of seconds, at least 0.001 "
                     "and at most 86400"},
             example{"[limits]\nidle_timeout = \"1\"",
                     "c.toml:2: limits.idle_timeout must be a number of seconds, at least 0.001 "
                     "and at most 86400"},
             example{"[status]\nfinal_reading_timeout = -1",
                     "c.toml:2: status.final_reading_timeout must be a number of seconds, at "
                     "least 0 and at most 315360000"},
             example{"[status]\ntimeout = 1", "c.toml:2: status.timeout is not a known key"},
             example{
                 "[pricing]\ntime_zone = \"Mars/Base\"",
                 "c.toml:2: pricing.time_zone has \"Mars/Base\", which this machine's time zone "
                 "database does not; a time zone is \"Europe/Madrid\" or \"UTC\""},
             example{"[pricing]\nzone = \"UTC\"", "c.toml:2: pricing.zone is not a known key"},
             example{"[[evse]]\ncountry_code = \"ES\"\nparty_id = \"ABC\"\nlocation_id = \"*\"\n"
                     "evse_uid = \"*\"\ntime_zone = \"Madrid\"",
                     "c.toml:6: evse.time_zone has \"Madrid\", which this machine's time zone "
                     "database does not; a time zone is \"Europe/Madrid\" or \"UTC\""},
             example{"[log]\nlevel = \"loud\"",
                     "c.toml:2: log.level must be debug, info, warning or error"},
             example{"[[token]]\nname = \"n\"\nkind = \"king\"\ntoken = \"t\"",
                     "c.toml:2: token.name \"n\": the kind of a token is partner, operator or "
                     "driver, not \"king\""},
         }) {
        CAPTURE(text);
        CHECK(complaint(text) == complained);
    }
    CHECK(complaint("listen = \"a\nb\"").starts_with("c.toml:1: "));
    CHECK(complaint("a = 1\na = 2").starts_with("c.toml:2: "));
}

TEST_CASE("app/config: origins of web pages are exact, or all")
{
    CHECK(app::parse_config("[cors]\nallowed_origins = [\"*\"]", "c.toml").cors_origins ==
          std::vector<std::string>{"*"});
    CHECK(complaint("[cors]\nallowed_origins = [\"https://app.example.com/\"]") ==
          "c.toml:2: cors.allowed_origins has \"https://app.example.com/\"; an origin is "
          "\"https://app.example.com\", in lower case and without a path, or \"*\" for all");
    CHECK(complaint("[cors]\nallow_origins = []") ==
          "c.toml:2: cors.allow_origins is not a known key");
}

TEST_CASE("app/config: the time zone of prices")
{
    CHECK_FALSE(app::parse_config("[pricing]\n", "c.toml").pricing_zone);
    const auto read = app::parse_config("[pricing]\ntime_zone = \"Europe/Madrid\"\n", "c.toml");
    REQUIRE(read.pricing_zone);
    CHECK(read.pricing_zone->name() == "Europe/Madrid");
}

TEST_CASE("app/config: a complaint never repeats a token")
{
    const auto said = complaint("[[token]]\nname = \"n\"\nkind = \"king\"\ntoken = \"s3cret\"");
    CHECK_FALSE(said.empty());
    CHECK(said.find("s3cret") == std::string::npos);
}

TEST_CASE("app/config: a size that the server could not count with is refused")
{
    CHECK_FALSE(complaint("[limits]\nheader_bytes = 4294967296").empty());
    CHECK_FALSE(complaint("[limits]\nbody_bytes = 9223372036854775807").empty());
    CHECK_FALSE(complaint("[limits]\nidle_timeout = 0.0001").empty());
    CHECK(complaint("[limits]\nbody_bytes = 8388608\nheader_bytes = 65536").empty());
}

TEST_CASE("app/config: the memory for bodies has room for the largest one")
{
    const auto memory = [](const std::string& text) {
        return app::parse_config("[limits]\n" + text, "c.toml").limits.body_memory;
    };
    CHECK(memory("") == 64 * 1024 * 1024);
    CHECK(memory("body_bytes = 8388608") == 64 * 1024 * 1024);
    CHECK(memory("body_bytes = 1073741824") == 2147483648);
    CHECK(complaint("[limits]\nbody_bytes = 100\nbody_memory = 199")
              .find("c.toml:3: limits.body_memory must be at least twice") != std::string::npos);
    CHECK(complaint("[limits]\nbody_bytes = 100\nbody_memory = 200").empty());
}

TEST_CASE("app/config: a file that is not there is an error that names it")
{
    const test::temporary_directory directory;
    CHECK_THROWS_WITH_AS(
        app::read_config(directory.file("none.toml")),
        ("the configuration file " + directory.file("none.toml") + " cannot be read").c_str(),
        std::runtime_error);
    std::ofstream(directory.file("c.toml")) << "listen = \"h:1\"\n";
    CHECK(app::read_config(directory.file("c.toml")).listen == "h:1");
    std::ofstream(directory.file("empty.toml")).flush();
    CHECK(app::read_config(directory.file("empty.toml")).listen == "127.0.0.1:8000");
}

TEST_CASE("app/config: names of tokens are unique, and so are parties")
{
    const std::string token = "[[token]]\nname = \"a\"\nkind = \"operator\"\ntoken = \"t\"\n";
    CHECK(complaint(token).empty());
    CHECK(complaint(token + "[[token]]\nname = \"A\"\nkind = \"operator\"\ntoken = \"u\"\n")
              .find("token.name is that of another token") != std::string::npos);
    CHECK(complaint("[[token]]\nname = \"a\"\nkind = \"operator\"\ntoken = \"with space\"\n")
              .find("token.token") != std::string::npos);
    const std::string own =
        "[[party]]\ncountry_code = \"ES\"\nparty_id = \"ABC\"\nroles = [\"CPO\"]\n";
    CHECK(complaint(own).empty());
    CHECK(complaint(own + own).find("names a party twice") != std::string::npos);
}

TEST_CASE("app/config: the admin listener has an address of its own")
{
    CHECK(complaint("[admin]\n").find("admin.listen") != std::string::npos);
    CHECK(complaint("listen = \"127.0.0.1:1\"\n[admin]\nlisten = \"127.0.0.1:1\"\n")
              .find("must be another address") != std::string::npos);
    CHECK(complaint("listen = \"127.0.0.1:0\"\n[admin]\nlisten = \"127.0.0.1:0\"\n").empty());
}

}  // namespace config_test
