// The statements that store what was decided.

#include "crud/postgres/counter_statements.hpp"
#include "crud/postgres/row_values.hpp"
#include "crud/postgres/value_columns.hpp"
#include "crud/postgres/write_statements.hpp"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace ocpi::crud::postgres {
namespace {

/// Also tells for how many microseconds it has waited for the lock.
const char* const allot =
    "UPDATE latest_number SET revision = revision + $1, sequence = sequence + $2 "
    "WHERE name = 'record' RETURNING revision, "
    "(extract(epoch FROM clock_timestamp() - statement_timestamp()) * 1000000)::bigint";

const char* const delete_rows =
    "DELETE FROM record AS r USING unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS "
    "k (module, country_code, party_id, id) WHERE r.module = k.module AND "
    "r.country_code = k.country_code AND r.party_id = k.party_id AND r.id = k.id";

/// $1: how many revisions were allotted.
const char* const base_revision =
    "(SELECT revision FROM latest_number WHERE name = 'record') - $1::bigint";

const std::string insert_rows =
    std::string(
        "INSERT INTO record (revision, sequence, module, country_code, party_id, id, "
        "last_updated, emsp_country_code, emsp_party_id, contract, secondary_key, "
        "sort_key, category, started_at, kwh, cost, currency, search_text, "
        "given_country_code, given_party_id, given_id, given_emsp_country_code, "
        "given_emsp_party_id, given_contract, json) SELECT ") +
    base_revision +
    " + v.revision_number, (SELECT sequence FROM latest_number WHERE name = 'record') - "
    "$27::bigint + v.sequence_number, v.module, v.country_code, v.party_id, v.id, v.last_updated, "
    "v.emsp_country_code, v.emsp_party_id, v.contract, v.secondary_key, v.sort_key, v.category, "
    "v.started_at, v.kwh, v.cost, v.currency, v.search_text, v.given_country_code, "
    "v.given_party_id, v.given_id, v.given_emsp_country_code, v.given_emsp_party_id, "
    "v.given_contract, v.json FROM " +
    row_values;

const std::string update_rows =
    std::string("UPDATE record AS r SET revision = ") + base_revision +
    " + v.revision_number, last_updated = v.last_updated, emsp_country_code = "
    "v.emsp_country_code, emsp_party_id = v.emsp_party_id, contract = v.contract, secondary_key = "
    "v.secondary_key, sort_key = v.sort_key, category = v.category, started_at = v.started_at, "
    "kwh = v.kwh, cost = v.cost, currency = v.currency, search_text = v.search_text, "
    "given_country_code = v.given_country_code, given_party_id = v.given_party_id, given_id = "
    "v.given_id, given_emsp_country_code = v.given_emsp_country_code, given_emsp_party_id = "
    "v.given_emsp_party_id, given_contract = v.given_contract, json = v.json FROM " +
    row_values +
    " WHERE r.module = v.module AND r.country_code = v.country_code AND r.party_id = v.party_id "
    "AND r.id = v.id";

const char* const sign_off =
    "UPDATE writer SET batch = $2, revision = n.revision, written_at = now() FROM latest_number "
    "AS n WHERE n.name = 'record' AND writer.name = $1";

command delete_rows_of(const std::vector<const row_key*>& keys)
{
    parameters with;
    value_columns columns(with, keys);
    columns.texts([](const row_key* of) -> optional_text { return of->module; });
    columns.texts([](const row_key* of) -> optional_text { return of->owner.country_code; });
    columns.texts([](const row_key* of) -> optional_text { return of->owner.party_id; });
    columns.texts([](const row_key* of) -> optional_text { return of->id; });
    return command(delete_rows, std::move(with));
}

}  // namespace

std::vector<command> commit_statements(const batch_name& name, const write_plan& plan)
{
    std::vector<command> statements;
    parameters allotted;
    allotted.add(plan.revisions).add(plan.sequences);
    statements.emplace_back(allot, std::move(allotted));
    if (!plan.deletes.empty()) statements.push_back(delete_rows_of(plan.deletes));
    if (!plan.updates.empty()) {
        parameters with;
        with.add(plan.revisions);
        add_row_values(with, plan.updates);
        statements.emplace_back(update_rows, std::move(with));
    }
    if (!plan.inserts.empty()) {
        parameters with;
        with.add(plan.revisions);
        add_row_values(with, plan.inserts);
        with.add(plan.sequences);
        statements.emplace_back(insert_rows, std::move(with));
    }
    add_counter_statements(plan, statements);
    parameters signature;
    signature.add(name.writer).add(name.number);
    statements.emplace_back(sign_off, std::move(signature));
    statements.emplace_back("COMMIT");
    return statements;
}

revision read_base_revision(const std::vector<rows>& returned, const write_plan& plan)
{
    return static_cast<revision>(returned.at(0).integer(0, 0) - plan.revisions);
}

std::chrono::microseconds read_lock_wait(const std::vector<rows>& returned)
{
    // A clock that was set back tells less than none.
    return std::chrono::microseconds(std::max<std::int64_t>(0, returned.at(0).integer(0, 1)));
}

}  // namespace ocpi::crud::postgres
