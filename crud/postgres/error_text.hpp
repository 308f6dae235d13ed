#pragma once

#include "crud/postgres/postgres_error.hpp"

#include <string>
#include <string_view>

struct pg_result;

namespace ocpi::crud::postgres {

/// What the operator can do about a failure; empty for those that only tell of a statement.
std::string_view advice_for(std::string_view sqlstate) noexcept;

/// Of a statement that failed at the server `where`.
postgres_error failed_statement(const std::string& where, const pg_result* result);

/// True if the server ends the connection with this failure (FATAL, PANIC): it is then not known
/// what became of the statements under way.
bool ends_connection(const pg_result* result) noexcept;

/// Of an attempt to connect. `text` is what libpq says at its verbose level, which names the
/// SQLSTATE that a server has answered; a server that was not reached gives none.
postgres_error failed_connect(const std::string& where, std::string_view text);

}  // namespace ocpi::crud::postgres
