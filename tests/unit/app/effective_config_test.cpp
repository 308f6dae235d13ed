#include "app/effective_config.hpp"

#include <doctest/doctest.h>

namespace effective_config_test {

using namespace ocpi;

namespace {

/// The configuration of a server that has all that it needs.
app::config complete(const char* listen = "127.0.0.1:8000")
{
    app::config effective;
    effective.listen = listen;
    effective.public_url = "https://ocpi.example.com";
    effective.parties.emplace_back(party("ES", "ABC"), std::vector{party_role::cpo});
    return effective;
}

}  // namespace

TEST_CASE("app/effective_config: a complete configuration is nothing to warn about")
{
    CHECK(app::warnings_about(complete()).empty());
    CHECK(app::warnings_about(complete("0.0.0.0:443")).empty());
}

TEST_CASE("app/effective_config: without a party there is a warning")
{
    auto effective = complete();
    effective.parties.clear();
    const auto warnings = app::warnings_about(effective);
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0].find("[[party]]") != std::string::npos);
}

TEST_CASE("app/effective_config: a server for others has a public URL, or there is a warning")
{
    for (const char* listen : {"0.0.0.0:8000", "[::]:8000", "192.0.2.1:80", "ocpi.example.com:0"}) {
        CAPTURE(listen);
        auto effective = complete(listen);
        effective.public_url.clear();
        const auto warnings = app::warnings_about(effective);
        REQUIRE(warnings.size() == 1);
        CHECK(warnings[0].find("public_url") != std::string::npos);
        CHECK(warnings[0].find(listen) != std::string::npos);
    }
    for (const char* listen : {"127.0.0.1:8000", "127.1.2.3:0", "localhost:8000", "[::1]:8000"}) {
        CAPTURE(listen);
        auto effective = complete(listen);
        effective.public_url.clear();
        CHECK(app::warnings_about(effective).empty());
    }
}

TEST_CASE("app/effective_config: an admin listener beyond this machine is warned of")
{
    auto effective = complete();
    effective.admin_listen = "127.0.0.1:9464";
    CHECK(app::warnings_about(effective).empty());
    effective.admin_listen = "0.0.0.0:9464";
    const auto warnings = app::warnings_about(effective);
    REQUIRE(warnings.size() == 1);
    CHECK(warnings[0].find("admin.listen is 0.0.0.0:9464") == 0);
}

}  // namespace effective_config_test
