// The statements that lock rows of a writer, leases and records and read what they hold.

#include "crud/postgres/value_columns.hpp"
#include "crud/postgres/write_statements.hpp"

#include <optional>
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
