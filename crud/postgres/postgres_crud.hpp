#pragma once

#include "crud/crud.hpp"
#include "crud/postgres/connection.hpp"
#include "ocpi/base/logger.hpp"

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

namespace ocpi::crud {

struct postgres_options {
    postgres::connection_options connection;
    /// Connections for reads, beside the one that writes.
    std::size_t readers = 3;
    /// How many reads, and how many writes, may wait; one more fails with errc::overloaded.
    std::size_t queue_capacity = 4096;
    /// Hears when the store begins to fail and when it works again; may be null.
    std::shared_ptr<ocpi::logger> logger;
};

}  // namespace ocpi::crud
