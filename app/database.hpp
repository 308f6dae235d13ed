#pragma once

#include "crud/crud.hpp"
#include "ocpi/base/logger.hpp"

#include <memory>
#include <string>

namespace ocpi::app {

/// Opens the store of a URL: `sqlite:PATH` or `memory:`. Throws std::runtime_error when the kind is
/// unknown or the store cannot be opened.
std::shared_ptr<Crud> open_database(const std::string& url, std::shared_ptr<logger> log);

/// Throws std::runtime_error when the URL names a database file that does not exist.
void require_existing(const std::string& url);

/// The path of a URL `sqlite:PATH`. Throws std::runtime_error for every other kind.
std::string sqlite_path(const std::string& url);

/// True if data in that database outlives the process.
bool is_durable(const std::string& url);

}  // namespace ocpi::app
