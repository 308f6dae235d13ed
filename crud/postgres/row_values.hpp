#pragma once

#include "crud/postgres/parameters.hpp"
#include "crud/postgres/write_batch.hpp"

#include <vector>

namespace ocpi::crud::postgres {

/// Rows to store as the table `v` of a statement whose parameters from $2 on are those of
/// add_row_values().
constexpr const char* row_values =
    "unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], "
    "$9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::bigint[], "
    "$16::bigint[], $17::bigint[], $18::text[], $19::bytea[], $20::text[], $21::text[], "
    "$22::text[], $23::text[], $24::text[], $25::text[], $26::bytea[], $2::bigint[]) AS v "
    "(revision_number, module, country_code, party_id, id, last_updated, emsp_country_code, "
    "emsp_party_id, contract, secondary_key, sort_key, category, started_at, kwh, cost, currency, "
    "search_text, given_country_code, given_party_id, given_id, given_emsp_country_code, "
    "given_emsp_party_id, given_contract, json, sequence_number)";

void add_row_values(parameters& into, const std::vector<row_to_store>& stored);

}  // namespace ocpi::crud::postgres
