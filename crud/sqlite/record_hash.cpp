#include "crud/sqlite/record_hash.hpp"

#include "crud/sqlite/database.hpp"
#include "crud/sqlite/revision_counter.hpp"
#include "crud/sqlite/statement.hpp"
#include "ocpi/base/sha256.hpp"

#include <map>
#include <string>

namespace ocpi::crud::sqlite {
namespace {

/// All of a record, in the order of the first schema: a column of a later one is added behind.
constexpr const char* columns[] = {"sequence",
                                   "module",
                                   "country_code",
                                   "party_id",
                                   "id",
                                   "revision",
                                   "last_updated",
                                   "emsp_country_code",
                                   "emsp_party_id",
                                   "contract",
                                   "secondary_key",
                                   "sort_key",
                                   "category",
                                   "started_at",
                                   "kwh",
                                   "cost",
                                   "currency",
                                   "search_text",
                                   "given_country_code",
                                   "given_party_id",
                                   "given_id",
                                   "given_emsp_country_code",
                                   "given_emsp_party_id",
                                   "given_contract",
                                   "json"};
constexpr int column_count = sizeof columns / sizeof *columns;
constexpr int module_column = 1;
constexpr std::uint64_t records_per_report = 1000;

std::string write_select()
{
    std::string sql;
    for (const char* each : columns) sql.append(sql.empty() ? "SELECT " : ", ").append(each);
    return sql + " FROM record ORDER BY sequence";
}

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
        query reading(connection, write_select());
        while (reading.step()) {
            for (int column = 0; column < column_count; ++column) {
                add_value(hash, reading, column);
            }
            hash.add("\n");
            ++counts[reading.text(module_column)];
            if (++contents.records % records_per_report == 0) report(contents.records);
        }
    }
    contents.last_revision = read_last_revision(connection);
    hash.add(std::to_string(contents.last_revision) + "\n");
    for (const auto& [module, count] : counts) contents.modules.push_back({module, count});
    contents.hash = hash.finish();
    return contents;
}

}  // namespace ocpi::crud::sqlite
