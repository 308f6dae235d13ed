#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace ocpi::app::manual {

/// An option or a positional argument, as --help shows it.
struct option_description {
    /// `--config`, `-h`; of a positional argument its name alone.
    std::vector<std::string> names;
    bool is_positional = false;
    bool is_required = false;
    /// Several values may follow, or the option may be repeated.
    bool is_repeatable = false;
    /// What stands for its value, such as `TEXT`; empty: it takes none.
    std::string placeholder;
    /// The only values it takes; empty: any.
    std::vector<std::string> choices;
    std::string text;
    /// Its value when it is not given, as far as --help shows one.
    std::string default_value;
};

/// A command and those below it.
struct command_description {
    /// From the program on: `ocpi-sessions`, `token`, `add`.
    std::vector<std::string> path;
    std::string text;
    std::string footer;
    std::vector<option_description> options;
    std::vector<command_description> commands;
};

/// All of the command line that is not hidden (of an empty group).
command_description describe(const CLI::App& app);

}  // namespace ocpi::app::manual
