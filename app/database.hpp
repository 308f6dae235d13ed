#pragma once

#include "crud/crud.hpp"
#include "ocpi/base/logger.hpp"

#include <memory>
#include <string>

namespace ocpi::app {

/// Opens the store that a URL names: `sqlite:PATH` or `memory:`. Throws std::runtime_error when
/// there is no such kind of store, or when it cannot be opened.
std::shared_ptr<Crud> open_database(const std::string& url, std::shared_ptr<logger> log);

/// Throws std::runtime_error when the URL names a database file that does not exist.
void require_existing(const std::string& url);

/// True when what is written to that database outlives the process.
bool is_durable(const std::string& url);

}  // namespace ocpi::app
