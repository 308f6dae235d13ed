#pragma once

#include "app/database.hpp"
#include "app/effective_config.hpp"
#include "app/identity.hpp"

#include <optional>
#include <string>
#include <vector>

/// The subcommands of ocpi-sessions. Each returns the exit status of the process and throws
/// std::runtime_error with a text for the person at the terminal.
namespace ocpi::app {

int serve(const platform_arguments& arguments);

struct token_add_arguments {
    database_settings database;
    identity_description identity;
    /// std::nullopt: a new random one.
    std::optional<std::string> token;
};

int token_add(const token_add_arguments& arguments);
/// An operator's arguments for registering with a partner.
struct partner_register_arguments {
    std::string name;
    std::string versions_url;
    std::string token_a;
    std::vector<std::string> roles;
    std::string profile = "strict";
    bool is_trusted = false;
};

int partner_register(const platform_arguments& platform,
                     const partner_register_arguments& arguments);
int partner_list(const platform_arguments& platform);
/// `partner` is the name of a registered partner or one of its parties, like `BE*BEC`.
int partner_rotate(const platform_arguments& platform, const std::string& partner);
/// `closing_put` is `on` or `off`.
int partner_set(const platform_arguments& platform, const std::string& partner,
                const std::string& closing_put);
int partner_remove(const platform_arguments& platform, const std::string& partner,
                   bool even_unconfirmed);

/// Range of sessions to pull; empty: from the end of the last complete run, without an end.
struct sync_arguments {
    std::string partner;
    std::string date_from;
    std::string date_to;
};

int sync(const platform_arguments& platform, const sync_arguments& arguments);

int token_list(const database_settings& database);
int token_revoke(const database_settings& database, const std::string& name);

/// The document to price and its tariffs.
struct cost_arguments {
    std::string session_file;
    /// Each with one tariff or a list of them; none: those of a CDR.
    std::vector<std::string> tariff_files;
    /// IANA name of the location's time zone; empty: UTC.
    std::string time_zone;
    bool as_json = false;
    /// Decimals of amounts in the table.
    unsigned places = 2;
};

/// Prints the cost of a Session or a CDR.
int cost(const cost_arguments& arguments);

/// Exit status 0 when every file holds valid Sessions, 1 when there are problems, 2 when a file
/// cannot be read.
int check(const std::vector<std::string>& files);

/// Prints the effective values of a configuration as TOML, secrets masked: exit status 0. With
/// faults, names each on stderr: exit status 2.
int check_config(const std::string& path);

/// Copies a live SQLite database to a new file, or a backup to a new database, and prints what the
/// copy holds. Exit status 1 when the file that is read is damaged or the copy differs from it.
int back_up(const std::string& database, const std::string& file);
int restore(const std::string& database, const std::string& file);

/// URLs of databases.
struct migrate_arguments {
    std::string from;
    std::string to;
    /// As in database_settings.
    std::string password_file;
    bool allow_lost_writes = false;
};

/// Copies a whole database to a new one of another kind, or resumes that, and prints what the copy
/// holds. Exit status 1 when the copy differs from the source, or the source is damaged or has
/// changed meanwhile.
int migrate(const migrate_arguments& arguments);

struct purge_arguments {
    database_settings database;
    /// A date or an OCPI DateTime, UTC.
    std::string completed_before;
    /// False: a dry run.
    bool removes = false;
};

/// Removes settled sessions that every partner has, or prints how many there are.
int purge(const purge_arguments& arguments);

struct lease_arguments {
    database_settings database;
    bool as_json = false;
};

/// Prints which process does what, where several share a database.
int list_leases(const lease_arguments& arguments);

}  // namespace ocpi::app
