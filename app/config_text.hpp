#pragma once

#include "app/config.hpp"

#include <string>
#include <vector>

namespace ocpi::app {

enum class secrets { masked, shown };

/// One value of a configuration.
struct config_value {
    /// Such as `limits`, empty for the top. Of an array of tables, its name and place: `token[1]`.
    std::string table;
    std::string key;
    /// In TOML.
    std::string text;

    /// Such as `limits.body_bytes`; in an array of tables such as `token[1].name`.
    std::string name() const { return table.empty() ? key : table + '.' + key; }

    friend bool operator==(const config_value&, const config_value&) = default;
};

/// All values of a configuration, defaults included; those that are unset and have no default are
/// left out. Masked secrets read `***`.
std::vector<config_value> describe_config(const config& described, secrets tokens);

/// The configuration as TOML, with masked secrets. Read back by parse_config() it is the same,
/// secrets aside.
std::string write_config(const config& written);

/// What differs between two configurations, by name; of an array of tables its name alone. In the
/// order of the later one, each once.
std::vector<std::string> find_differences(const config& before, const config& after);

}  // namespace ocpi::app
