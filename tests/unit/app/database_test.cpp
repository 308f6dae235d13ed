#include "app/database.hpp"

#include "tests/support/postgres_server.hpp"
#include "tests/support/run_awaitable.hpp"
#include "tests/support/temporary_directory.hpp"

#include <doctest/doctest.h>

#include <fstream>
#include <stdexcept>
#include <string>

namespace database_test {

using namespace ocpi;

namespace {

/// The text of what `work` throws.
template <class Work>
std::string failure_of(Work work)
{
    try {
        work();
    } catch (const std::runtime_error& failure) {
        return failure.what();
    }
    return "none";
}

std::string opening_failure(const app::database_settings& settings)
{
    return failure_of([&] { app::open_database(settings, nullptr); });
}

}  // namespace

TEST_CASE("app/database: a text of no known kind is named by its first word, without a password")
{
    const auto failure = [](const std::string& url) {
        app::database_settings settings;
        settings.url = url;
        return opening_failure(settings);
    };
    CHECK(failure("mysql://me:hidden@db/x") ==
          "the database \"mysql:…\" is of no known kind: write sqlite:PATH, "
          "postgresql://USER@HOST/NAME or memory:");
    CHECK(failure("password=hidden host=db").starts_with("the database \"password=…\" is of no"));
    CHECK(failure_of([] { app::sqlite_path("host=db password=hidden"); }) ==
          "the database \"host=…\" is no SQLite file: write sqlite:PATH");
    CHECK_THROWS_AS(app::require_known_kind("sqlight:a.db"), std::runtime_error);
    CHECK_THROWS_AS(app::require_known_kind("postgresql://ocpi@127.0.0.1:99999/ocpi"),
                    std::runtime_error);
    CHECK_NOTHROW(app::require_known_kind("postgresql://ocpi@one,two/ocpi"));
    CHECK(app::shown_url("postgresql://me:hidden@db/x?password=hidden") == "postgresql://me@db/x");
    CHECK(app::shown_url("sqlite:a.db") == "sqlite:a.db");
}

TEST_CASE("app/database: the password of PostgreSQL is the first line of a file")
{
    test::temporary_directory directory;
    test::postgres_setting setting;
    setting.password = "right one";
    test::postgres_server server(setting);
    app::database_settings settings;
    settings.url = server.url();
    settings.password_file = directory.file("password");
    CHECK(opening_failure(settings) ==
          "cannot read the password of the database from " + settings.password_file);
    std::ofstream(settings.password_file) << "\n";
    CHECK(opening_failure(settings) == "the first line of " + settings.password_file + " is empty");
    std::ofstream(settings.password_file) << "wrong one\n";
    const auto refused = opening_failure(settings);
    CHECK(refused.starts_with("cannot use the database postgresql://"));
    CHECK(refused.find("wrong one") == refused.npos);
    std::ofstream(settings.password_file) << "right one\r\n";
    const auto store = app::open_database(settings, nullptr);
    CHECK(test::run_awaitable(store->find_latest_revision()).has_value());
}

TEST_CASE("app/database: a server that may lose writes is refused, unless that is allowed")
{
    test::postgres_setting setting;
    setting.lines = {"synchronous_commit = off"};
    test::postgres_server server(setting);
    app::database_settings settings;
    settings.url = server.url();
    CHECK(opening_failure(settings).find("allow_lost_writes = true") != std::string::npos);
    settings.allow_lost_writes = true;
    CHECK(opening_failure(settings) == "none");
}

TEST_CASE("app/database: pg_dump backs up what is on PostgreSQL")
{
    const auto text = failure_of([] { app::sqlite_path("postgresql://db/x"); });
    CHECK(text.find("pg_dump") != std::string::npos);
    CHECK(app::sqlite_path("sqlite:a.db") == "a.db");
    CHECK(app::is_durable("postgresql://db/x"));
    CHECK_FALSE(app::is_durable("memory:"));
}

}  // namespace database_test
