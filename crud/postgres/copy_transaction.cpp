#include "crud/postgres/copy_transaction.hpp"

#include "crud/postgres/migrations.hpp"

#include <exception>
#include <utility>
#include <vector>

namespace ocpi::crud::postgres {

copy_transaction::copy_transaction(blocking_connection& on) : on_(on)
{
    on_.wait(make_schema_version(on_.get()));
    is_open_ = true;
    try {
        read_state();
    } catch (...) {
        roll_back();
        throw;
    }
}

copy_transaction::~copy_transaction()
{
    roll_back();
}

void copy_transaction::commit()
{
    on_.run(command("COMMIT"));
    is_open_ = false;
}

void copy_transaction::roll_back() noexcept
{
    if (!std::exchange(is_open_, false)) return;
    try {
        on_.run(command("ROLLBACK"));
    } catch (const std::exception&) {
        // The connection is lost, and the transaction with it.
    }
}

void copy_transaction::read_state()
{
    std::vector<command> locking;
    locking.emplace_back("BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE");
    locking.emplace_back("SELECT version FROM schema_version WHERE name = 'record' FOR UPDATE");
    const auto locked = on_.run(std::move(locking));
    if (locked.at(1).size() > 0) state_.schema = locked.at(1).integer(0, 0);
    if (state_.schema != unfinished_copy_schema) return;
    const auto read =
        on_.run(command("SELECT source, revision, sequence, reached, run FROM migration"));
    if (read.size() == 0) return;
    begun_copy found;
    found.origin.source = std::string(read.text(0, 0));
    found.origin.latest.revision = static_cast<revision>(read.integer(0, 1));
    found.origin.latest.sequence = static_cast<std::uint64_t>(read.integer(0, 2));
    found.reached = static_cast<std::uint64_t>(read.integer(0, 3));
    found.run = std::string(read.text(0, 4));
    state_.copy = std::move(found);
}

}  // namespace ocpi::crud::postgres
