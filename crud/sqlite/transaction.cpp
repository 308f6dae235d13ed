#include "crud/sqlite/transaction.hpp"

#include "crud/sqlite/database.hpp"
#include "crud/sqlite/sqlite_error.hpp"
#include "crud/sqlite/statement.hpp"

namespace ocpi::crud::sqlite {

transaction::transaction(database& connection, kind wanted) : connection_(connection)
{
    // Left over only if an earlier rollback failed.
    if (connection.in_transaction()) query(connection, "ROLLBACK").step();
    query(connection, wanted == kind::write ? "BEGIN IMMEDIATE" : "BEGIN").step();
}

transaction::~transaction()
{
    if (is_committed_) return;
    connection_.numbers().forget();
    // After an error SQLite may have rolled back on its own.
    if (!connection_.in_transaction()) return;
    try {
        query(connection_, "ROLLBACK").step();
    } catch (const sqlite_error&) {
        // The next transaction tries again.
    }
}

void transaction::commit()
{
    query(connection_, "COMMIT").step();
    is_committed_ = true;
}

}  // namespace ocpi::crud::sqlite
