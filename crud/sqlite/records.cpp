#include "crud/sqlite/records.hpp"

#include "crud/errors.hpp"
#include "crud/sqlite/database.hpp"
#include "crud/sqlite/numbered_key.hpp"
#include "crud/sqlite/record_row.hpp"
#include "crud/sqlite/statement.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace ocpi::crud::sqlite {
namespace {

/// Every statement that finds a record by key ends so; bind_key fills it in.
const std::string key_matches = " WHERE module = ? AND owner = ? AND id = ?";

const std::string select_record = "SELECT " + record_columns + " FROM record" + key_matches;

const std::string select_by_sequence =
    "SELECT " + record_columns + " FROM record WHERE sequence = ?";

/// The same without the JSON.
std::string select_head_by_sequence()
{
    constexpr std::string_view json_column = " json,";
    auto columns = record_columns;
    columns.replace(columns.find(json_column), json_column.size(), " '',");
    return "SELECT " + columns + " FROM record WHERE sequence = ?";
}

/// ` AND emsp IN (?, …)`. A condition rather than a look at the row: a row has all its columns
/// read, its document included, however long that is.
std::string concerns_one_of(std::size_t count)
{
    std::string sql = " AND emsp IN (";
    for (std::size_t i = 0; i < count; ++i) sql += i == 0 ? "?" : ", ?";
    return sql + ")";
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
    const numbered_key numbers(connection.numbers(), module, key);
    query found(connection, select_record);
    numbers.bind_to(found);
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

std::optional<record> find_record_head(database& connection, std::int64_t sequence)
{
    static const auto select_head = select_head_by_sequence();
    query reading(connection, select_head);
    reading.bind(sequence);
    if (!reading.step()) return std::nullopt;
    return read_record(reading);
}

result<record> find_visible_record(database& connection, std::string_view module,
                                   const object_key& key, const std::vector<party>& emsps)
{
    if (emsps.empty()) return no_such_record();
    const numbered_key numbers(connection.numbers(), module, key);
    const auto concerned = connection.numbers().find_parties(emsps);
    query found(connection, select_record + concerns_one_of(emsps.size()));
    numbers.bind_to(found);
    for (const auto each : concerned) found.bind(each);
    if (!found.step()) return no_such_record();
    return read_record(found);
}

}  // namespace ocpi::crud::sqlite
