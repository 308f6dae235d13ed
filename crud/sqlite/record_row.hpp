#pragma once

#include "crud/crud.hpp"

#include <cstddef>
#include <optional>
#include <string>

namespace ocpi::crud::sqlite {

class query;

/// The columns from which read_record makes a record, in its order.
inline const std::string record_columns =
    "given_country_code, given_party_id, given_id, revision, last_updated, "
    "given_emsp_country_code, given_emsp_party_id, json, secondary_key, given_contract, sort_key, "
    "category, started_at, kwh, cost, currency, search_text";

/// The record in the row at which `row` stands.
record read_record(const query& row);

/// The columns of a summary, from `first` on; std::nullopt when it has none.
std::optional<summary> read_summary(const query& row, int first);

/// The bytes of its JSON.
std::size_t json_size(const query& row);

}  // namespace ocpi::crud::sqlite
