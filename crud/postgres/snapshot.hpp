#pragma once

#include "crud/postgres/connection.hpp"

#include <vector>

/// What surrounds the statements of a read that shall be of one moment. A read whose second trip
/// depends on its first has the connection to itself meanwhile.
namespace ocpi::crud::postgres {

command begin_snapshot();
command end_snapshot();
/// The revision of the latest change.
command read_latest_revision();

}  // namespace ocpi::crud::postgres
