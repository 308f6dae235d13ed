#pragma once

#include "crud/crud.hpp"
#include "crud/sqlite/database.hpp"
#include "crud/sqlite/read_cache.hpp"
#include "crud/sqlite/stored_counters.hpp"
#include "crud/sqlite/transaction.hpp"

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::crud::sqlite {

/// The numbers that were given last, whatever became of their records.
struct latest_numbers {
    crud::revision revision = 0;
    std::int64_t sequence = 0;

    friend bool operator==(const latest_numbers&, const latest_numbers&) = default;
};

/// What the connection sees.
latest_numbers read_latest_numbers(database& connection);

/// A transaction that changes records. It numbers the changes, and collects by how much they change
/// the totals; both are stored once, at the commit. What is not committed is rolled back.
class write_transaction {
public:
    /// Takes the write lock. Throws sqlite_error, as commit() does.
    explicit write_transaction(database& connection);

    database& connection() const noexcept { return connection_; }

    /// What the next change gets, and that it has been made. A sequence is the place of a new
    /// record in the order of creation.
    revision next_revision() const noexcept { return latest_.revision + 1; }
    revision count_revision() noexcept { return ++latest_.revision; }
    std::int64_t next_sequence() const noexcept { return latest_.sequence + 1; }
    void count_sequence() noexcept { ++latest_.sequence; }

    numbered_counter_changes& counters() noexcept { return counters_; }

    /// What the table has of that key now.
    void note_written(std::string_view module, document stored, revision at);
    void note_removed(std::string_view module, const object_key& key);
    std::vector<record_change> take_changes() noexcept { return std::move(changed_); }

    /// Writes the latest numbers at the commit although they are unchanged: the smallest write that
    /// shows whether one is possible.
    void touch() noexcept { is_touched_ = true; }

    void commit();

private:
    database& connection_;
    transaction changes_;
    /// Read under the write lock, because another process may have written.
    const latest_numbers stored_;
    latest_numbers latest_;
    bool is_touched_ = false;
    numbered_counter_changes counters_;
    std::vector<record_change> changed_;
};

}  // namespace ocpi::crud::sqlite
