#include "crud/sqlite/schema.hpp"

namespace ocpi::crud::sqlite {

// record:
// - module, owner and emsp are numbers (names.hpp). id and contract are folded to upper case and
//   compared; given_… are the same values, and the parties, as they were spelled.
// - secondary_key, contract and sort_key are NULL for none, so that a record without them is in
// none
//   of their indexes. category to search_text are the summary, and NULL without one.
// - json stands last, so that filters need not walk over it.
// An index that holds all that a filter speaks of saves a look at the row: so contract is in that
// of the secondary keys, and emsp in others.
//
// latest_number holds the numbers that were given last, whatever became of their records.
// record_total and list_total hold counts and sums (crud/total_slots.hpp). record_text holds which trigrams a
// search_text has, not where: what it finds is looked at again. The writer keeps all of them in the
// transaction that writes the record.
const char* const schema = R"sql(
CREATE TABLE module (number INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE) STRICT;
CREATE TABLE party (
    number INTEGER PRIMARY KEY,
    country_code TEXT NOT NULL,
    party_id TEXT NOT NULL,
    UNIQUE (country_code, party_id)
) STRICT;
CREATE TABLE record (
    sequence INTEGER PRIMARY KEY,
    module INTEGER NOT NULL,
    owner INTEGER NOT NULL,
    id TEXT NOT NULL,
    revision INTEGER NOT NULL,
    last_updated INTEGER NOT NULL,
    emsp INTEGER,
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
CREATE UNIQUE INDEX record_by_key ON record (module, owner, id);
CREATE INDEX record_by_creation ON record (module);
CREATE INDEX record_by_date ON record (module, last_updated, owner, emsp);
CREATE INDEX record_by_change ON record (module, revision);
CREATE INDEX record_by_secondary_key
    ON record (module, secondary_key, contract) WHERE secondary_key IS NOT NULL;
CREATE INDEX record_by_contract
    ON record (module, contract, sort_key) WHERE contract IS NOT NULL;
CREATE INDEX record_by_sort_key ON record (module, sort_key, emsp) WHERE sort_key IS NOT NULL;
CREATE INDEX record_by_category
    ON record (module, category, last_updated, secondary_key) WHERE category IS NOT NULL;
CREATE TABLE latest_number (revision INTEGER NOT NULL, sequence INTEGER NOT NULL) STRICT;
INSERT INTO latest_number (revision, sequence) VALUES (0, 0);
CREATE TABLE record_total (
    module INTEGER NOT NULL,
    level INTEGER NOT NULL,
    category TEXT NOT NULL,
    slot INTEGER NOT NULL,
    currency TEXT NOT NULL,
    count INTEGER NOT NULL,
    kwh INTEGER NOT NULL,
    cost INTEGER NOT NULL,
    PRIMARY KEY (module, level, category, slot, currency)
) STRICT, WITHOUT ROWID;
CREATE TABLE list_total (
    module INTEGER NOT NULL,
    level INTEGER NOT NULL,
    slot INTEGER NOT NULL,
    owner INTEGER NOT NULL,
    emsp INTEGER NOT NULL,
    count INTEGER NOT NULL,
    PRIMARY KEY (module, level, slot, owner, emsp)
) STRICT, WITHOUT ROWID;
CREATE VIRTUAL TABLE record_text USING fts5(
    search_text, content = '', columnsize = 0, detail = none,
    tokenize = 'trigram case_sensitive 1');
)sql";

}  // namespace ocpi::crud::sqlite
