#pragma once

#include "crud/postgres/connection.hpp"
#include "crud/postgres/rows.hpp"
#include "crud/postgres/write_batch.hpp"

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

/// The statements of a transaction that writes, and what they return. A write transaction is two
/// trips: begin_statements() locks and reads what the writes are judged by, commit_statements()
/// stores what was decided.
///
/// Locks are taken in one order by every process: the writer's own row, leases by name, records by
/// key, and the row of latest_number last. Under that last lock revisions are allotted, and it is
/// held until the commit has made them visible: so revisions become visible in their order, and a
/// reader of changes that has come to a revision will never see a smaller one appear. All that is
/// done under it has been sent before it is taken.
namespace ocpi::crud::postgres {

/// Which transaction of which writer it is: table writer, outcome_statements().
struct batch_name {
    std::string writer;
    std::int64_t number = 0;
};

std::vector<command> begin_statements(const batch_name& name,
                                      const std::vector<const write*>& writes,
                                      const std::vector<row_key>& keys);

/// Reads what begin_statements() has returned. False in `is_registered` if the writer has no row.
struct locked_answer {
    bool is_registered = false;
    locked_state state;
};
locked_answer read_locked(const std::vector<rows>& returned, const std::vector<row_key>& keys);

std::vector<command> commit_statements(const batch_name& name, const write_plan& plan);

/// The latest revision before the transaction, to which the numbers of its decisions are added.
revision read_base_revision(const std::vector<rows>& returned, const write_plan& plan);

/// For how long the transaction waited, for others to commit, until it could allot its revisions.
std::chrono::microseconds read_lock_wait(const std::vector<rows>& returned);

/// Gives the writer a row, unless it has one, and removes those of writers that are long gone.
std::vector<command> registration_statements(const std::string& writer);

/// Finds out whether the last transaction of the writer was committed, on another connection than
/// the lost one. That transaction may still be running: its COMMIT may be on its way to the server,
/// or wait there for a standby. But it has locked the writer's row since its first statement, and
/// no other process writes that row: so this waits for its end, and then the number in the row
/// tells, whatever others have written since. The row is written again, so that this transaction's
/// own commit is answered only when a standby has all that was before it.
std::vector<command> outcome_statements(const std::string& writer);

struct last_outcome {
    /// The last transaction that was committed.
    std::int64_t number = 0;
    /// As of read_base_revision(), after that transaction.
    crud::revision revision = 0;
};
/// std::nullopt: the writer has no row.
std::optional<last_outcome> read_outcome(const std::vector<rows>& returned);

}  // namespace ocpi::crud::postgres
