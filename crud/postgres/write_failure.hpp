#pragma once

#include "crud/postgres/postgres_error.hpp"

namespace ocpi::crud::postgres {

/// What is to be done about a trip of a write transaction that has failed.
enum class write_failure {
    again,         ///< rolled back, and may succeed when it is run again
    bad_value,     ///< rolled back, because of something that one of the writes says
    failed,        ///< rolled back, whatever the writes say
    disconnected,  ///< the connection is lost: if COMMIT was sent, it is not known what came of it
};

/// `is_open`: of the connection, after the failure.
write_failure classify_failure(const postgres_error& failure, bool is_open) noexcept;

}  // namespace ocpi::crud::postgres
