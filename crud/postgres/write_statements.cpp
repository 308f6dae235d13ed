#include "crud/postgres/write_statements.hpp"

#include "crud/postgres/counter_statements.hpp"
#include "crud/postgres/value_columns.hpp"

#include <chrono>
#include <string_view>
#include <utility>

namespace ocpi::crud::postgres {
namespace {

// Where what is read stands among what the first trip returns.
constexpr std::size_t place_of_writer = 1;
constexpr std::size_t place_of_leases = 2;
constexpr std::size_t place_of_rows = 3;

/// A name that no lease has keeps the statement the same for every transaction.
const char* const lock_leases =
    "SELECT name, epoch FROM lease WHERE name = ANY($1) ORDER BY name FOR SHARE";

const char* const lock_rows =
    "SELECT k.place, r.revision, r.sequence, r.last_updated, r.emsp_country_code, r.emsp_party_id, "
    "r.category, r.started_at, r.kwh, r.cost, r.currency FROM unnest($1::bigint[], $2::text[], "
    "$3::text[], $4::text[], $5::text[]) AS k (place, module, country_code, party_id, id) "
    "JOIN record AS r ON r.module = k.module AND r.country_code = k.country_code AND "
    "r.party_id = k.party_id AND r.id = k.id ORDER BY k.place FOR UPDATE OF r";

const char* const allot =
    "UPDATE latest_number SET revision = revision + $1, sequence = sequence + $2 "
    "WHERE name = 'record' RETURNING revision";

const char* const delete_rows =
    "DELETE FROM record AS r USING unnest($1::text[], $2::text[], $3::text[], $4::text[]) AS "
    "k (module, country_code, party_id, id) WHERE r.module = k.module AND "
    "r.country_code = k.country_code AND r.party_id = k.party_id AND r.id = k.id";

/// What $3 on are, in the order of add_values().
const char* const values =
    "unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::bigint[], "
    "$9::text[], $10::text[], $11::text[], $12::text[], $13::text[], $14::text[], $15::bigint[], "
    "$16::bigint[], $17::bigint[], $18::text[], $19::bytea[], $20::text[], $21::text[], "
    "$22::text[], $23::text[], $24::text[], $25::text[], $26::bytea[], $2::bigint[]) AS v "
    "(revision_number, module, country_code, party_id, id, last_updated, emsp_country_code, "
    "emsp_party_id, contract, secondary_key, sort_key, category, started_at, kwh, cost, currency, "
    "search_text, given_country_code, given_party_id, given_id, given_emsp_country_code, "
    "given_emsp_party_id, given_contract, json, sequence_number)";

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
    values;

const std::string update_rows =
    std::string("UPDATE record AS r SET revision = ") + base_revision +
    " + v.revision_number, last_updated = v.last_updated, emsp_country_code = "
    "v.emsp_country_code, emsp_party_id = v.emsp_party_id, contract = v.contract, secondary_key = "
    "v.secondary_key, sort_key = v.sort_key, category = v.category, started_at = v.started_at, "
    "kwh = v.kwh, cost = v.cost, currency = v.currency, search_text = v.search_text, "
    "given_country_code = v.given_country_code, given_party_id = v.given_party_id, given_id = "
    "v.given_id, given_emsp_country_code = v.given_emsp_country_code, given_emsp_party_id = "
    "v.given_emsp_party_id, given_contract = v.given_contract, json = v.json FROM " +
    values +
    " WHERE r.module = v.module AND r.country_code = v.country_code AND r.party_id = v.party_id "
    "AND r.id = v.id";

const char* const sign_off =
    "UPDATE writer SET batch = $2, revision = n.revision, written_at = now() FROM latest_number "
    "AS n WHERE n.name = 'record' AND writer.name = $1";

using optional_text = std::optional<std::string_view>;

optional_text unless_empty(std::string_view text)
{
    if (text.empty()) return std::nullopt;
    return text;
}

/// The number of a summary, if the record is in searches.
template <class Member>
auto of_summary(Member member)
{
    return [member](const row_to_store& row) -> std::optional<std::int64_t> {
        const auto& document = *row.document;
        if (document.secondary_key.empty() || !document.summary) return std::nullopt;
        return member(*document.summary);
    };
}

template <class Member>
auto text_of_summary(Member member)
{
    return [member](const row_to_store& row) -> optional_text {
        const auto& document = *row.document;
        if (document.secondary_key.empty() || !document.summary) return std::nullopt;
        return member(*document.summary);
    };
}

template <class Member>
auto of_emsp(Member member)
{
    return [member](const row_to_store& row) -> optional_text {
        if (!row.document->emsp) return std::nullopt;
        return member(*row.document->emsp).str();
    };
}

/// A folded text of each row, made for as long as the statement's parameters are collected.
class folded_texts {
public:
    template <class Value>
    folded_texts(const std::vector<row_to_store>& of, Value value)
    {
        texts_.reserve(of.size());
        for (const auto& each : of) {
            const ci_string* given = value(*each.document);
            texts_.push_back(given != nullptr ? std::optional(given->folded()) : std::nullopt);
        }
    }

    /// To be called for the rows in order.
    auto reader()
    {
        return [this, next = std::size_t{0}](const row_to_store&) mutable -> optional_text {
            const auto& text = texts_[next++];
            if (!text) return std::nullopt;
            return *text;
        };
    }

private:
    std::vector<std::optional<std::string>> texts_;
};

void add_folded(value_columns<std::vector<row_to_store>>& columns,
                const std::vector<row_to_store>& stored)
{
    folded_texts countries(
        stored, [](const document& of) { return of.emsp ? &of.emsp->country_code : nullptr; });
    folded_texts parties(stored,
                         [](const document& of) { return of.emsp ? &of.emsp->party_id : nullptr; });
    folded_texts contracts(
        stored, [](const document& of) { return of.contract ? &*of.contract : nullptr; });
    columns.texts(countries.reader()).texts(parties.reader()).texts(contracts.reader());
}

void add_summaries(value_columns<std::vector<row_to_store>>& columns)
{
    const auto category = [](const summary& of) { return std::string_view(of.category); };
    const auto started_at = [](const summary& of) -> std::optional<std::int64_t> {
        if (!of.started_at) return std::nullopt;
        return of.started_at->milliseconds();
    };
    const auto kwh = [](const summary& of) { return of.kwh; };
    const auto cost = [](const summary& of) { return of.cost; };
    const auto currency = [](const summary& of) { return std::string_view(of.currency); };
    const auto search_text = [](const summary& of) { return std::string_view(of.search_text); };
    columns.texts(text_of_summary(category)).numbers(of_summary(started_at));
    columns.numbers(of_summary(kwh)).numbers(of_summary(cost));
    columns.texts(text_of_summary(currency)).bytes(text_of_summary(search_text));
}

void add_given(value_columns<std::vector<row_to_store>>& columns)
{
    using row = const row_to_store&;
    const auto country = [](const party& of) -> const ci_string& { return of.country_code; };
    const auto id = [](const party& of) -> const ci_string& { return of.party_id; };
    columns.texts([](row of) -> optional_text { return of.document->key.country_code.str(); });
    columns.texts([](row of) -> optional_text { return of.document->key.party_id.str(); });
    columns.texts([](row of) -> optional_text { return of.document->key.id.str(); });
    columns.texts(of_emsp(country)).texts(of_emsp(id));
    columns.texts([](row of) -> optional_text {
        if (!of.document->contract) return std::nullopt;
        return of.document->contract->str();
    });
}

/// $2 on of `values`.
void add_values(parameters& into, const std::vector<row_to_store>& stored)
{
    using row = const row_to_store&;
    value_columns columns(into, stored);
    columns.numbers([](row of) { return of.sequence_number; });
    columns.numbers([](row of) { return of.revision_number; });
    columns.texts([](row of) -> optional_text { return of.key->module; });
    columns.texts([](row of) -> optional_text { return of.key->owner.country_code; });
    columns.texts([](row of) -> optional_text { return of.key->owner.party_id; });
    columns.texts([](row of) -> optional_text { return of.key->id; });
    columns.numbers([](row of) { return of.document->last_updated.milliseconds(); });
    add_folded(columns, stored);
    columns.texts([](row of) { return unless_empty(of.document->secondary_key); });
    columns.texts([](row of) { return unless_empty(of.document->sort_key); });
    add_summaries(columns);
    add_given(columns);
    columns.bytes([](row of) -> optional_text { return of.document->json; });
}

command lock_rows_of(const std::vector<row_key>& keys)
{
    parameters with;
    value_columns columns(with, keys);
    columns.numbers([place = std::int64_t{0}](const row_key&) mutable { return place++; });
    columns.texts([](const row_key& of) -> optional_text { return of.module; });
    columns.texts([](const row_key& of) -> optional_text { return of.owner.country_code; });
    columns.texts([](const row_key& of) -> optional_text { return of.owner.party_id; });
    columns.texts([](const row_key& of) -> optional_text { return of.id; });
    return command(lock_rows, std::move(with));
}

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

command lock_writer(const std::string& writer)
{
    parameters with;
    with.add(writer);
    return command("SELECT batch, revision FROM writer WHERE name = $1 FOR UPDATE",
                   std::move(with));
}

command begin()
{
    return command("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
}

std::optional<std::int64_t> number_in(const rows& of, int row, int column)
{
    if (of.is_null(row, column)) return std::nullopt;
    return of.integer(row, column);
}

/// From category on.
std::optional<summary> read_sums(const rows& of, int row, int first)
{
    if (of.is_null(row, first)) return std::nullopt;
    summary read;
    read.category = of.text(row, first);
    if (const auto started_at = number_in(of, row, first + 1)) {
        read.started_at = date_time::from_milliseconds(*started_at);
    }
    read.kwh = number_in(of, row, first + 2);
    read.cost = number_in(of, row, first + 3);
    read.currency = of.text(row, first + 4);
    return read;
}

locked_row read_row(const rows& of, int row, const row_key& key)
{
    locked_row read;
    read.revision = static_cast<revision>(of.integer(row, 1));
    read.counted.sequence = of.integer(row, 2);
    read.counted.module = key.module;
    read.counted.owner = key.owner;
    read.counted.last_updated = date_time::from_milliseconds(of.integer(row, 3));
    if (!of.is_null(row, 4)) {
        read.counted.emsp.country_code = of.text(row, 4);
        read.counted.emsp.party_id = of.text(row, 5);
    }
    read.counted.summary = read_sums(of, row, 6);
    return read;
}

}  // namespace

std::vector<command> begin_statements(const batch_name& name,
                                      const std::vector<const write*>& writes,
                                      const std::vector<row_key>& keys)
{
    std::vector<command> statements;
    statements.push_back(begin());
    statements.push_back(lock_writer(name.writer));
    parameters leases;
    const auto names = leases_of(writes);
    value_columns(leases, names).texts([](const std::string& of) -> optional_text { return of; });
    statements.emplace_back(lock_leases, std::move(leases));
    statements.push_back(lock_rows_of(keys));
    return statements;
}

locked_answer read_locked(const std::vector<rows>& returned, const std::vector<row_key>& keys)
{
    locked_answer read;
    read.is_registered = returned.at(place_of_writer).size() > 0;
    const auto& leases = returned.at(place_of_leases);
    for (int i = 0; i < leases.size(); ++i) {
        read.state.leases.emplace(leases.text(i, 0),
                                  static_cast<lease_epoch>(leases.integer(i, 1)));
    }
    const auto& locked = returned.at(place_of_rows);
    read.state.rows.resize(keys.size());
    for (int i = 0; i < locked.size(); ++i) {
        const auto place = static_cast<std::size_t>(locked.integer(i, 0));
        read.state.rows.at(place) = read_row(locked, i, keys.at(place));
    }
    return read;
}

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
        add_values(with, plan.updates);
        statements.emplace_back(update_rows, std::move(with));
    }
    if (!plan.inserts.empty()) {
        parameters with;
        with.add(plan.revisions);
        add_values(with, plan.inserts);
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

std::vector<command> registration_statements(const std::string& writer)
{
    parameters with;
    with.add(writer);
    std::vector<command> statements;
    statements.emplace_back("DELETE FROM writer WHERE written_at < now() - interval '1 day'");
    statements.emplace_back(
        "INSERT INTO writer (name, batch, revision, written_at) VALUES ($1, 0, 0, now()) "
        "ON CONFLICT (name) DO UPDATE SET written_at = now()",
        std::move(with));
    return statements;
}

std::vector<command> outcome_statements(const std::string& writer)
{
    parameters with;
    with.add(writer);
    std::vector<command> statements;
    statements.push_back(begin());
    statements.push_back(lock_writer(writer));
    statements.emplace_back("UPDATE writer SET written_at = now() WHERE name = $1",
                            std::move(with));
    statements.emplace_back("COMMIT");
    return statements;
}

std::optional<last_outcome> read_outcome(const std::vector<rows>& returned)
{
    const auto& row = returned.at(place_of_writer);
    if (row.size() == 0) return std::nullopt;
    last_outcome read;
    read.number = row.integer(0, 0);
    read.revision = static_cast<revision>(row.integer(0, 1));
    return read;
}

}  // namespace ocpi::crud::postgres
