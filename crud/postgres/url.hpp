#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ocpi::crud::postgres {

/// True of postgresql://… and postgres://…: the database is on a server and no file.
bool is_postgres_url(std::string_view url) noexcept;

/// What the URL says, without the passwords in it: safe to show. A URL that cannot be read becomes
/// "postgresql://…", since any part of it may be meant as a password.
std::string without_password(const std::string& url);

/// Where the database is, for messages: "db1:5432, db2:5432, database ocpi". A URL that cannot be
/// read gives "PostgreSQL".
std::string describe_url(const std::string& url);

/// One of the servers that a URL names. Empty: libpq's default.
struct server_address {
    std::string host;  // a name, an address, or the directory of a Unix socket
    std::string host_address;
    std::string port;

    /// "db1:5432"
    std::string text() const;
};

struct parsed_url {
    /// In the order in which they are tried; at least one.
    std::vector<server_address> servers;
    /// libpq's keywords and values, the servers and the URL's password aside.
    std::vector<std::pair<std::string, std::string>> settings;
    std::string password;
    /// The name of the database; empty: as the user is called.
    std::string database;

    /// The setting's value; empty if the URL does not have it.
    std::string_view find(std::string_view keyword) const;
};

/// Throws postgres_error with a text that says what is wrong and nothing of a password.
parsed_url parse_url(const std::string& url);

}  // namespace ocpi::crud::postgres
