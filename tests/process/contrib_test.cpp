// What contrib/ offers beside the program, tried with the tools that use it.

#include "tests/support/certificate_authority.hpp"
#include "tests/support/project_directory.hpp"
#include "tests/support/run_shell.hpp"
#include "tests/support/server_process.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <array>
#include <cstdio>
#include <fstream>
#include <string>

namespace contrib_test {

using namespace ocpi;

namespace {

std::string contrib(const std::string& path)
{
    return std::string(test::project_directory()) + "/contrib/" + path;
}

/// The threshold is in tenths: 20 is an exposure of 2.0.
std::string rating_of(const std::string& unit)
{
    return "systemd-analyze security --offline=true --no-pager --threshold=20 " + unit;
}

}  // namespace

TEST_CASE("contrib/systemd: the exposure of the service is 2.0 at most")
{
    const auto rated = test::run_shell(rating_of(contrib("systemd/ocpi-sessions.service")));
    CHECK_MESSAGE(rated.exit_status == 0, rated.output);
    CHECK(rated.output.find("Overall exposure level for ocpi-sessions.service") !=
          std::string::npos);
    // The same without its protection: the threshold does refuse a unit.
    const auto bare = test::run_shell(
        "directory=$(mktemp -d) && grep -v '^\\(Protect\\|Private\\|SystemCall\\|Capability\\)' " +
        contrib("systemd/ocpi-sessions.service") + " > $directory/bare.service && " +
        rating_of("$directory/bare.service") + "; status=$?; rm -r $directory; exit $status");
    CHECK(bare.exit_status != 0);
    CHECK(bare.output.find("Overall exposure level for bare.service") != std::string::npos);
}

TEST_CASE("contrib/systemd: systemd understands every line of the units")
{
    // A copy that starts a program that is there: the installed one need not be.
    const auto checked = test::run_shell(
        "directory=$(mktemp -d) && sed 's|^ExecStart=.*|ExecStart=/bin/true|' " +
        contrib("systemd/ocpi-sessions.service") + " > $directory/ocpi-sessions.service && cp " +
        contrib("systemd/ocpi-sessions.socket") +
        " $directory && systemd-analyze verify --man=no --recursive-errors=no "
        "$directory/ocpi-sessions.service $directory/ocpi-sessions.socket; status=$?; "
        "rm -r $directory; exit $status");
    CHECK_MESSAGE(checked.exit_status == 0, checked.output);
    CHECK_MESSAGE(checked.output.find("ocpi-sessions.s") == std::string::npos, checked.output);
}

TEST_CASE("contrib/cluster: the template is the service, but for what an instance has of its own")
{
    const auto compared = test::run_shell(
        "diff " + contrib("systemd/ocpi-sessions.service") + ' ' +
        contrib("cluster/ocpi-sessions@.service") +
        " | grep '^[<>]' | grep -v '^[<>] "
        "\\(#\\|Description=\\|Documentation=\\|After=\\|ExecStart=\\|RestartSec=\\)' | "
        "grep -v 'StartLimitIntervalSec=0\\|RestartPreventExitStatus=2'");
    CHECK_MESSAGE(compared.output.empty(), compared.output);
    const auto rated = test::run_shell(rating_of(contrib("cluster/ocpi-sessions@.service")));
    CHECK_MESSAGE(rated.exit_status == 0, rated.output);
}

TEST_CASE("contrib/cluster: systemd understands every line of the template")
{
    const auto checked = test::run_shell(
        "directory=$(mktemp -d) && sed "
        "'s|^ExecStart=/usr/bin/ocpi-sessions|ExecStart=/bin/true|' " +
        contrib("cluster/ocpi-sessions@.service") +
        " > $directory/ocpi-sessions@.service && systemd-analyze verify --man=no "
        "--recursive-errors=no $directory/ocpi-sessions@01.service; status=$?; "
        "rm -r $directory; exit $status");
    CHECK_MESSAGE(checked.exit_status == 0, checked.output);
    CHECK_MESSAGE(checked.output.find("ocpi-sessions@") == std::string::npos, checked.output);
}

TEST_CASE("contrib/cluster: HAProxy accepts the configuration")
{
    const test::certificate_authority authority;
    const auto issued = authority.issue("127.0.0.1");
    const test::temporary_directory directory;
    std::ofstream(directory.file("both.pem")) << issued.chain << issued.key;
    const auto checked = test::run_shell(
        "sed 's|/etc/haproxy/ocpi-sessions.pem|" + directory.file("both.pem") + "|' " +
        contrib("cluster/haproxy.cfg") + " > " + directory.file("haproxy.cfg") +
        " && /usr/sbin/haproxy -c -f " + directory.file("haproxy.cfg"));
    CHECK_MESSAGE(checked.exit_status == 0, checked.output);
    CHECK_MESSAGE(checked.output.find("WARNING") == std::string::npos, checked.output);
}

TEST_CASE("contrib/docker: the health check succeeds while the server answers, not after")
{
    test::server_process server({"--dev", "--database", "memory:"});
    const auto check =
        contrib("docker/healthcheck") + " 127.0.0.1 " + std::to_string(server.endpoint().port());
    CHECK(test::run_shell(check).exit_status == 0);
    CHECK(server.terminate() == 0);
    CHECK(test::run_shell(check).exit_status != 0);
}

}  // namespace contrib_test
