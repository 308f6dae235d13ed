#include "server/tls_certificates.hpp"

#include "tests/support/certificate_authority.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>

namespace tls_certificates_test {

using namespace ocpi;
using namespace ocpi::server;

namespace {

struct certificate_fixture {
    const test::temporary_directory directory;
    const test::certificate_authority authority;
    tls_options options;

    certificate_fixture()
    {
        options.certificate = directory.file("server.pem");
        options.key = directory.file("server.key");
        issue();
    }

    static void write(const std::string& path, const std::string& text)
    {
        std::ofstream(path) << text;
    }

    void issue()
    {
        const auto issued = authority.issue("localhost");
        write(options.certificate, issued.chain);
        write(options.key, issued.key);
    }

    std::string failure_to_load() const
    {
        try {
            const tls_certificates loaded(options);
        } catch (const std::runtime_error& failure) {
            return failure.what();
        }
        return {};
    }
};

}  // namespace

TEST_CASE_FIXTURE(certificate_fixture,
                  "server/tls_certificates: a file that cannot be used is named")
{
    CHECK(failure_to_load().empty());
    options.client_ca = directory.file("clients.pem");
    CHECK(failure_to_load().find("the client authorities in " + options.client_ca) == 0);
    options.client_ca.clear();
    write(options.key, authority.issue("localhost").key);
    CHECK(failure_to_load().find("the key in " + options.key) == 0);
    write(options.certificate, "no certificate");
    CHECK(failure_to_load().find("the certificate in " + options.certificate) == 0);
}

TEST_CASE_FIXTURE(certificate_fixture,
                  "server/tls_certificates: a broken pair leaves the current one in use")
{
    tls_certificates certificates(options);
    const auto first = certificates.current();
    CHECK_FALSE(certificates.have_files_changed());
    write(options.key, "no key at all");
    CHECK(certificates.have_files_changed());
    const auto failed = certificates.reload();
    REQUIRE(failed.has_error());
    CHECK(failed.error().text().find(options.key) != std::string::npos);
    CHECK(certificates.current() == first);
    // Not tried again before the files change again.
    CHECK_FALSE(certificates.have_files_changed());
    issue();
    CHECK(certificates.have_files_changed());
    CHECK(certificates.reload().has_value());
    CHECK(certificates.current() != first);
    CHECK_FALSE(certificates.have_files_changed());
}

TEST_CASE_FIXTURE(certificate_fixture,
                  "server/tls_certificates: the log names subject and end of validity")
{
    const tls_certificates certificates(options);
    const auto text = certificates.describe();
    CHECK(text.find("CN=Test Peer, valid until ") == 0);
    CHECK(text.ends_with("GMT"));
}

TEST_CASE_FIXTURE(certificate_fixture, "server/tls_certificates: the end of validity is told")
{
    const tls_certificates certificates(options);
    const auto left = certificates.expiry() - std::chrono::system_clock::now();
    // The authority's certificates are valid until tomorrow.
    CHECK(left > std::chrono::hours(23));
    CHECK(left < std::chrono::hours(25));
}

}  // namespace tls_certificates_test
