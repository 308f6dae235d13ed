#include "crud/postgres/snapshot.hpp"

namespace ocpi::crud::postgres {

command begin_snapshot()
{
    return command("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
}

command end_snapshot()
{
    return command("COMMIT");
}

command read_latest_revision()
{
    return command("SELECT revision FROM latest_number WHERE name = 'record'");
}

}  // namespace ocpi::crud::postgres
