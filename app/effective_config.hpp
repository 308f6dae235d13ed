#pragma once

#include "app/config.hpp"
#include "application/application.hpp"
#include "crud/crud.hpp"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ocpi::app {

/// The options that commands which act as this platform have in common; they override the
/// configuration file.
struct platform_arguments {
    std::optional<std::string> config_file;
    std::optional<std::string> listen;
    std::optional<std::string> database;
    std::optional<std::string> public_url;
    /// A platform to try things with: party ES*ABC, operator token `your-token`.
    bool development = false;
};

/// The configuration that counts. Throws std::runtime_error saying what is wrong with it.
config effective_config(const platform_arguments& arguments);

/// What an operator who starts a server by this configuration may have overlooked, for the log.
std::vector<std::string> warnings_about(const config& effective);

/// The options of an Application that acts by this configuration.
application_options application_options_of(const config& effective, std::shared_ptr<logger> log);

}  // namespace ocpi::app
