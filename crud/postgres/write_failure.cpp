#include "crud/postgres/write_failure.hpp"

#include <string_view>

namespace ocpi::crud::postgres {

write_failure classify_failure(const postgres_error& failure, bool is_open) noexcept
{
    const std::string_view state = failure.sqlstate();
    // 57P: the server ends the connection; 08: it is said to be lost. What a server says before it
    // hangs up may have come after the answer to COMMIT.
    if (failure.is_connection_lost() || !is_open || state.starts_with("57P") ||
        state.starts_with("08")) {
        return write_failure::disconnected;
    }
    // The server has become a standby: another one is the primary now.
    if (state == "25006") return write_failure::disconnected;
    if (failure.is_serialization_failure() || failure.is_unique_violation()) {
        return write_failure::again;
    }
    // Values that cannot be stored, constraints that they break, limits that they exceed.
    if (state.starts_with("22") || state.starts_with("23") || state.starts_with("54")) {
        return write_failure::bad_value;
    }
    return write_failure::failed;
}

}  // namespace ocpi::crud::postgres
