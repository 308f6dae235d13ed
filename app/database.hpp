#pragma once

#include "crud/crud.hpp"
#include "ocpi/base/logger.hpp"

#include <memory>
#include <string>

namespace ocpi::app {

/// Which database is used, and how.
struct database_settings {
    /// `sqlite:PATH`, `postgresql://…` or `memory:`.
    std::string url = "sqlite:ocpi-sessions.db";
    /// A file whose first line is the password for PostgreSQL; empty: it is in the URL, or where
    /// libpq looks for it.
    std::string password_file;
    /// Accepts a PostgreSQL server that may lose writes it has confirmed.
    bool allow_lost_writes = false;
};

/// Opens the store. Throws std::runtime_error when the kind of the URL is unknown or the store
/// cannot be opened.
std::shared_ptr<Crud> open_database(const database_settings& settings, std::shared_ptr<logger> log);

/// Throws std::runtime_error when the kind of the URL is unknown, or a URL of PostgreSQL cannot be
/// read. Opens nothing.
void require_known_kind(const std::string& url);

/// The first line of a file with a password for PostgreSQL. Throws std::runtime_error.
std::string read_database_password(const std::string& file);

/// Throws std::runtime_error when the URL names a database file that does not exist.
void require_existing(const std::string& url);

/// The path of a URL `sqlite:PATH`. Throws std::runtime_error for every other kind.
std::string sqlite_path(const std::string& url);

/// True if data in that database outlives the process.
bool is_durable(const std::string& url);

/// The URL without a password, for log and terminal; of one of unknown kind the first word.
std::string shown_url(const std::string& url);

}  // namespace ocpi::app
