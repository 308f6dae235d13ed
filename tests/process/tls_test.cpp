// TLS of the real executable, called by curl.

#include "tests/support/certificate_authority.hpp"
#include "tests/support/run_shell.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/socket_client.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <array>
#include <csignal>
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

namespace tls_test {

using namespace ocpi;

namespace {

struct tls_fixture {
    const test::temporary_directory directory;
    const test::certificate_authority authority;
    const std::string ca = write("ca.pem", authority.pem());
    std::string settings;
    std::unique_ptr<test::server_process> server;

    tls_fixture() { issue(); }

    std::string write(const std::string& name, const std::string& text) const
    {
        const auto path = directory.file(name);
        std::ofstream(path) << text;
        return path;
    }

    /// Another certificate of the server.
    void issue() const
    {
        const auto issued = authority.issue("127.0.0.1");
        write("server.pem", issued.chain);
        write("server.key", issued.key);
    }

    void serve()
    {
        const auto config = write(
            "server.toml", "[tls]\ncertificate = \"" + directory.file("server.pem") +
                               "\"\nkey = \"" + directory.file("server.key") + "\"\n" + settings);
        server = std::make_unique<test::server_process>(
            std::vector<std::string>{"--dev", "--config", config, "--database", "memory:"});
    }

    /// curl of the versions, with these options besides.
    test::shell_outcome curl(const std::string& options = {}) const
    {
        return test::run_shell("curl --silent --show-error --cacert " + ca +
                               " --header 'Authorization: Token your-token' " + options + ' ' +
                               server->url() + "/ocpi/versions");
    }

    std::string client_certificate(const test::certificate_authority& by) const
    {
        const auto issued = by.issue("partner.example");
        return "--cert " + write("client.pem", issued.chain) + " --key " +
               write("client.key", issued.key);
    }
};

}  // namespace

TEST_CASE_FIXTURE(tls_fixture, "tls: the server speaks TLS 1.2 and 1.3, and nothing older")
{
    serve();
    CHECK(server->url().starts_with("https://127.0.0.1:"));
    for (const auto* version : {"--tls-max 1.2", "--tlsv1.3"}) {
        const auto answered = curl(version);
        CHECK(answered.exit_status == 0);
        CHECK(answered.output.find(server->url() + "/ocpi/2.3.0") != std::string::npos);
    }
    CHECK(curl("--tlsv1.0 --tls-max 1.1 --ciphers DEFAULT@SECLEVEL=0").exit_status != 0);
    const auto negotiated = curl("--verbose --http2");
    CHECK(negotiated.output.find("server accepted http/1.1") != std::string::npos);
    CHECK(server->terminate() == 0);
}

TEST_CASE_FIXTURE(tls_fixture, "tls: plain HTTP on a TLS port is closed, not reset")
{
    serve();
    test::socket_client plain(server->endpoint());
    CHECK(plain.send("GET /ocpi/versions HTTP/1.1\r\nHost: localhost\r\n\r\n"));
    CHECK(plain.read_to_end().find("HTTP/1.1") == std::string::npos);
    CHECK(curl().exit_status == 0);
}

TEST_CASE_FIXTURE(tls_fixture, "tls: with client_ca a caller must present a certificate of it")
{
    settings = "client_ca = \"" + ca + "\"\n";
    serve();
    CHECK(curl().exit_status != 0);
    CHECK(curl(client_certificate(test::certificate_authority())).exit_status != 0);
    const auto answered = curl(client_certificate(authority));
    CHECK(answered.exit_status == 0);
    CHECK(answered.output.find("\"status_code\":1000") != std::string::npos);
}

TEST_CASE_FIXTURE(tls_fixture, "tls: an optional client certificate may lack, but not be forged")
{
    settings = "client_ca = \"" + ca + "\"\nclient_certificates = \"optional\"\n";
    serve();
    CHECK(curl().exit_status == 0);
    CHECK(curl(client_certificate(authority)).exit_status == 0);
    CHECK(curl(client_certificate(test::certificate_authority())).exit_status != 0);
}

TEST_CASE_FIXTURE(tls_fixture, "tls: SIGHUP exchanges the certificate, a broken one is refused")
{
    serve();
    const auto serial_of = [&] {
        const auto shown =
            test::run_shell("echo | openssl s_client -connect " + server->url().substr(8) +
                            " -CAfile " + ca + " 2>/dev/null | openssl x509 -noout -serial");
        return shown.output;
    };
    const auto first = serial_of();
    CHECK(first.starts_with("serial="));
    issue();
    server->signal(SIGHUP);
    auto second = serial_of();
    for (int tries = 0; second == first && tries < 1000; ++tries) second = serial_of();
    CHECK(second != first);
    write("server.key", "broken");
    server->signal(SIGHUP);
    CHECK(curl().exit_status == 0);
    CHECK(server->terminate() == 0);
    CHECK(server->errors().find("the TLS certificates were not exchanged") != std::string::npos);
    CHECK(server->errors().find(directory.file("server.key")) != std::string::npos);
}

TEST_CASE_FIXTURE(tls_fixture, "tls: a public URL must be https")
{
    const auto config =
        write("server.toml", "public_url = \"http://ocpi.example.com\"\n[tls]\ncertificate = \"" +
                                 directory.file("server.pem") + "\"\nkey = \"" +
                                 directory.file("server.key") + "\"\n");
    const auto outcome = test::run_command({"serve", "--config", config, "--database", "memory:"});
    CHECK(outcome.exit_status == 2);
    CHECK(outcome.errors.find("https:") != std::string::npos);
}

}  // namespace tls_test
