#include "crud/postgres/migrations.hpp"

#include "crud/postgres/postgres_error.hpp"
#include "crud/postgres/schema.hpp"
#include "ocpi/base/pause.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace ocpi::crud::postgres {
namespace {

/// The first step makes schema 1 of an empty database, each further one the next schema. Never
/// edited once released, only added to.
std::vector<std::string> make_steps()
{
    return {schema};
}

constexpr int step_count = 1;

/// Another process makes the same table at the same moment: for that, CREATE TABLE IF NOT EXISTS
/// fails in one of them with 23505, 42P07 or 42710.
constexpr int max_creations = 20;
constexpr auto between_creations = std::chrono::milliseconds(50);

/// The one row of schema_version is locked by the process that migrates.
const char* const make_version =
    "CREATE TABLE IF NOT EXISTS schema_version (name text COLLATE \"C\" PRIMARY KEY, version "
    "integer NOT NULL)";

const char* const make_version_row =
    "INSERT INTO schema_version (name, version) VALUES ('record', 0) ON CONFLICT DO NOTHING";

bool is_same_creation(const postgres_error& failure)
{
    return failure.is_unique_violation() || failure.is_serialization_failure() ||
           failure.sqlstate() == "42P07" || failure.sqlstate() == "42710";
}

boost::asio::awaitable<void> run_alone(connection& on, const char* sql)
{
    std::vector<command> one;
    one.emplace_back(sql);
    (void)co_await on.run(std::move(one));
}

/// False when another process was about to do the same.
boost::asio::awaitable<bool> try_create_version(connection& on)
{
    try {
        co_await run_alone(on, make_version);
        co_await run_alone(on, make_version_row);
    } catch (const postgres_error& failure) {
        if (!is_same_creation(failure)) throw;
        co_return false;
    }
    co_return true;
}

boost::asio::awaitable<void> create_version(connection& on)
{
    for (int tries = 1; tries < max_creations; ++tries) {
        if (co_await try_create_version(on)) co_return;
        co_await pause_for(between_creations);
    }
    co_await run_alone(on, make_version);
    co_await run_alone(on, make_version_row);
}

/// The steps from the present version on, as one text with its transaction. The lock was taken by
/// the statements before it.
std::string script_from(std::int64_t present)
{
    const auto steps = make_steps();
    std::string script;
    for (auto next = static_cast<std::size_t>(present); next < steps.size(); ++next) {
        script += steps[next];
    }
    script += "UPDATE schema_version SET version = " + std::to_string(latest_schema()) +
              " WHERE name = 'record'; COMMIT";
    return script;
}

boost::asio::awaitable<void> migrate_under_lock(connection& on)
{
    std::vector<command> locking;
    locking.emplace_back("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
    locking.emplace_back("SELECT version FROM schema_version WHERE name = 'record' FOR UPDATE");
    const auto locked = co_await on.run(std::move(locking));
    const auto present = locked.at(1).integer(0, 0);
    require_known_schema(present);
    co_await on.execute(script_from(present));
}

[[noreturn]] void explain_missing_rights(const postgres_error& failure)
{
    throw std::runtime_error(
        std::string("the user may not make or use the tables of ocpi-sessions in this database: ") +
        failure.what() +
        "; make the user the owner of the database, or GRANT CREATE ON SCHEMA public to it");
}

}  // namespace

int latest_schema() noexcept
{
    return step_count;
}

boost::asio::awaitable<std::optional<std::int64_t>> find_schema(connection& on)
{
    std::vector<command> asking;
    asking.emplace_back("SELECT version FROM schema_version WHERE name = 'record'");
    try {
        const auto returned = co_await on.run(std::move(asking));
        if (returned.at(0).size() > 0) co_return returned.at(0).integer(0, 0);
    } catch (const postgres_error& failure) {
        if (failure.sqlstate() != "42P01") throw;  // undefined_table
    }
    co_return std::nullopt;
}

void require_known_schema(std::int64_t present)
{
    if (present == unfinished_copy_schema) {
        throw std::runtime_error(
            "a copy into the database is not finished: run `ocpi-sessions migrate` again, or "
            "choose "
            "another database");
    }
    if (present <= latest_schema()) return;
    throw std::runtime_error(
        "the database has schema " + std::to_string(present) +
        ", written by a newer version of this program; this version knows schemas up to " +
        std::to_string(latest_schema()) + ": start the newer one or choose another database");
}

boost::asio::awaitable<void> make_schema_version(connection& on)
{
    try {
        const auto present = co_await find_schema(on);
        if (!present) co_await create_version(on);
    } catch (const postgres_error& failure) {
        if (failure.sqlstate() != "42501") throw;  // insufficient_privilege
        explain_missing_rights(failure);
    }
}

boost::asio::awaitable<void> migrate(connection& on)
{
    try {
        const auto present = co_await find_schema(on);
        if (present) require_known_schema(*present);
        if (present == latest_schema()) co_return;
        if (!present) co_await create_version(on);
        co_await migrate_under_lock(on);
    } catch (const postgres_error& failure) {
        if (failure.sqlstate() != "42501") throw;  // insufficient_privilege
        explain_missing_rights(failure);
    }
}

}  // namespace ocpi::crud::postgres
