#include "crud/postgres/error_text.hpp"

#include <doctest/doctest.h>

#include <string>

namespace error_text_test {

using namespace ocpi::crud::postgres;

TEST_CASE("crud/postgres/error_text: a refused connection keeps its SQLSTATE in any language")
{
    const auto failure = failed_connect(
        "PostgreSQL at h:1",
        "connection to server at \"h\" (::1), port 1 failed: FATAL:  28P01: password "
        "authentication failed for user \"me\"\nLOCATION:  auth_failed, auth.c:338\n");
    CHECK(failure.sqlstate() == "28P01");
    const std::string text = failure.what();
    CHECK(
        text.starts_with("PostgreSQL at h:1: password authentication failed for user \"me\" "
                         "(SQLSTATE 28P01); check the user"));
    CHECK(text.find("LOCATION") == text.npos);
    CHECK(
        failed_connect("x", "SCHWERWIEGEND:  3D000: Datenbank »a« existiert nicht\n").sqlstate() ==
        "3D000");
}

TEST_CASE("crud/postgres/error_text: a server that was not reached has none, and one line")
{
    const auto failure =
        failed_connect("x", "connection to server failed: Connection refused\n\tIs it running?\n");
    CHECK(failure.is_connection_lost());
    CHECK(std::string(failure.what()) ==
          "x: connection to server failed: Connection refused Is it running?");
    CHECK(std::string(failed_connect("x", "").what()) == "x: the connection was refused");
}

TEST_CASE("crud/postgres/error_text: advice is given where the operator can do something")
{
    for (const char* sqlstate : {"28P01", "28000", "3D000", "42501", "53100", "53300", "57P03"}) {
        CHECK_FALSE(advice_for(sqlstate).empty());
    }
    CHECK(advice_for("23505").empty());
    CHECK(advice_for("").empty());
}

}  // namespace error_text_test
