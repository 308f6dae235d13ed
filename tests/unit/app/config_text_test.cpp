#include "app/config_text.hpp"

#include "app/reload.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace config_text_test {

using namespace ocpi;
using names = std::vector<std::string>;

namespace {

/// Every key, with a value that is not its default.
constexpr const char* complete = R"(
listen = "0.0.0.0:1"
public_url = "https://ocpi.example.com"
database = "postgresql://user:hidden-word@db.example/ocpi"
database_password_file = "/etc/db-password"
allow_lost_writes = true
[[party]]
country_code = "ES"
party_id = "ABC"
roles = ["CPO", "EMSP"]
name = "Quotes \" \\ and a tab\t"
website = "https://abc.example"
logo = {url = "https://abc.example/l.png", type = "png", thumbnail = "https://abc.example/s.png", width = 512, height = 256}
[[party]]
country_code = "DE"
party_id = "XYZ"
roles = ["SCSP"]
[[evse]]
country_code = "ES"
party_id = "ABC"
location_id = "L"
evse_uid = "*"
capabilities = ["CHARGING_PREFERENCES_CAPABLE"]
profile_types = ["CHEAP", "FAST"]
requires = ["departure_time", "energy_need"]
max_power_kw = 7.4
time_zone = "Europe/Madrid"
tariff_ids = {REGULAR = "T1", FAST = "T 2"}
[[token]]
name = "bec"
kind = "partner"
roles = ["CPO:BE*BEC"]
profile = "tolerant"
registration = true
trusted = true
token = "hidden-token-1"
[[token]]
name = "driver"
kind = "driver"
contracts = ["ES-ABC-1"]
token = "hidden-token-2"
[paging]
default_limit = 5
max_limit = 10
[cors]
allowed_origins = ["https://app.example.com"]
[limits]
max_connections = 7
body_bytes = 1000
header_bytes = 2000
body_memory = 3000
idle_timeout = 1.5
header_timeout = 0.001
body_timeout = 3
write_timeout = 4.25
drain_timeout = 5
page_bytes = 6
lists_per_token = 7
waiting_lists_per_token = 8
header_fields = 9
answer_memory = 100
concurrent_lists = 11
requests_per_second = 12
burst = 13
concurrent_requests = 14
failed_per_minute = 15
trusted_proxies = ["10.0.0.0/8", "2001:db8::/32", "192.0.2.1"]
[admin]
listen = "127.0.0.1:9464"
[tls]
certificate = "c.pem"
key = "k.pem"
client_ca = "ca.pem"
client_certificates = "optional"
handshake_timeout = 2
[web]
enabled = false
name = "ours"
[outbound]
ca_file = "more.pem"
connect_timeout = 1
request_timeout = 2
response_bytes = 3
[status]
final_reading_timeout = 60
[pricing]
time_zone = "Europe/Madrid"
[log]
format = "json"
level = "debug"
access = false
)";

/// What `read` gives when that line of the complete text is another one.
app::config changed(const std::string& line, const std::string& to)
{
    std::string text = complete;
    const auto at = text.find(line);
    REQUIRE(at != std::string::npos);
    text.replace(at, line.size(), to);
    return app::parse_config(text, "c");
}

}  // namespace

TEST_CASE("app/config_text: what is written reads as the same configuration, secrets aside")
{
    for (const char* text : {complete, "", "[log]\nlevel = \"error\"\n"}) {
        const auto read = app::parse_config(text, "c");
        const auto again = app::parse_config(app::write_config(read), "written");
        using app::secrets;
        CHECK(app::describe_config(again, secrets::masked) ==
              app::describe_config(read, secrets::masked));
    }
}

TEST_CASE("app/config_text: no secret is written")
{
    const auto text = app::write_config(app::parse_config(complete, "c"));
    CHECK(text.find("hidden") == std::string::npos);
    CHECK(text.find("token = \"***\"") != std::string::npos);
    CHECK(text.find("postgresql://user@db.example/ocpi") != std::string::npos);
}

TEST_CASE("app/config_text: every value of a configuration is described")
{
    // Each line of the complete text that sets a key is a line of what is written.
    const auto written = app::write_config(app::parse_config(complete, "c"));
    std::string text = complete;
    std::size_t at = 1;
    while (at < text.size()) {
        const auto end = text.find('\n', at);
        const auto line = text.substr(at, end - at);
        at = end + 1;
        if (line.find("hidden") != std::string::npos) continue;
        if (line.starts_with("name = \"Quotes") || line.starts_with("tariff_ids")) continue;
        CAPTURE(line);
        CHECK(written.find(line + '\n') != std::string::npos);
    }
    CHECK(written.find(R"(tariff_ids = {FAST = "T 2", REGULAR = "T1"})") != std::string::npos);
}

TEST_CASE("app/config_text: differences are named, those of tokens and parties by their list")
{
    const auto before = app::parse_config(complete, "c");
    CHECK(app::find_differences(before, before).empty());
    CHECK(app::find_differences(before, changed("level = \"debug\"", "")) == names{"log.level"});
    CHECK(app::find_differences(before, changed("hidden-token-2", "other")) == names{"token"});
    CHECK(app::find_differences(before, changed("hidden-word", "other")) == names{"database"});
    CHECK(app::find_differences(before, changed("ca_file = \"more.pem\"", "")) ==
          names{"outbound.ca_file"});
    CHECK(app::find_differences(before, changed("\"SCSP\"", "\"NSP\"")) == names{"party"});
}

TEST_CASE("app/reload: log and tokens change at once, the rest after a restart")
{
    const auto before = app::parse_config(complete, "c");
    const auto log = app::plan_reload(before, changed("format = \"json\"", "format = \"text\""));
    CHECK(log.applied == names{"log.format"});
    CHECK(log.waiting.empty());
    const auto token = app::plan_reload(before, changed("hidden-token-1", "other"));
    CHECK(token.applied == names{"token"});
    const auto limit = app::plan_reload(before, changed("body_bytes = 1000", "body_bytes = 900"));
    CHECK(limit.applied.empty());
    CHECK(limit.waiting == names{"limits.body_bytes"});
}

TEST_CASE("app/config: every fault is named, with its line and key")
{
    names faults;
    try {
        app::parse_config(R"(listen = 7
public_url = "nowhere"
[[token]]
name = "a"
token = "with space"
[log]
level = "loud"
format = "xml"
access = "yes"
colour = true
[limits]
body_bytes = 0
idle_timeout = "long"
)",
                          "c");
    } catch (const app::config_error& failure) {
        faults = failure.faults();
    }
    std::sort(faults.begin(), faults.end());
    CHECK(faults == names{"c:10: log.colour is not a known key",
                          "c:12: limits.body_bytes must be a whole number from 1 to 1073741824",
                          "c:13: limits.idle_timeout must be a number of seconds, at least 0.001 "
                          "and at most 86400",
                          "c:1: listen must be a text in quotes",
                          "c:2: public_url must be an absolute URL, such as "
                          "\"https://ocpi.example.com\"",
                          "c:3: token.kind is missing",
                          "c:7: log.level must be debug, info, warning or error",
                          "c:8: log.format must be text or json",
                          "c:9: log.access must be true or false"});
}

}  // namespace config_text_test
