#include "crud/postgres/schema.hpp"

namespace ocpi::crud::postgres {

// record:
// - module, country_code, party_id, id, emsp_… and contract are compared: all but the module are
//   folded to upper case. given_… are the same values as they were spelled.
// - secondary_key, contract and sort_key are NULL for none. category to search_text are the
// summary,
//   and NULL without one.
// - sequence is the place in the order of creation.
// - json and search_text are bytes: no encoding stands between what was written and what is read.
//
// latest_number holds one row, under whose lock a transaction that writes allots its revisions: so
// revisions become visible in their order. list_total and record_total hold counts and sums; no
// eMSP is 'none', in lower case. lease: see crud/leases.hpp. writer holds the last transaction that
// each process has committed (write_statements.hpp). schema_version: see migrations.cpp.
//
// Primary keys are made last: on an empty table all indexes that begin with the module cost the
// same, and of those PostgreSQL takes the newest. A plan that is kept from then on must be by the
// whole key.
//
// Texts compare byte for byte in every locale. Every key but those of single rows begins with the
// module, and with the party where there is one.
const char* const schema = R"sql(
CREATE TABLE record (
    module text COLLATE "C" NOT NULL,
    country_code text COLLATE "C" NOT NULL,
    party_id text COLLATE "C" NOT NULL,
    id text COLLATE "C" NOT NULL,
    sequence bigint NOT NULL,
    revision bigint NOT NULL,
    last_updated bigint NOT NULL,
    emsp_country_code text COLLATE "C",
    emsp_party_id text COLLATE "C",
    contract text COLLATE "C",
    secondary_key text COLLATE "C",
    sort_key text COLLATE "C",
    category text COLLATE "C",
    started_at bigint,
    kwh bigint,
    cost bigint,
    currency text COLLATE "C",
    search_text bytea,
    given_country_code text COLLATE "C" NOT NULL,
    given_party_id text COLLATE "C" NOT NULL,
    given_id text COLLATE "C" NOT NULL,
    given_emsp_country_code text COLLATE "C",
    given_emsp_party_id text COLLATE "C",
    given_contract text COLLATE "C",
    json bytea NOT NULL
);
CREATE INDEX record_by_creation ON record (module, sequence);
CREATE INDEX record_by_date ON record (module, last_updated);
CREATE INDEX record_by_change ON record (module, revision);
CREATE INDEX record_by_secondary_key ON record (module, secondary_key)
    WHERE secondary_key IS NOT NULL;
CREATE INDEX record_by_contract ON record (module, contract, sort_key) WHERE contract IS NOT NULL;
CREATE INDEX record_by_sort_key ON record (module, sort_key) WHERE sort_key IS NOT NULL;
CREATE INDEX record_by_category ON record (module, category, last_updated, secondary_key)
    WHERE category IS NOT NULL;
ALTER TABLE record ADD PRIMARY KEY (module, country_code, party_id, id);
CREATE TABLE latest_number (
    name text COLLATE "C" PRIMARY KEY,
    revision bigint NOT NULL,
    sequence bigint NOT NULL
);
INSERT INTO latest_number (name, revision, sequence) VALUES ('record', 0, 0);
CREATE TABLE list_total (
    module text COLLATE "C" NOT NULL,
    country_code text COLLATE "C" NOT NULL,
    party_id text COLLATE "C" NOT NULL,
    level smallint NOT NULL,
    slot bigint NOT NULL,
    emsp_country_code text COLLATE "C" NOT NULL,
    emsp_party_id text COLLATE "C" NOT NULL,
    count bigint NOT NULL
);
CREATE INDEX list_total_by_slot ON list_total (module, level, slot);
ALTER TABLE list_total ADD PRIMARY KEY
    (module, country_code, party_id, level, slot, emsp_country_code, emsp_party_id);
CREATE TABLE record_total (
    module text COLLATE "C" NOT NULL,
    category text COLLATE "C" NOT NULL,
    level smallint NOT NULL,
    slot bigint NOT NULL,
    currency text COLLATE "C" NOT NULL,
    count bigint NOT NULL,
    kwh numeric NOT NULL,
    cost numeric NOT NULL,
    PRIMARY KEY (module, category, level, slot, currency)
);
CREATE TABLE lease (
    name text COLLATE "C" PRIMARY KEY,
    holder text COLLATE "C" NOT NULL,
    epoch bigint NOT NULL,
    taken_at timestamptz NOT NULL,
    expires_at timestamptz NOT NULL
);
CREATE TABLE writer (
    name text COLLATE "C" PRIMARY KEY,
    batch bigint NOT NULL,
    revision bigint NOT NULL,
    written_at timestamptz NOT NULL
);
)sql";

}  // namespace ocpi::crud::postgres
