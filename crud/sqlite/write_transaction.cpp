#include "crud/sqlite/write_transaction.hpp"

#include "crud/sqlite/statement.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <utility>

namespace ocpi::crud::sqlite {

write_transaction::write_transaction(database& connection)
    : connection_(connection),
      changes_(connection, transaction::kind::write),
      stored_(read_latest_numbers(connection)),
      latest_(stored_)
{
}

void write_transaction::commit()
{
    if (is_touched_ || latest_ != stored_) {
        query counting(connection_, "UPDATE latest_number SET revision = ?, sequence = ?");
        counting.bind(static_cast<std::int64_t>(latest_.revision)).bind(latest_.sequence).step();
    }
    save(counters_, connection_);
    changes_.commit();
}

void write_transaction::note_written(std::string_view module, document stored, revision at)
{
    // As it is read: a record without a secondary key is in no search.
    if (stored.secondary_key.empty()) stored.summary.reset();
    auto key = stored.key;
    auto now = std::make_shared<record>();
    now->document = std::move(stored);
    now->revision = at;
    changed_.emplace_back(std::string(module), std::move(key), std::move(now));
}

void write_transaction::note_removed(std::string_view module, const object_key& key)
{
    changed_.emplace_back(std::string(module), key, nullptr);
}

latest_numbers read_latest_numbers(database& connection)
{
    query reading(connection, "SELECT revision, sequence FROM latest_number");
    latest_numbers numbers;
    if (!reading.step()) return numbers;
    numbers.revision = static_cast<revision>(reading.integer(0));
    numbers.sequence = reading.integer(1);
    return numbers;
}

}  // namespace ocpi::crud::sqlite
