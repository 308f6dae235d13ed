#pragma once

#include "app/identity.hpp"

#include <optional>
#include <string>
#include <vector>

/// The subcommands of ocpi-sessions. Each returns the exit status of the process and throws
/// std::runtime_error with a text for the person at the terminal.
namespace ocpi::app {

struct serve_arguments {
    std::optional<std::string> config_file;
    std::optional<std::string> listen;
    std::optional<std::string> database;
    std::optional<std::string> public_url;
    bool development = false;
};

int serve(const serve_arguments& arguments);

struct token_add_arguments {
    std::string database;
    identity_description identity;
    /// Nothing: a new random one.
    std::optional<std::string> token;
};

int token_add(const token_add_arguments& arguments);
int token_list(const std::string& database);
int token_revoke(const std::string& database, const std::string& name);

/// Exit status 0 when every file holds sound Sessions, 1 when there are problems, 2 when a file
/// cannot be read.
int check(const std::vector<std::string>& files);

}  // namespace ocpi::app
