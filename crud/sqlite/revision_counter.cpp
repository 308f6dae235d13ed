#include "crud/sqlite/revision_counter.hpp"

#include "crud/sqlite/database.hpp"
#include "crud/sqlite/statement.hpp"

#include <cstdint>

namespace ocpi::crud::sqlite {

void revision_counter::load()
{
    stored_ = last_ = read_last_revision(connection_);
}

void revision_counter::save()
{
    if (stored_ != last_) save_again();
}

void revision_counter::save_again()
{
    query counting(connection_, "UPDATE change_number SET last = ?");
    counting.bind(static_cast<std::int64_t>(last_));
    counting.step();
    stored_ = last_;
}

revision read_last_revision(database& connection)
{
    query reading(connection, "SELECT last FROM change_number");
    return reading.step() ? static_cast<revision>(reading.integer(0)) : 0;
}

}  // namespace ocpi::crud::sqlite
