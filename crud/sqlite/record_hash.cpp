#include "crud/sqlite/record_hash.hpp"

#include "crud/sqlite/database.hpp"
#include "crud/sqlite/statement.hpp"
#include "crud/sqlite/write_transaction.hpp"
#include "ocpi/base/sha256.hpp"

#include <map>
#include <string>
#include <string_view>

namespace ocpi::crud::sqlite {
namespace {

/// Of all that a record holds; its other columns are made of these. A value that a later schema
/// adds comes behind them.
constexpr std::string_view select_records =
    "SELECT sequence, (SELECT name FROM module WHERE number = record.module), given_country_code, "
    "given_party_id, given_id, revision, last_updated, given_emsp_country_code, "
    "given_emsp_party_id, given_contract, secondary_key, sort_key, category, started_at, kwh, "
    "cost, currency, search_text, json FROM record ORDER BY sequence";
constexpr int column_count = 19;
constexpr int module_column = 1;
constexpr std::uint64_t records_per_report = 1000;

/// `3:abc`, and `-` for NULL.
void add_value(sha256& hash, const query& row, int column)
{
    if (row.is_null(column)) return hash.add("-");
    const auto text = row.text_in_place(column);
    hash.add(std::to_string(text.size()));
    hash.add(":");
    hash.add(text);
}

}  // namespace

backup_contents read_contents(database& connection,
                              const std::function<void(std::uint64_t)>& report)
{
    backup_contents contents;
    std::map<std::string, std::uint64_t> counts;
    sha256 hash;
    {
        query reading(connection, select_records);
        while (reading.step()) {
            for (int column = 0; column < column_count; ++column) {
                add_value(hash, reading, column);
            }
            hash.add("\n");
            ++counts[reading.text(module_column)];
            if (++contents.records % records_per_report == 0) report(contents.records);
        }
    }
    contents.last_revision = read_latest_numbers(connection).revision;
    hash.add(std::to_string(contents.last_revision) + "\n");
    for (const auto& [module, count] : counts) contents.modules.push_back({module, count});
    contents.hash = hash.finish();
    return contents;
}

}  // namespace ocpi::crud::sqlite
