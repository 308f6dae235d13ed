#include "crud/postgres/record_row.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace ocpi::crud::postgres {
namespace {

enum column : int {
    country_code,
    party_id,
    id,
    revision_number,
    last_updated,
    emsp_country_code,
    emsp_party_id,
    secondary_key,
    contract,
    sort_key,
    category,
    started_at,
    kwh,
    cost,
    currency,
    search_text,
    json,
};
static_assert(json == json_column);

std::string text_of(const rows& from, int row, int column)
{
    return std::string(from.text(row, column));
}

std::optional<std::int64_t> number_of(const rows& from, int row, int column)
{
    if (from.is_null(row, column)) return std::nullopt;
    return from.integer(row, column);
}

void read_summary(const rows& from, int row, summary& into)
{
    into.category = text_of(from, row, category);
    if (const auto instant = number_of(from, row, started_at)) {
        into.started_at = date_time::from_milliseconds(*instant);
    }
    into.kwh = number_of(from, row, kwh);
    into.cost = number_of(from, row, cost);
    into.currency = text_of(from, row, currency);
    into.search_text = text_of(from, row, search_text);
}

}  // namespace

const char* const head_columns =
    "given_country_code, given_party_id, given_id, revision, last_updated, "
    "given_emsp_country_code, given_emsp_party_id, secondary_key, given_contract, sort_key, "
    "category, started_at, kwh, cost, currency, search_text";

record read_record(const rows& from, int row)
{
    record made;
    auto& document = made.document;
    document.key = object_key(text_of(from, row, country_code), text_of(from, row, party_id),
                              text_of(from, row, id));
    made.revision = static_cast<crud::revision>(from.integer(row, revision_number));
    document.last_updated = date_time::from_milliseconds(from.integer(row, last_updated));
    if (!from.is_null(row, emsp_country_code)) {
        document.emsp.emplace(text_of(from, row, emsp_country_code),
                              text_of(from, row, emsp_party_id));
    }
    document.secondary_key = text_of(from, row, secondary_key);
    if (!from.is_null(row, contract)) document.contract.emplace(text_of(from, row, contract));
    document.sort_key = text_of(from, row, sort_key);
    if (!from.is_null(row, category)) read_summary(from, row, document.summary.emplace());
    document.json = text_of(from, row, json);
    return made;
}

}  // namespace ocpi::crud::postgres
