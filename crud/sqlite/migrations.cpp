#include "crud/sqlite/migrations.hpp"

#include "crud/sqlite/database.hpp"
#include "crud/sqlite/schema.hpp"
#include "crud/sqlite/statement.hpp"
#include "crud/sqlite/transaction.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace ocpi::crud::sqlite {
namespace {

/// Schemas up to this one were those of development; no program of a release has written them.
constexpr int first_schema = 6;

/// The first step makes first_schema of an empty file, each further one the next schema. Never
/// edited once released, only added to.
std::vector<std::string> make_steps()
{
    return {schema};
}

constexpr int step_count = 1;

std::int64_t schema_of(database& connection)
{
    query version(connection, "PRAGMA user_version");
    return version.step() ? version.integer(0) : 0;
}

void require_not_foreign(std::int64_t present)
{
    if (present > 0 && present < first_schema) {
        throw std::runtime_error("the database has schema " + std::to_string(present) +
                                 ", of a development version before the first release; choose "
                                 "another file");
    }
    if (present < 0 || present > latest_schema()) {
        throw std::runtime_error(
            "the database has schema " + std::to_string(present) +
            ", written by a newer version of this program; this version knows schemas up to " +
            std::to_string(latest_schema()) + ": start the newer one or choose another file");
    }
}

}  // namespace

int latest_schema() noexcept
{
    return first_schema - 1 + step_count;
}

void migrate(database& connection)
{
    if (schema_of(connection) == latest_schema()) return;
    transaction change(connection, transaction::kind::write);
    const auto present = schema_of(connection);
    require_not_foreign(present);
    const auto done = present == 0 ? 0 : present - first_schema + 1;
    const auto steps = make_steps();
    for (auto next = steps.begin() + done; next != steps.end(); ++next) connection.execute(*next);
    connection.execute("PRAGMA user_version = " + std::to_string(latest_schema()));
    change.commit();
    // So that the file alone, copied without its log, is a database with its schema.
    connection.execute("PRAGMA wal_checkpoint(PASSIVE)");
}

void require_known_schema(database& connection)
{
    const auto present = schema_of(connection);
    if (present == 0) throw std::runtime_error("it is no database of ocpi-sessions");
    require_not_foreign(present);
}

}  // namespace ocpi::crud::sqlite
