#include "crud/sqlite/records.hpp"

#include "crud/errors.hpp"
#include "crud/sqlite/database.hpp"
#include "crud/sqlite/record_row.hpp"
#include "crud/sqlite/revision_counter.hpp"
#include "crud/sqlite/statement.hpp"

#include <optional>
#include <string>
#include <utility>

namespace ocpi::crud::sqlite {
namespace {

/// Every statement that finds a record by key ends so; bind_key fills it in.
const std::string key_matches =
    " WHERE module = ? AND country_code = ? AND party_id = ? AND id = ?";

const std::string select_record = "SELECT " + record_columns + " FROM record" + key_matches;

const std::string select_by_sequence =
    "SELECT " + record_columns + " FROM record WHERE sequence = ?";

/// ` AND (… OR …)` with a term for each eMSP. A condition rather than a look at the row: a row has
/// all its columns read, its document included, however long that is.
std::string concerns_one_of(std::size_t count)
{
    std::string sql = " AND (";
    for (std::size_t i = 0; i < count; ++i) {
        if (i > 0) sql += " OR ";
        sql += "(emsp_country_code = ? AND emsp_party_id = ?)";
    }
    return sql + ")";
}

const std::string select_revision = "SELECT revision FROM record" + key_matches;

const std::string insert =
    "INSERT INTO record (module, country_code, party_id, id, given_country_code, given_party_id, "
    "given_id, last_updated, emsp_country_code, emsp_party_id, given_emsp_country_code, "
    "given_emsp_party_id, category, started_at, kwh, cost, currency, search_text, json, "
    "secondary_key, given_contract, sort_key, contract, revision) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT DO NOTHING";

const std::string set_values =
    "UPDATE record SET given_country_code = ?, given_party_id = ?, given_id = ?, "
    "last_updated = ?, emsp_country_code = ?, emsp_party_id = ?, given_emsp_country_code = ?, "
    "given_emsp_party_id = ?, category = ?, started_at = ?, kwh = ?, cost = ?, currency = ?, "
    "search_text = ?, json = ?, revision = ?";

/// Of a record whose index values stay as they are, as most often. What an UPDATE names it takes
/// out of the indexes and puts in again, changed or not.
const std::string update_in_place =
    set_values + key_matches +
    " AND revision = ? AND secondary_key IS ? AND given_contract IS ? AND sort_key IS ?";

const std::string update_and_move =
    set_values + ", secondary_key = ?, given_contract = ?, sort_key = ?, contract = ?" +
    key_matches + " AND revision = ?";

const std::string erase = "DELETE FROM record" + key_matches;

void bind_key(query& into, std::string_view module, const object_key& key)
{
    into.bind(module);
    into.bind(key.country_code.folded());
    into.bind(key.party_id.folded());
    into.bind(key.id.folded());
}

void bind_if_known(query& into, std::optional<std::int64_t> number)
{
    if (number) {
        into.bind(*number);
    } else {
        into.bind_null();
    }
}

/// In the order of the columns; a record without a secondary key is in no search.
void bind_summary(query& into, const document& document)
{
    const auto& known = document.summary;
    if (!known || document.secondary_key.empty()) {
        for (int column = 0; column < 6; ++column) into.bind_null();
        return;
    }
    std::optional<std::int64_t> started_at;
    if (known->started_at) started_at = known->started_at->milliseconds();
    into.bind_in_place(known->category);
    bind_if_known(into, started_at);
    bind_if_known(into, known->kwh);
    bind_if_known(into, known->cost);
    into.bind_in_place(known->currency);
    into.bind_in_place(known->search_text);
}

/// What a document has beside its folded key, up to and with its json.
void bind_values(query& into, const document& document)
{
    into.bind(document.key.country_code.str());
    into.bind(document.key.party_id.str());
    into.bind(document.key.id.str());
    into.bind(document.last_updated.milliseconds());
    if (document.emsp) {
        into.bind(document.emsp->country_code.folded());
        into.bind(document.emsp->party_id.folded());
        into.bind(document.emsp->country_code.str());
        into.bind(document.emsp->party_id.str());
    } else {
        into.bind_null().bind_null().bind_null().bind_null();
    }
    bind_summary(into, document);
    into.bind_in_place(document.json);
}

void bind_unless_empty(query& into, std::string_view text)
{
    if (text.empty()) {
        into.bind_null();
    } else {
        into.bind_in_place(text);
    }
}

/// The values by which records are found beside their key, as they were given.
void bind_index_values(query& into, const document& document)
{
    bind_unless_empty(into, document.secondary_key);
    if (document.contract) {
        into.bind_in_place(document.contract->str());
    } else {
        into.bind_null();
    }
    bind_unless_empty(into, document.sort_key);
}

void bind_folded_contract(query& into, const document& document)
{
    if (document.contract) {
        into.bind(document.contract->folded());
    } else {
        into.bind_null();
    }
}

std::optional<party> read_emsp(const query& row)
{
    if (row.is_null(5)) return {};
    return party(row.text(5), row.text(6));
}

}  // namespace

record read_record(const query& row)
{
    auto emsp = read_emsp(row);
    record read;
    read.revision = static_cast<revision>(row.integer(3));
    read.document = document(object_key(row.text(0), row.text(1), row.text(2)), row.text(7),
                             date_time::from_milliseconds(row.integer(4)), std::move(emsp));
    read.document.secondary_key = row.text(8);
    if (!row.is_null(9)) read.document.contract = ci_string(row.text(9));
    read.document.sort_key = row.text(10);
    read.document.summary = read_summary(row, 11);
    return read;
}

std::optional<summary> read_summary(const query& row, int first)
{
    if (row.is_null(first)) return {};
    const auto number = [&row, first](int column) -> std::optional<std::int64_t> {
        if (row.is_null(first + column)) return {};
        return row.integer(first + column);
    };
    summary read;
    read.category = row.text(first);
    if (const auto started_at = number(1)) {
        read.started_at = date_time::from_milliseconds(*started_at);
    }
    read.kwh = number(2);
    read.cost = number(3);
    read.currency = row.text(first + 4);
    read.search_text = row.text(first + 5);
    return read;
}

std::size_t json_size(const query& row)
{
    return row.size(7);
}

result<record> find_record(database& connection, std::string_view module, const object_key& key)
{
    query found(connection, select_record);
    bind_key(found, module, key);
    if (!found.step()) return no_such_record();
    return read_record(found);
}

std::optional<record> find_record_within(database& connection, std::int64_t sequence,
                                         byte_bound& bound)
{
    query reading(connection, select_by_sequence);
    reading.bind(sequence);
    if (!reading.step() || !bound.admit(json_size(reading))) return std::nullopt;
    return read_record(reading);
}

result<record> find_visible_record(database& connection, std::string_view module,
                                   const object_key& key, const std::vector<party>& emsps)
{
    if (emsps.empty()) return no_such_record();
    query found(connection, select_record + concerns_one_of(emsps.size()));
    bind_key(found, module, key);
    for (const party& each : emsps) {
        found.bind(each.country_code.folded());
        found.bind(each.party_id.folded());
    }
    if (!found.step()) return no_such_record();
    return read_record(found);
}

result<revision> insert_record(database& connection, revision_counter& revisions,
                               std::string_view module, const document& document)
{
    {
        query inserting(connection, insert);
        bind_key(inserting, module, document.key);
        bind_values(inserting, document);
        bind_index_values(inserting, document);
        bind_folded_contract(inserting, document);
        inserting.bind(static_cast<std::int64_t>(revisions.next()));
        inserting.step();
    }
    if (connection.changes() == 0) return key_taken();
    return revisions.count();
}

result<revision> update_record(database& connection, revision_counter& revisions,
                               std::string_view module, const document& document, revision expected)
{
    {
        query updating(connection, update_in_place);
        bind_values(updating, document);
        updating.bind(static_cast<std::int64_t>(revisions.next()));
        bind_key(updating, module, document.key);
        updating.bind(static_cast<std::int64_t>(expected));
        bind_index_values(updating, document);
        updating.step();
    }
    if (connection.changes() > 0) return revisions.count();
    {
        query updating(connection, update_and_move);
        bind_values(updating, document);
        updating.bind(static_cast<std::int64_t>(revisions.next()));
        bind_index_values(updating, document);
        bind_folded_contract(updating, document);
        bind_key(updating, module, document.key);
        updating.bind(static_cast<std::int64_t>(expected));
        updating.step();
    }
    if (connection.changes() > 0) return revisions.count();
    query present(connection, select_revision);
    bind_key(present, module, document.key);
    return present.step() ? revision_mismatch() : no_such_record();
}

result<void> delete_record(database& connection, revision_counter& revisions,
                           std::string_view module, const object_key& key)
{
    {
        query deleting(connection, erase);
        bind_key(deleting, module, key);
        deleting.step();
    }
    if (connection.changes() == 0) return no_such_record();
    revisions.count();
    return {};
}

result<std::vector<object_key>> delete_unchanged_records(database& connection,
                                                         revision_counter& revisions,
                                                         std::string_view module,
                                                         const std::vector<removal>& removals,
                                                         const std::vector<std::string>& belonging)
{
    std::vector<object_key> removed;
    for (const auto& each : removals) {
        {
            query deleting(connection, erase + " AND revision = ?");
            bind_key(deleting, module, each.key);
            deleting.bind(static_cast<std::int64_t>(each.expected));
            deleting.step();
        }
        if (connection.changes() == 0) continue;
        revisions.count();
        for (const auto& other : belonging) {
            (void)delete_record(connection, revisions, other, each.key);
        }
        removed.push_back(each.key);
    }
    return removed;
}

}  // namespace ocpi::crud::sqlite
