// The examples of contrib/ for nginx and HAProxy, as they are but for ports and paths, before the
// real executable.

#include "ocpi/base/ci_string.hpp"
#include "ocpi/json/document.hpp"
#include "tests/support/certificate_authority.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/project_directory.hpp"
#include "tests/support/run_shell.hpp"
#include "tests/support/scripted_peer.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <functional>
#include <memory>
#include <mutex>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace proxy_test {

using namespace ocpi;
using test::child_process;
using test::eventually;
using test::free_port;
using test::is_listening;
using test::read_file;

namespace {

/// An example with ports and paths of this test: what is replaced must be in it.
class example {
public:
    explicit example(const std::string& path)
        : text_(read_file((test::project_directory() / path).string()))
    {
    }
    example& replace(const std::string& from, const std::string& to)
    {
        auto at = text_.find(from);
        CHECK_MESSAGE(at != std::string::npos, from, " is not in the example");
        for (; at != std::string::npos; at = text_.find(from, at + to.size())) {
            text_.replace(at, from.size(), to);
        }
        return *this;
    }
    const std::string& text() const { return text_; }

private:
    std::string text_;
};

enum class product { nginx, haproxy };

/// A proxy with its certificate, before whatever listens on that port.
class proxy {
public:
    proxy(product which, unsigned short upstream, unsigned short admin) : which_(which)
    {
        const auto issued = authority_.issue("127.0.0.1");
        write("ca.pem", authority_.pem());
        const auto server = "127.0.0.1:" + std::to_string(upstream);
        if (which == product::nginx) {
            configure_nginx(issued, server);
        } else {
            configure_haproxy(issued, server, std::to_string(admin));
        }
    }

    test::shell_outcome check() const { return test::run_shell(check_); }

    void start()
    {
        process_ = std::make_unique<child_process>(words_, file("output"));
        const bool is_up = eventually([this] { return is_listening(port_); });
        REQUIRE_MESSAGE(is_up, read_file(file("output")), read_file(file("error.log")));
    }

    void reload() const { process_->signal(which_ == product::nginx ? SIGHUP : SIGUSR2); }

    std::string curl(const std::string& arguments, const std::string& target) const
    {
        return "curl --silent --show-error --max-time 30 --cacert " + file("ca.pem") +
               " --header 'Authorization: Token your-token' " + arguments +
               " https://127.0.0.1:" + port_ + target;
    }
    std::string redirect_url() const { return "http://127.0.0.1:" + redirect_port_; }

    std::string file(const std::string& name) const { return directory_.file(name); }
    std::string write(const std::string& name, const std::string& text) const
    {
        std::ofstream(file(name)) << text;
        return file(name);
    }

private:
    void configure_nginx(const test::certificate& issued, const std::string& server)
    {
        example config("contrib/nginx/ocpi-sessions.conf");
        config.replace("127.0.0.1:8000", server)
            .replace("    listen [::]:443 ssl;\n", "")
            .replace("    listen [::]:80;\n", "")
            .replace("listen 443 ", "listen 127.0.0.1:" + port_ + ' ')
            .replace("listen 80;", "listen 127.0.0.1:" + redirect_port_ + ';')
            .replace("/etc/ssl/ocpi-sessions/fullchain.pem", write("chain.pem", issued.chain))
            .replace("/etc/ssl/ocpi-sessions/privkey.pem", write("key.pem", issued.key));
        write("ocpi-sessions.conf", config.text());
        std::string main = ::geteuid() == 0 ? "user root;\n" : "";
        main += "daemon off;\nworker_processes 2;\npid " + file("pid") + ";\nerror_log " +
                file("error.log") + ";\nevents {}\nhttp {\naccess_log off;\n";
        for (const char* kind : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"}) {
            main += kind + std::string("_temp_path ") + file(kind) + ";\n";
        }
        main += "include " + file("ocpi-sessions.conf") + ";\n}\n";
        const auto path = write("nginx.conf", main);
        words_ = {"/usr/sbin/nginx", "-p", file(""), "-e", file("error.log"), "-c", path};
        check_ = "/usr/sbin/nginx -t -p " + file("") + " -e " + file("error.log") + " -c " + path;
    }

    void configure_haproxy(const test::certificate& issued, const std::string& server,
                           const std::string& admin)
    {
        example config("contrib/haproxy/ocpi-sessions.cfg");
        config.replace("127.0.0.1:8000", server)
            .replace("bind :443 ", "bind 127.0.0.1:" + port_ + ' ')
            .replace("bind :80\n", "bind 127.0.0.1:" + redirect_port_ + '\n')
            .replace("port 9464 inter 2s", "port " + admin + " inter 100ms")
            .replace("/etc/haproxy/ocpi-sessions.pem",
                     write("both.pem", issued.chain + issued.key));
        const auto path = write("haproxy.cfg", config.text());
        words_ = {"/usr/sbin/haproxy", "-W", "-f", path};
        check_ = "/usr/sbin/haproxy -c -f " + path;
    }

    const product which_;
    const test::temporary_directory directory_;
    const test::certificate_authority authority_;
    const std::string port_ = free_port();
    const std::string redirect_port_ = free_port();
    std::vector<std::string> words_;
    std::string check_;
    std::unique_ptr<child_process> process_;
};

/// The server with its admin listener, and a proxy before both.
struct proxied_server {
    std::atomic<bool> is_ready = true;
    test::server_process server{{"--dev", "--database", "memory:"}};
    test::scripted_peer admin{[this](const http::request&) {
        http::response answer;
        answer.status = is_ready ? 200 : 503;
        return test::peer_reply(std::move(answer));
    }};
    proxy before;

    explicit proxied_server(product which) : before(which, server.endpoint().port(), admin.port())
    {
        const auto checked = before.check();
        REQUIRE_MESSAGE(checked.exit_status == 0, checked.output);
        before.start();
    }

    std::string target(const std::string& id) const
    {
        return "/ocpi/emsp/2.3.0/sessions/ES/ABC/" + id;
    }
    std::string write_session(const std::string& id, std::size_t filler = 0) const
    {
        return before.write(
            id + ".json",
            R"({"country_code":"ES","party_id":"ABC","id":")" + id +
                R"(","start_date_time":"2026-06-01T10:00:00Z","kwh":0,"location_id":"L",)"
                R"("evse_uid":"E","connector_id":"1","currency":"EUR","status":"ACTIVE",)"
                R"("cdr_token":{"country_code":"NL","party_id":"MSP","uid":"U","type":"RFID",)"
                R"("contract_id":"C1"},"auth_method":"WHITELIST",)"
                R"("filler":")" +
                std::string(filler, 'x') + R"(","last_updated":"2026-06-01T10:00:00Z"})");
    }
    test::shell_outcome put(const std::string& id, std::size_t filler = 0) const
    {
        return test::run_shell(before.curl(
            "--write-out ' %{http_code}' --request PUT --data-binary @" + write_session(id, filler),
            target(id)));
    }
};

bool contains(const std::string& text, const std::string& part)
{
    return text.find(part) != std::string::npos;
}

void try_requests(product which)
{
    const proxied_server by(which);
    const auto put = by.put("1");
    CHECK_MESSAGE(contains(put.output, "\"status_code\":1000"), put.output);
    const auto got = test::run_shell(by.before.curl("", by.target("1")));
    CHECK_MESSAGE(contains(got.output, "\"id\":\"1\""), got.output);
    // Paths are passed on as they are.
    const auto encoded =
        test::run_shell(by.before.curl("--write-out ' %{http_code}'", by.target("a%2Fb")));
    CHECK_MESSAGE(encoded.output.ends_with(" 404"), encoded.output);
    const auto large = by.put("large", 1'000'000);
    CHECK_MESSAGE(contains(large.output, "\"status_code\":1000"), large.output);
    const auto too_large = by.put("too-large", 1'100'000);
    CHECK_MESSAGE(contains(too_large.output, "\"status_code\":2000"), too_large.output);
    CHECK(contains(too_large.output, "\"timestamp\":\"20"));
    CHECK(contains(too_large.output, "Z\""));
    CHECK(too_large.output.ends_with(" 413"));
    const auto redirect = test::run_shell(
        "curl --silent --output /dev/null --write-out "
        "'%{http_code} %{redirect_url}' " +
        by.before.redirect_url() + "/ocpi/versions");
    CHECK_MESSAGE(redirect.output.starts_with("308 https://"), redirect.output);
}

/// What curl reads of a stream, line by line, while it stays open.
class event_reader {
public:
    explicit event_reader(const std::string& command) : pipe_(::popen(command.c_str(), "r"))
    {
        REQUIRE(pipe_ != nullptr);
    }
    /// Waits for curl, hence for the end of the stream.
    ~event_reader() { ::pclose(pipe_); }
    event_reader(const event_reader&) = delete;
    event_reader& operator=(const event_reader&) = delete;

    /// The line with that text; empty when the stream ends before.
    std::string read_line_with(const std::string& text)
    {
        std::array<char, 4096> part;
        std::string line;
        while (std::fgets(part.data(), part.size(), pipe_) != nullptr) {
            line += part.data();
            if (!line.ends_with('\n')) continue;
            if (line.find(text) != std::string::npos) return line;
            line.clear();
        }
        return {};
    }

private:
    std::FILE* pipe_;
};

/// What is not passed on at once is not read before curl gives up.
void read_events(product which)
{
    proxied_server by(which);
    event_reader all(by.before.curl("--no-buffer", "/v1/events"));
    CHECK_FALSE(all.read_line_with("retry:").empty());
    const auto put = by.put("event");
    CHECK_MESSAGE(contains(put.output, "\"status_code\":1000"), put.output);
    const auto data = all.read_line_with("data:");
    const auto parsed =
        json::parse(std::string_view(data).substr(std::min<std::size_t>(data.size(), 5)));
    REQUIRE_MESSAGE(parsed.has_value(), data);
    const std::string id(parsed->root().find_string("id"));

    event_reader one(by.before.curl("--no-buffer", "/v1/sessions/" + id + "/events"));
    CHECK_FALSE(one.read_line_with("event: status").empty());
    CHECK(by.server.terminate() == 0);
}

void reload_under_traffic(product which)
{
    const proxied_server by(which);
    std::atomic<bool> is_over = false;
    std::atomic<int> answered = 0;
    std::mutex mutex;
    std::vector<std::string> failures;
    std::vector<std::jthread> callers;
    for (int i = 0; i < 3; ++i) {
        callers.emplace_back([&, i] {
            const auto id = "reload-" + std::to_string(i);
            // Three on one connection, so that some are kept alive while the proxy is reloaded.
            const auto url = by.target(id);
            const auto first =
                by.before.curl("--write-out '%{http_code}\\n' --request PUT --data-binary @" +
                                   by.write_session(id) +
                                   " --output /dev/null --output /dev/null "
                                   "--output /dev/null",
                               url);
            const auto again = ' ' + first.substr(first.rfind("https://"));
            while (!is_over) {
                const auto outcome = test::run_shell(first + again + again);
                std::istringstream codes(outcome.output);
                int good = 0;
                for (std::string code; codes >> code;) good += code == "200" || code == "201";
                if (good != 3 || outcome.exit_status != 0) {
                    const std::lock_guard lock(mutex);
                    failures.push_back(outcome.output);
                }
                answered += good;
            }
        });
    }
    for (int i = 0; i < 5; ++i) {
        const int before = answered;
        const bool goes_on =
            eventually([&] { return answered >= before + 12 || !failures.empty(); });
        CHECK(goes_on);
        by.before.reload();
    }
    const int before = answered;
    CHECK(eventually([&] { return answered >= before + 12; }));
    is_over = true;
    callers.clear();  // joins them
    for (const auto& each : failures) CHECK_MESSAGE(each.empty(), each);
    CHECK(failures.empty());
}

void forward_addresses(product which)
{
    std::mutex mutex;
    std::vector<http::request> received;
    test::scripted_peer upstream([&](const http::request& request) {
        const std::lock_guard lock(mutex);
        received.push_back(request);
        http::response answer;
        answer.status = 200;
        return test::peer_reply(std::move(answer));
    });
    proxy before(which, upstream.port(), upstream.port());
    before.start();
    const auto is_through = [&] {
        return contains(test::run_shell(before.curl("--write-out ' %{http_code}' --header "
                                                    "'X-Forwarded-For: 192.0.2.1' --header "
                                                    "'Forwarded: for=192.0.2.1'",
                                                    "/ocpi/versions"))
                            .output,
                        " 200");
    };
    REQUIRE(eventually(is_through));
    const std::lock_guard lock(mutex);
    const http::request* last = nullptr;
    for (const auto& each : received) {
        if (each.target == "/ocpi/versions") last = &each;
    }
    REQUIRE(last != nullptr);
    std::vector<std::string> claims;
    for (const auto& [name, value] : last->headers) {
        const auto folded = fold_case(name);
        if (folded == "X-FORWARDED-FOR" || folded == "FORWARDED") claims.push_back(value);
    }
    CHECK(std::set<std::string>(claims.begin(), claims.end()) ==
          std::set<std::string>{"127.0.0.1", "for=127.0.0.1;proto=https"});
    CHECK(claims.size() == 2);
}

}  // namespace

TEST_CASE("proxy: requests and large bodies pass nginx, and what is too large has an envelope")
{
    try_requests(product::nginx);
}

TEST_CASE("proxy: requests and large bodies pass HAProxy, and what is too large has an envelope")
{
    try_requests(product::haproxy);
}

TEST_CASE("proxy: nginx passes live events on at once")
{
    read_events(product::nginx);
}

TEST_CASE("proxy: HAProxy passes live events on at once")
{
    read_events(product::haproxy);
}

TEST_CASE("proxy: nginx and HAProxy name the client, whatever it claims itself")
{
    forward_addresses(product::nginx);
    forward_addresses(product::haproxy);
}

TEST_CASE("proxy: nginx is reloaded under traffic without losing a request")
{
    reload_under_traffic(product::nginx);
}

TEST_CASE("proxy: HAProxy is reloaded under traffic without losing a request")
{
    reload_under_traffic(product::haproxy);
}

TEST_CASE("proxy: HAProxy asks the admin listener, and answers with an envelope when not ready")
{
    proxied_server by(product::haproxy);
    const auto answers = [&](const std::string& text) {
        return eventually([&] {
            const auto got = test::run_shell(by.before.curl("", "/ocpi/versions"));
            return contains(got.output, text);
        });
    };
    CHECK(answers("\"status_code\":1000"));
    by.is_ready = false;
    CHECK(answers("\"status_message\":\"the server cannot be reached\""));
    by.is_ready = true;
    CHECK(answers("\"status_code\":1000"));
}

TEST_CASE("proxy: nginx answers with an envelope when the server is gone")
{
    proxied_server by(product::nginx);
    by.server.kill();
    const auto got =
        test::run_shell(by.before.curl("--write-out ' %{http_code}'", "/ocpi/versions"));
    CHECK_MESSAGE(contains(got.output, "\"status_code\":3000"), got.output);
    CHECK(got.output.ends_with(" 503"));
}

}  // namespace proxy_test
