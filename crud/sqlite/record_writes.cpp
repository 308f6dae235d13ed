// The operations of records.hpp that change records.

#include "crud/errors.hpp"
#include "crud/sqlite/database.hpp"
#include "crud/sqlite/numbered_key.hpp"
#include "crud/sqlite/record_row.hpp"
#include "crud/sqlite/records.hpp"
#include "crud/sqlite/statement.hpp"
#include "crud/sqlite/write_transaction.hpp"

#include <optional>
#include <string>
#include <utility>

namespace ocpi::crud::sqlite {
namespace {

/// What an update compares with the new values, and what the totals count.
struct stored_row {
    numbered_record counted;
    crud::revision revision = 0;
    std::string secondary_key;
    std::optional<std::string> contract;
    std::string sort_key;
};

constexpr std::string_view select_stored =
    "SELECT sequence, revision, last_updated, emsp, secondary_key, given_contract, sort_key, "
    "category, started_at, kwh, cost, currency, search_text FROM record WHERE module = ? AND "
    "owner = ? AND id = ?";

constexpr std::string_view insert =
    "INSERT INTO record (sequence, module, owner, id, given_country_code, given_party_id, "
    "given_id, given_emsp_country_code, given_emsp_party_id, last_updated, category, started_at, "
    "kwh, cost, currency, json, revision, emsp, secondary_key, given_contract, contract, sort_key, "
    "search_text) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) "
    "ON CONFLICT DO NOTHING";

/// Of a record whose other index values stay as they are, as most often. What an UPDATE names it
/// takes out of the indexes and puts in again, changed or not.
constexpr std::string_view update_in_place =
    "UPDATE record SET given_country_code = ?, given_party_id = ?, given_id = ?, "
    "given_emsp_country_code = ?, given_emsp_party_id = ?, last_updated = ?, category = ?, "
    "started_at = ?, kwh = ?, cost = ?, currency = ?, json = ?, revision = ? WHERE sequence = ?";

constexpr std::string_view update_place =
    "UPDATE record SET emsp = ?, secondary_key = ?, given_contract = ?, contract = ?, "
    "sort_key = ?, search_text = ? WHERE sequence = ?";

std::optional<stored_row> find_stored(database& connection, const numbered_key& key)
{
    query found(connection, select_stored);
    key.bind_to(found);
    if (!found.step()) return std::nullopt;
    stored_row row;
    row.counted.sequence = found.integer(0);
    row.counted.module = key.module;
    row.counted.owner = key.owner;
    row.counted.emsp = found.integer(3);
    row.counted.last_updated = date_time::from_milliseconds(found.integer(2));
    row.counted.summary = read_summary(found, 7);
    row.revision = static_cast<revision>(found.integer(1));
    row.secondary_key = found.text(4);
    if (!found.is_null(5)) row.contract = found.text(5);
    row.sort_key = found.text(6);
    return row;
}

/// As the table has the document. A record without a secondary key is in no search.
stored_row row_of(const document& document, const numbered_key& key, std::int64_t sequence,
                  std::int64_t emsp)
{
    stored_row row;
    row.counted.sequence = sequence;
    row.counted.module = key.module;
    row.counted.owner = key.owner;
    row.counted.emsp = emsp;
    row.counted.last_updated = document.last_updated;
    if (!document.secondary_key.empty()) row.counted.summary = document.summary;
    row.secondary_key = document.secondary_key;
    if (document.contract) row.contract = document.contract->str();
    row.sort_key = document.sort_key;
    return row;
}

const std::string& search_text_of(const stored_row& row)
{
    static const std::string none;
    return row.counted.summary ? row.counted.summary->search_text : none;
}

bool is_at_same_place(const stored_row& a, const stored_row& b)
{
    return a.counted.emsp == b.counted.emsp && a.secondary_key == b.secondary_key &&
           a.contract == b.contract && a.sort_key == b.sort_key &&
           a.counted.summary.has_value() == b.counted.summary.has_value() &&
           search_text_of(a) == search_text_of(b);
}

void bind_unless_empty(query& into, const std::string& text)
{
    if (text.empty()) {
        into.bind_null();
    } else {
        into.bind_in_place(text);
    }
}

void bind_if_known(query& into, std::optional<std::int64_t> number)
{
    if (number) {
        into.bind(*number);
    } else {
        into.bind_null();
    }
}

void bind_sums(query& into, const std::optional<summary>& known)
{
    if (!known) {
        into.bind_null().bind_null().bind_null().bind_null().bind_null();
        return;
    }
    std::optional<std::int64_t> started_at;
    if (known->started_at) started_at = known->started_at->milliseconds();
    into.bind_in_place(known->category);
    bind_if_known(into, started_at);
    bind_if_known(into, known->kwh);
    bind_if_known(into, known->cost);
    into.bind_in_place(known->currency);
}

/// given_country_code to revision, in the order of the statements.
void bind_values(query& into, const document& document, const stored_row& row)
{
    into.bind_in_place(document.key.country_code.str());
    into.bind_in_place(document.key.party_id.str());
    into.bind_in_place(document.key.id.str());
    if (document.emsp) {
        into.bind_in_place(document.emsp->country_code.str());
        into.bind_in_place(document.emsp->party_id.str());
    } else {
        into.bind_null().bind_null();
    }
    into.bind(document.last_updated.milliseconds());
    bind_sums(into, row.counted.summary);
    into.bind_in_place(document.json);
    into.bind(static_cast<std::int64_t>(row.revision));
}

/// emsp to search_text, in the order of the statements.
void bind_place(query& into, const document& document, const stored_row& row)
{
    bind_if_known(into, row.counted.emsp != 0 ? std::optional(row.counted.emsp) : std::nullopt);
    bind_unless_empty(into, row.secondary_key);
    if (row.contract) {
        into.bind_in_place(*row.contract).bind(document.contract->folded());
    } else {
        into.bind_null().bind_null();
    }
    bind_unless_empty(into, row.sort_key);
    if (row.counted.summary) {
        into.bind_in_place(row.counted.summary->search_text);
    } else {
        into.bind_null();
    }
}

void add_text(database& connection, const stored_row& row)
{
    if (!row.counted.summary) return;
    query adding(connection, "INSERT INTO record_text (rowid, search_text) VALUES (?, ?)");
    adding.bind(row.counted.sequence).bind_in_place(search_text_of(row)).step();
}

void remove_text(database& connection, const stored_row& row)
{
    if (!row.counted.summary) return;
    query deleting(connection,
                   "INSERT INTO record_text (record_text, rowid, search_text) "
                   "VALUES ('delete', ?, ?)");
    deleting.bind(row.counted.sequence).bind_in_place(search_text_of(row)).step();
}

void move(database& connection, const stored_row& from, const document& document,
          const stored_row& to)
{
    {
        query moving(connection, update_place);
        bind_place(moving, document, to);
        moving.bind(to.counted.sequence).step();
    }
    remove_text(connection, from);
    add_text(connection, to);
}

std::optional<stored_row> find_stored(database& connection, std::string_view module,
                                      const object_key& key)
{
    return find_stored(connection, numbered_key(connection.numbers(), module, key));
}

void erase(write_transaction& in, const stored_row& row)
{
    query(in.connection(), "DELETE FROM record WHERE sequence = ?")
        .bind(row.counted.sequence)
        .step();
    remove_text(in.connection(), row);
    in.counters().remove(row.counted);
    in.count_revision();
}

numbered_key add_key(names& numbers, std::string_view module, const object_key& key)
{
    numbers.add_module(module);
    numbers.add_party(key.owner());
    return numbered_key(numbers, module, key);
}

std::int64_t add_emsp(names& numbers, const document& document)
{
    return document.emsp ? numbers.add_party(*document.emsp) : 0;
}

/// False: the key is taken.
bool insert_row(write_transaction& in, std::string_view module, const document& document,
                std::int64_t sequence, revision revision)
{
    auto& connection = in.connection();
    const auto key = add_key(connection.numbers(), module, document.key);
    const auto emsp = add_emsp(connection.numbers(), document);
    auto row = row_of(document, key, sequence, emsp);
    row.revision = revision;
    {
        query inserting(connection, insert);
        inserting.bind(row.counted.sequence);
        key.bind_to(inserting);
        bind_values(inserting, document, row);
        bind_place(inserting, document, row);
        inserting.step();
    }
    if (connection.changes() == 0) return false;
    add_text(connection, row);
    in.counters().add(row.counted);
    return true;
}

}  // namespace

result<revision> insert_record(write_transaction& in, std::string_view module, document document)
{
    const auto made = in.next_revision();
    if (!insert_row(in, module, document, in.next_sequence(), made)) return key_taken();
    in.count_sequence();
    in.note_written(module, std::move(document), made);
    return in.count_revision();
}

bool restore_record(write_transaction& in, std::string_view module, const record& stored,
                    std::int64_t sequence)
{
    return insert_row(in, module, stored.document, sequence, stored.revision);
}

result<revision> update_record(write_transaction& in, std::string_view module, document document,
                               revision expected)
{
    auto& connection = in.connection();
    const numbered_key key(connection.numbers(), module, document.key);
    const auto stored = find_stored(connection, key);
    if (!stored) return no_such_record();
    if (stored->revision != expected) return revision_mismatch();
    const auto emsp = add_emsp(connection.numbers(), document);
    auto row = row_of(document, key, stored->counted.sequence, emsp);
    row.revision = in.next_revision();
    {
        query updating(connection, update_in_place);
        bind_values(updating, document, row);
        updating.bind(row.counted.sequence).step();
    }
    if (!is_at_same_place(*stored, row)) move(connection, *stored, document, row);
    in.counters().remove(stored->counted);
    in.counters().add(row.counted);
    in.note_written(module, std::move(document), row.revision);
    return in.count_revision();
}

result<void> delete_record(write_transaction& in, std::string_view module, const object_key& key)
{
    const auto stored = find_stored(in.connection(), module, key);
    if (!stored) return no_such_record();
    erase(in, *stored);
    in.note_removed(module, key);
    return {};
}

result<std::vector<object_key>> delete_unchanged_records(write_transaction& in,
                                                         std::string_view module,
                                                         const std::vector<removal>& removals,
                                                         const std::vector<std::string>& belonging)
{
    std::vector<object_key> removed;
    for (const auto& each : removals) {
        const auto stored = find_stored(in.connection(), module, each.key);
        if (!stored || stored->revision != each.expected) continue;
        erase(in, *stored);
        in.note_removed(module, each.key);
        for (const auto& other : belonging) (void)delete_record(in, other, each.key);
        removed.push_back(each.key);
    }
    return removed;
}

}  // namespace ocpi::crud::sqlite
