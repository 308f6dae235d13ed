#include "crud/postgres/url.hpp"

#include "crud/postgres/postgres_error.hpp"

#include <doctest/doctest.h>

#include <string>

namespace url_test {

using namespace ocpi::crud::postgres;

TEST_CASE("crud/postgres/url: a URL of PostgreSQL is told from the path of a file")
{
    CHECK(is_postgres_url("postgresql://u@h/d"));
    CHECK(is_postgres_url("postgres://"));
    CHECK_FALSE(is_postgres_url("/var/lib/ocpi/sessions.db"));
    CHECK_FALSE(is_postgres_url("postgresql.db"));
    CHECK_FALSE(is_postgres_url(""));
}

TEST_CASE("crud/postgres/url: its servers are tried in their order, each with its port")
{
    const auto url = parse_url("postgresql://me@a,b:5433,[::1]:7/db?sslmode=require");
    REQUIRE(url.servers.size() == 3);
    CHECK(url.servers[0].text() == "a:5432");
    CHECK(url.servers[1].text() == "b:5433");
    CHECK(url.servers[2].text() == "[::1]:7");
    CHECK(url.database == "db");
    CHECK(url.find("sslmode") == "require");
    CHECK(url.find("user") == "me");
    CHECK(url.find("password").empty());
    CHECK(url.password.empty());

    const auto one_port = parse_url("postgresql:///db?host=a,b&port=6");
    REQUIRE(one_port.servers.size() == 2);
    CHECK(one_port.servers[1].text() == "b:6");
    CHECK(parse_url("postgresql://%2Frun%2Fpg/db").servers[0].text() == "the socket in /run/pg");
    CHECK(parse_url("postgresql://").servers.size() == 1);
}

TEST_CASE("crud/postgres/url: what is shown has no password, and means the same otherwise")
{
    CHECK(without_password("postgresql://me:s3cret@h:1/db?password=s3cret&sslpassword=s3cret") ==
          "postgresql://me@h:1/db");
    CHECK(without_password("postgres://me@a,b:2/d%20b?sslmode=require") ==
          "postgresql://me@a,b:2/d%20b?sslmode=require");
    CHECK(without_password("postgresql://%2Frun/db?options=-c%20a%3Db") ==
          "postgresql://%2Frun/db?options=-c%20a%3Db");
    for (const char* url :
         {"postgresql://me:s3cret@h:1,[::1]:2/db?hostaddr=1.2.3.4,::1", "postgresql://@/db"}) {
        const auto once = without_password(url);
        CHECK(without_password(once) == once);
        CHECK(once.find("s3cret") == once.npos);
    }
}

TEST_CASE("crud/postgres/url: one that cannot be read is refused without a word of it")
{
    for (const char* url :
         {"postgresql://me:s3/cret@h/db", "postgresql://me:s3cret%zz@h/db",
          "postgresql://me:s3cret@h:port/db", "postgresql://me:s3@cret@h/db",
          "postgresql://me@h:0/db", "postgresql://me@h:65536/d",
          "postgresql://me:s3cret@a,b/db?port=1,2,3", "postgresql://h/db?s3cret=1",
          "postgresql://h/db?password", "host=h password=s3cret"}) {
        CAPTURE(url);
        try {
            parse_url(url);
            FAIL("it has been read");
        } catch (const postgres_error& failure) {
            CHECK(std::string(failure.what()).find("cret") == std::string::npos);
            CHECK(std::string(failure.what()).find("me:") == std::string::npos);
            CHECK(failure.sqlstate() == "08001");
        }
        CHECK(without_password(url) == "postgresql://…");
        CHECK(describe_url(url) == "PostgreSQL");
    }
}

TEST_CASE("crud/postgres/url: a description has servers and database")
{
    CHECK(describe_url("postgresql://me:s3cret@a,b:2/ocpi") == "a:5432, b:2, database ocpi");
    CHECK(describe_url("postgresql://h") == "h:5432, database of the user's name");
}

}  // namespace url_test
