#include "crud/sqlite/migrations.hpp"

#include "crud/sqlite/database.hpp"
#include "crud/sqlite/search_schema.hpp"
#include "crud/sqlite/statement.hpp"
#include "crud/sqlite/transaction.hpp"

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

namespace ocpi::crud::sqlite {
namespace {

/// Schemas up to this one were those of development; no program of a release has written them.
constexpr int first_schema = 5;

constexpr const char* record_schema =
    // country_code, party_id, id, emsp_… and contract are folded to upper case and compared;
    // given_… are the same values as they were spelled. secondary_key, contract and sort_key are
    // NULL for
    // none, so that a record without them is in none of their indexes. json stands last, so that
    // filters need not walk over it. change_number holds the revision that was given last, whatever
    // became of its record.
    //
    // The contract is in the index of secondary keys so that a row is not read only to be withheld
    // from a driver's app.
    //
    // category to search_text are the summary, and NULL without one; search_schema() says what they
    // are for.
    R"sql(
CREATE TABLE record (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    module TEXT NOT NULL,
    country_code TEXT NOT NULL,
    party_id TEXT NOT NULL,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    last_updated INTEGER NOT NULL,
    emsp_country_code TEXT,
    emsp_party_id TEXT,
    contract TEXT,
    secondary_key TEXT,
    sort_key TEXT,
    category TEXT,
    started_at INTEGER,
    kwh INTEGER,
    cost INTEGER,
    currency TEXT,
    search_text TEXT,
    given_country_code TEXT NOT NULL,
    given_party_id TEXT NOT NULL,
    given_id TEXT NOT NULL,
    given_emsp_country_code TEXT,
    given_emsp_party_id TEXT,
    given_contract TEXT,
    json TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX record_by_key ON record (module, country_code, party_id, id);
CREATE INDEX record_by_creation ON record (module);
CREATE INDEX record_by_date
    ON record (module, last_updated, emsp_country_code, emsp_party_id);
CREATE INDEX record_by_change ON record (module, revision);
CREATE INDEX record_by_secondary_key
    ON record (module, secondary_key, contract) WHERE secondary_key IS NOT NULL;
CREATE INDEX record_by_contract
    ON record (module, contract, sort_key) WHERE contract IS NOT NULL;
CREATE INDEX record_by_sort_key
    ON record (module, sort_key, emsp_country_code, emsp_party_id) WHERE sort_key IS NOT NULL;
CREATE TABLE change_number (last INTEGER NOT NULL) STRICT;
INSERT INTO change_number (last) VALUES (0);
)sql";

/// The first step makes first_schema of an empty file, each further one the next schema. Never
/// edited once released, only added to.
std::vector<std::string> make_steps()
{
    return {record_schema + search_schema()};
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
