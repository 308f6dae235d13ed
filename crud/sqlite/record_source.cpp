#include "crud/sqlite/record_source.hpp"

#include "crud/sqlite/record_row.hpp"
#include "crud/sqlite/statement.hpp"
#include "crud/sqlite/write_transaction.hpp"

#include <utility>

namespace ocpi::crud::sqlite {
namespace {

constexpr int place_of_sequence = 17;
constexpr int place_of_module = 18;

const std::string& select_batch()
{
    static const std::string text =
        "SELECT " + record_columns +
        ", sequence, (SELECT name FROM module WHERE number = record.module) FROM record "
        "WHERE sequence > ? ORDER BY sequence LIMIT ?";
    return text;
}

}  // namespace

store_numbers sqlite_record_source::latest()
{
    const auto read = read_latest_numbers(connection_);
    return {read.revision, static_cast<std::uint64_t>(read.sequence)};
}

std::uint64_t sqlite_record_source::count()
{
    query counting(connection_, "SELECT count(*) FROM record");
    counting.step();
    return static_cast<std::uint64_t>(counting.integer(0));
}

std::vector<stored_record> sqlite_record_source::read()
{
    std::vector<stored_record> batch;
    std::uint64_t bytes = 0;
    query reading(connection_, select_batch());
    reading.bind(static_cast<std::int64_t>(reached_));
    reading.bind(static_cast<std::int64_t>(copy_batch_records));
    while (bytes < copy_batch_bytes && reading.step()) {
        stored_record next;
        next.record = read_record(reading);
        next.sequence = static_cast<std::uint64_t>(reading.integer(place_of_sequence));
        next.module = reading.text(place_of_module);
        bytes += next.record.document.json.size();
        reached_ = next.sequence;
        batch.push_back(std::move(next));
    }
    return batch;
}

}  // namespace ocpi::crud::sqlite
