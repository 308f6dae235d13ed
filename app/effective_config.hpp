#pragma once

#include "app/config.hpp"
#include "app/database.hpp"
#include "application/application.hpp"
#include "crud/crud.hpp"

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ocpi::app {

/// Options shared by commands that act as this platform; they override the configuration file.
struct platform_arguments {
    std::optional<std::string> config_file;
    std::optional<std::string> listen;
    std::optional<std::string> admin_listen;
    std::optional<std::string> database;
    std::optional<std::string> database_password_file;
    bool allow_lost_writes = false;
    std::optional<std::string> public_url;
    /// A platform for trying out: party ES*ABC, operator token `your-token`.
    bool development = false;
    /// Of this program.
    std::string version;
};

/// The effective configuration. Throws std::runtime_error naming the error.
config effective_config(const platform_arguments& arguments);

database_settings database_of(const config& effective);

/// Whether an address to listen on, as in the configuration, is one of this machine alone.
bool is_loopback(std::string_view listen);

/// Warnings for the log about settings an operator may have overlooked.
std::vector<std::string> warnings_about(const config& effective);

/// The Application options for this configuration.
application_options application_options_of(const config& effective, std::shared_ptr<logger> log);

}  // namespace ocpi::app
