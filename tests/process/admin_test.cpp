// Health, readiness and metrics of the real executable, with a partner and traffic, and the
// dashboard and the alerts that are made of them.

#include "ocpi/json/document.hpp"
#include "tests/support/certificate_authority.hpp"
#include "tests/support/platform_process.hpp"
#include "tests/support/project_directory.hpp"
#include "tests/support/run_shell.hpp"

#include <doctest/doctest.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace admin_test {

using namespace ocpi;

namespace {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path)
{
    std::ifstream file(path);
    REQUIRE(file);
    return std::string(std::istreambuf_iterator<char>(file), {});
}

fs::path project_file(const char* path)
{
    return fs::path(test::project_directory()) / path;
}

const std::string admin_settings = "[admin]\nlisten = \"127.0.0.1:0\"\n";

/// The address of a server's admin listener.
std::string admin_url_of(test::server_process& server)
{
    const std::string begin = "admin on ";
    const auto line = server.read_line();
    REQUIRE(line.starts_with(begin));
    return line.substr(begin.size());
}

/// `CODE BODY`
std::string get(const std::string& url)
{
    auto outcome = test::run_shell("curl --silent --show-error --write-out ' %{http_code}' " + url);
    const auto code = outcome.output.rfind(' ');
    REQUIRE(code != std::string::npos);
    return outcome.output.substr(code + 1) + ' ' + outcome.output.substr(0, code);
}

std::string scrape(const std::string& admin_url)
{
    const auto answer = get(admin_url + "/metrics");
    REQUIRE(answer.starts_with("200 "));
    return answer.substr(4);
}

/// The names of all samples, those of histograms with their endings.
std::set<std::string> names_in(const std::string& metrics)
{
    static const std::regex sample("(^|\n)([a-z_]+)[ {]");
    std::set<std::string> names;
    for (std::sregex_iterator each(metrics.begin(), metrics.end(), sample), end; each != end;
         ++each) {
        names.insert((*each)[2]);
    }
    return names;
}

/// A name without the ending of a histogram's samples.
std::string without_ending(std::string name)
{
    for (const std::string end : {"_bucket", "_sum", "_count"}) {
        if (name.ends_with(end)) return name.substr(0, name.size() - end.size());
    }
    return name;
}

/// The names of metrics, and of whole histograms, in texts with PromQL.
std::set<std::string> names_used(const std::string& text)
{
    static const std::regex name("\\b(ocpi|process)_[a-z_]+\\b");
    std::set<std::string> names;
    for (std::sregex_iterator each(text.begin(), text.end(), name), end; each != end; ++each) {
        names.insert(each->str());
    }
    names.erase("ocpi_status");  // a label
    return names;
}

/// All values of members `expr`, at any depth.
void collect_queries(json::value in, std::vector<std::string>& found)
{
    if (!in.is(json::kind::object) && !in.is(json::kind::array)) return;
    for (const auto each : in) {
        if (each.name() == "expr") found.emplace_back(each.string());
        collect_queries(each, found);
    }
}

std::string replace_all(std::string text, const std::string& from, const std::string& to)
{
    for (auto at = text.find(from); at != text.npos; at = text.find(from, at + to.size())) {
        text.replace(at, from.size(), to);
    }
    return text;
}

std::vector<std::string> dashboard_queries()
{
    const auto dashboard =
        json::parse(read_file(project_file("contrib/grafana/ocpi-sessions.json")));
    REQUIRE(dashboard.has_value());
    std::vector<std::string> queries;
    collect_queries(dashboard->root(), queries);
    for (auto& each : queries) {
        each = replace_all(each, "$__rate_interval", "1m");
        each = replace_all(replace_all(each, "$job", ".+"), "$instance", ".+");
    }
    REQUIRE(queries.size() > 20);
    return queries;
}

std::string session(const std::string& id)
{
    return R"({"country_code":"ES","party_id":"CPO","id":")" + id +
           R"(","start_date_time":"2026-06-01T10:00:00Z","kwh":1,)"
           R"("cdr_token":{"country_code":"ES","party_id":"EMP","uid":"U","type":"RFID",)"
           R"("contract_id":"C"},"auth_method":"WHITELIST","location_id":"L","evse_uid":"E",)"
           R"("connector_id":"1","currency":"EUR","status":"ACTIVE",)"
           R"("last_updated":"2026-06-01T10:00:00Z"})";
}

/// A value of a scrape, by the whole name of its sample; empty when there is none.
std::string value_of(const std::string& metrics, const std::string& sample)
{
    const auto at = ("\n" + metrics).find("\n" + sample + ' ');
    if (at == std::string::npos) return {};
    const auto begin = at + sample.size() + 1;
    return metrics.substr(begin, metrics.find('\n', begin) - begin);
}

/// Settings of a server with TLS.
std::string tls_settings(const test::temporary_directory& directory)
{
    const test::certificate_authority authority;
    const auto issued = authority.issue("127.0.0.1");
    std::ofstream(directory.file("server.pem")) << issued.chain;
    std::ofstream(directory.file("server.key")) << issued.key;
    return "[tls]\ncertificate = \"" + directory.file("server.pem") + "\"\nkey = \"" +
           directory.file("server.key") + "\"\n";
}

}  // namespace

TEST_CASE(
    "admin: all metrics that dashboard and alerts name are scraped, and promtool accepts them")
{
    const test::temporary_directory directory;
    test::platform_process cpo(directory, "cpo", "CPO", "CPO", admin_settings);
    test::platform_process emsp(directory, "emsp", "EMP", "EMSP", admin_settings);
    const auto cpo_admin = admin_url_of(cpo.server());
    const auto emsp_admin = admin_url_of(emsp.server());
    test::register_with(cpo, "emsp", emsp);
    const std::string path = "/ocpi/cpo/2.3.0/sessions/ES/CPO/S1";
    REQUIRE(test::is_acknowledged(cpo.ask("PUT", path, session("S1"))));
    REQUIRE(test::comes_true([&] {
        return value_of(scrape(cpo_admin),
                        R"(ocpi_push_deliveries_total{partner="emsp",outcome="acknowledged"})") ==
               "1";
    }));
    REQUIRE(test::comes_true([&] {
        const auto pulled = scrape(emsp_admin);
        const auto success =
            value_of(pulled, R"(ocpi_pull_last_success_timestamp_seconds{partner="cpo"})");
        return !success.empty() && success != "0";
    }));
    // The partner is gone: it lacks the next change.
    const std::string changed = R"({"kwh":2,"last_updated":"2026-06-01T10:10:00Z"})";
    emsp.kill();
    REQUIRE(test::is_acknowledged(cpo.ask("PATCH", path, changed)));
    const std::string lag = R"(ocpi_push_lag_seconds{partner="emsp"})";
    CHECK(test::comes_true([&] { return std::stod(value_of(scrape(cpo_admin), lag)) > 0.0; }));
    CHECK(test::comes_true([&] {
        return value_of(scrape(cpo_admin), R"(ocpi_push_backlog{partner="emsp"})") == "1";
    }));
    const auto metrics = scrape(cpo_admin);
    CHECK(value_of(metrics, "ocpi_ready") == "1");
    CHECK(value_of(metrics, "ocpi_sessions_live") == "1");
    CHECK(value_of(metrics, "ocpi_sessions_stale") == "1");
    CHECK_MESSAGE(metrics.find(R"(ocpi_http_requests_total{method="PUT",route="/ocpi/cpo/)") !=
                      std::string::npos,
                  metrics);

    emsp.start();
    const auto again_url = admin_url_of(emsp.server());
    REQUIRE(test::comes_true([&] {
        return scrape(again_url).find("ocpi_pull_objects_total{partner=\"cpo\"") !=
               std::string::npos;
    }));
    const auto with_pulls = scrape(again_url);
    test::platform_process secure(directory, "secure", "TLS", "CPO",
                                  admin_settings + tls_settings(directory));
    const auto with_tls = scrape(admin_url_of(secure.server()));

    std::set<std::string> names;
    const auto file = directory.file("metrics");
    for (const auto& each : {metrics, with_pulls, with_tls}) {
        names.merge(names_in(each));
        std::ofstream(file) << each;
        const auto checked = test::run_shell("promtool check metrics < " + file);
        CHECK_MESSAGE(checked.exit_status == 0, checked.output);
        CHECK_MESSAGE(checked.output.empty(), checked.output);
    }
    for (const auto& name : std::set<std::string>(names)) names.insert(without_ending(name));
    for (const auto& query : dashboard_queries()) {
        for (const auto& name : names_used(query)) CHECK_MESSAGE(names.contains(name), name);
    }
    const auto rules = read_file(project_file("contrib/prometheus/ocpi-sessions.rules.yml"));
    for (const auto& name : names_used(rules)) CHECK_MESSAGE(names.contains(name), name);
    // And the other way: each metric is described.
    const auto described = read_file(project_file("docs/metrics.md"));
    for (const auto& name : names) {
        CHECK_MESSAGE(described.find('`' + without_ending(name)) != std::string::npos, name);
    }
}

TEST_CASE("admin: promtool accepts the alerts and the dashboard's queries, and each alert fires")
{
    const auto rules = project_file("contrib/prometheus/ocpi-sessions.rules.yml").string();
    const auto checked = test::run_shell("promtool check rules " + rules);
    CHECK_MESSAGE(checked.exit_status == 0, checked.output);
    const auto tests = project_file("tests/contrib/prometheus/rules_test.yml").string();
    const auto tested = test::run_shell("promtool test rules " + tests);
    CHECK_MESSAGE(tested.exit_status == 0, tested.output);
    const auto tests_text = read_file(tests);
    static const std::regex alert("- alert: (\\w+)");
    const auto text = read_file(rules);
    for (std::sregex_iterator each(text.begin(), text.end(), alert), end; each != end; ++each) {
        CHECK_MESSAGE(tests_text.find("alertname=\"" + (*each)[1].str() +
                                      "\",alertstate=\"firing\"") != std::string::npos,
                      (*each)[1].str());
    }

    const test::temporary_directory directory;
    const auto queries = directory.file("queries.yml");
    std::ofstream file(queries);
    file << "groups:\n  - name: dashboard\n    rules:\n";
    int count = 0;
    for (const auto& query : dashboard_queries()) {
        file << "      - record: query_" << ++count << "\n        expr: |\n          " << query
             << '\n';
    }
    file.close();
    const auto parsed = test::run_shell("promtool check rules " + queries);
    CHECK_MESSAGE(parsed.exit_status == 0, parsed.output);
}

TEST_CASE("admin: readiness names what is wrong, and health and metrics are answered meanwhile")
{
    const test::temporary_directory directory;
    test::platform_process platform(directory, "one", "CPO", "CPO", admin_settings);
    const auto admin = admin_url_of(platform.server());
    CHECK(get(admin + "/healthz") == "200 ok\n");
    CHECK(get(admin + "/readyz") == "200 []\n");
    CHECK(get(admin + "/").starts_with("404 "));
    CHECK(get("--request POST " + admin + "/readyz").starts_with("405 "));
    CHECK(get(platform.server().url() + "/metrics").starts_with("401 "));
    CHECK(get(platform.server().url() + "/readyz").starts_with("401 "));

    const auto database = directory.file("one.db");
    fs::rename(database, database + ".away");
    const auto unready = get(admin + "/readyz");
    CHECK_MESSAGE(unready.starts_with("503 [\"store not writable: "), unready);
    CHECK(value_of(scrape(admin), "ocpi_ready") == "0");
    CHECK(get(admin + "/healthz") == "200 ok\n");
    CHECK(value_of(scrape(admin), R"(ocpi_store_errors_total{operation="write"})") != "0");
    fs::rename(database + ".away", database);
    CHECK(get(admin + "/readyz") == "200 []\n");
}

TEST_CASE("admin: while the server drains it is not ready, and the admin listener answers")
{
    const test::temporary_directory directory;
    test::platform_process platform(directory, "one", "CPO", "CPO", admin_settings);
    auto& server = platform.server();
    const auto admin = admin_url_of(server);
    // A request that has not arrived as a whole is waited for.
    test::socket_client slow(server.endpoint());
    REQUIRE(
        slow.send("PUT /ocpi/cpo/2.3.0/sessions/ES/CPO/S1 HTTP/1.1\r\nHost: a\r\n"
                  "Authorization: Token operator\r\nContent-Length: 10\r\n"
                  "Expect: 100-continue\r\n\r\n"));
    const auto interim = slow.read_response();
    REQUIRE(interim);
    REQUIRE(interim->status == 100);
    server.signal(SIGTERM);
    CHECK(test::comes_true([&] { return get(admin + "/readyz") == "503 [\"draining\"]\n"; }));
    CHECK(get(admin + "/healthz") == "200 ok\n");
    CHECK(value_of(scrape(admin), "ocpi_http_connections") == "1");
    REQUIRE(slow.send("0123456789"));
    CHECK(slow.read_response().has_value());
    CHECK(server.wait() == 0);
}

TEST_CASE("admin: an address that is taken is named")
{
    const test::temporary_directory directory;
    test::platform_process platform(directory, "one", "CPO", "CPO", admin_settings);
    const auto taken = admin_url_of(platform.server()).substr(7);
    const auto config = directory.file("two.toml");
    std::ofstream(config) << "[admin]\nlisten = \"" << taken << "\"\n";
    const auto outcome = test::run_command(
        {"serve", "--listen", "127.0.0.1:0", "--config", config, "--database", "memory:"});
    CHECK(outcome.exit_status == 2);
    CHECK(outcome.errors.find("admin.listen: cannot listen on " + taken) != std::string::npos);
}

}  // namespace admin_test
